/**
 * Whether seats have room, by the server's rule (shared/domain/src/layout/apart.rs). Sections are compared in pairs, and pairs
 * that did not change are not compared again.
 */
import { type Box, boxOfSection, meets } from '../box.ts'
import { labelAt, seatName } from '../names.ts'
import { seatsOf } from '../placed.ts'
import { APART_M, type HousePlan, type SeatsSection } from '../plan.ts'
import { type Mistake, mistake } from './mistake.ts'

/** Two seats in the same place, the first such pair of each section and of each two sections. */
export function apartMistakes(plan: HousePlan): Mistake[] {
  const sections = plan.sections.filter(section => section.kind === 'seats')
  const boxes = sections.map(boxOfSection)
  const found: Mistake[] = []
  sections.forEach((section, index) => {
    add(found, within(section))
    const box = boxes[index]
    for (let before = 0; before < index; before += 1) {
      const [other, otherBox] = [sections[before], boxes[before]]
      if (other && box && otherBox && meets(box, otherBox)) add(found, between(other, section))
    }
  })
  return found
}

interface Spot {
  x: number
  y: number
  row: number
  place: number
}

type Cells = Map<number, Spot[]>

const withinCache = new WeakMap<SeatsSection, Mistake | null>()
const cellsCache = new WeakMap<SeatsSection, Cells>()
const betweenCache = new WeakMap<SeatsSection, WeakMap<SeatsSection, Mistake | null>>()

function within(section: SeatsSection): Mistake | null {
  const known = withinCache.get(section)
  if (known !== undefined) return known
  const cells: Cells = new Map()
  let found: Mistake | null = null
  for (const spot of spotsOf(section)) {
    const other = found === null ? near(cells, spot) : undefined
    if (other !== undefined) found = same(section, other, section, spot)
    enter(cells, spot)
  }
  cellsCache.set(section, cells)
  withinCache.set(section, found)
  return found
}

function between(one: SeatsSection, other: SeatsSection): Mistake | null {
  const pairs = betweenCache.get(one) ?? new WeakMap<SeatsSection, Mistake | null>()
  betweenCache.set(one, pairs)
  const known = pairs.get(other)
  if (known !== undefined) return known
  const found = firstBetween(one, other)
  pairs.set(other, found)
  return found
}

function firstBetween(one: SeatsSection, other: SeatsSection): Mistake | null {
  const cells = cellsCache.get(one) ?? new Map()
  const box = boxOfSection(one)
  for (const spot of spotsOf(other)) {
    const neighbour = isInside(box, spot) ? near(cells, spot) : undefined
    if (neighbour !== undefined) return same(one, neighbour, other, spot)
  }
  return null
}

function same(one: SeatsSection, spot: Spot, other: SeatsSection, otherSpot: Spot): Mistake {
  const seat = nameOf(other, otherSpot)
  return mistake('sameSpot', { section: other.section, seat }, { other: nameOf(one, spot) })
}

function* spotsOf(section: SeatsSection): Generator<Spot> {
  const rows = seatsOf(section)
  for (let row = 0; row < rows.length; row += 1) {
    const seats = rows[row] ?? []
    for (let place = 0; place < seats.length; place += 1) {
      const seat = seats[place]
      if (seat !== undefined) yield { x: seat.x, y: seat.y, row, place }
    }
  }
}

function near(cells: Cells, { x, y }: Spot): Spot | undefined {
  for (let across = -1; across <= 1; across += 1) {
    for (let down = -1; down <= 1; down += 1) {
      const others = cells.get(cellAt(x + across * APART_M, y + down * APART_M))
      const found = others?.find(other => Math.hypot(other.x - x, other.y - y) < APART_M)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function enter(cells: Cells, spot: Spot): void {
  const cell = cellAt(spot.x, spot.y)
  const others = cells.get(cell)
  if (others === undefined) cells.set(cell, [spot])
  else others.push(spot)
}

/** The number of the square around a point. A house is a few kilometres wide at most. */
function cellAt(x: number, y: number): number {
  return (Math.floor(x / APART_M) + 2 ** 20) * 2 ** 21 + Math.floor(y / APART_M) + 2 ** 20
}

function isInside({ left, top, right, bottom }: Box, { x, y }: Spot): boolean {
  return x >= left && x <= right && y >= top && y <= bottom
}

function nameOf(section: SeatsSection, { row, place }: Spot): string {
  const at = section.rows[row]
  return at === undefined ? '' : seatName(section.section, at.row, labelAt(at, place))
}

function add(found: Mistake[], one: Mistake | null): void {
  if (one !== null) found.push(one)
}
