/**
 * Sections as the canvas needs them: seats as coordinates in metres. Each is computed once and kept with its section, which
 * never changes: an edit makes a new one, so that all others are drawn as before.
 */
import { labelAt, parseSeatName, placeOfLabel, seatName } from '../model/names.ts'
import { seatsOf, sectionOutline } from '../model/placed.ts'
import {
  type HousePlan,
  PITCH_M,
  type Place,
  placeCount,
  type Row,
  type SeatsSection,
  type Section,
} from '../model/plan.ts'
import { around, type Box, isInside, isWithin, NOWHERE, type Point } from './camera.ts'

export interface DrawnRow {
  row: Row
  name: string
  grade: string
  /** Index of its first seat in the section. */
  first: number
  seats: number
  bounds: Box
  pitch: number
}

export interface DrawnSection {
  plan: Section
  xs: Float32Array
  ys: Float32Array
  /** Degrees. */
  turns: Float32Array
  rows: readonly DrawnRow[]
  /** Alternating x and y. */
  outline: Float32Array
  bounds: Box
  middle: Point
  /** Places, standing ones included. */
  places: number
}

/** What is special about seats, by section and by the index of the seat in it. */
export type Specials = ReadonlyMap<string, ReadonlyMap<number, Place>>

const drawn = new WeakMap<Section, DrawnSection>()
const specials = new WeakMap<HousePlan['places'], { sections: HousePlan['sections']; found: Specials }>()

export function drawnSection(plan: Section): DrawnSection {
  const known = drawn.get(plan)
  if (known !== undefined) return known
  const made = makeDrawn(plan)
  drawn.set(plan, made)
  return made
}

function makeDrawn(plan: Section): DrawnSection {
  const seats = plan.kind === 'seats' ? placeCount(plan) : 0
  const [xs, ys, turns] = [new Float32Array(seats), new Float32Array(seats), new Float32Array(seats)]
  const rows = plan.kind === 'seats' ? drawRows(plan, xs, ys, turns) : []
  const outline = Float32Array.from(sectionOutline(plan).flatMap(({ x, y }) => [x, y]))
  const bounds = boundsOf(outline)
  return {
    plan,
    xs,
    ys,
    turns,
    rows,
    outline,
    bounds,
    middle: middleOf(outline, bounds, xs, ys),
    places: placeCount(plan),
  }
}

function drawRows(plan: SeatsSection, xs: Float32Array, ys: Float32Array, turns: Float32Array): DrawnRow[] {
  const positions = seatsOf(plan)
  let first = 0
  return plan.rows.map((row, index) => {
    const bounds = { ...NOWHERE }
    positions[index]?.forEach(({ x, y, turnDeg }, seat) => {
      xs[first + seat] = x
      ys[first + seat] = y
      turns[first + seat] = turnDeg
      stretch(bounds, x, y)
    })
    const grade = row.grade ?? plan.grade
    const drawn = { row, name: row.row, grade, first, seats: row.seats, bounds, pitch: row.pitch_m ?? PITCH_M }
    first += row.seats
    return drawn
  })
}

export function boundsOf(outline: ArrayLike<number>): Box {
  const bounds = { ...NOWHERE }
  for (let corner = 0; corner < outline.length; corner += 2)
    stretch(bounds, outline[corner] ?? 0, outline[corner + 1] ?? 0)
  return bounds
}

function stretch(bounds: Box, x: number, y: number): void {
  bounds.left = Math.min(bounds.left, x)
  bounds.right = Math.max(bounds.right, x)
  bounds.top = Math.min(bounds.top, y)
  bounds.bottom = Math.max(bounds.bottom, y)
}

/** Where the name goes: the middle seat of a bent section, and the middle of the outline of all others. */
function middleOf(outline: Float32Array, bounds: Box, xs: Float32Array, ys: Float32Array): Point {
  const middle = { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2 }
  if (xs.length === 0 || isInside(outline, middle.x, middle.y)) return middle
  let nearest = 0
  let least = Infinity
  for (let seat = 0; seat < xs.length; seat++) {
    const away = ((xs[seat] ?? 0) - middle.x) ** 2 + ((ys[seat] ?? 0) - middle.y) ** 2
    if (away < least) [nearest, least] = [seat, away]
  }
  return { x: xs[nearest] ?? middle.x, y: ys[nearest] ?? middle.y }
}

/** The box around some sections. */
export function boundsOfSections(sections: Iterable<Section>): Box {
  let bounds = NOWHERE
  for (const section of sections) bounds = around(bounds, drawnSection(section).bounds)
  return bounds
}

/** `A-12-7`. */
export function seatNameOf({ plan, rows }: DrawnSection, seat: number): string {
  const row = rowOfSeat(rows, seat)
  return row === undefined ? '' : seatName(plan.section, row.name, labelAt(row.row, seat - row.first))
}

export function rowOfSeat(rows: readonly DrawnRow[], seat: number): DrawnRow | undefined {
  let [low, high] = [0, rows.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((rows[middle]?.first ?? 0) <= seat) low = middle
    else high = middle - 1
  }
  return rows[low]
}

/** A seat's section and its index there. */
export function seatNamed(sections: ReadonlyMap<string, Section>, name: string): [DrawnSection, number] | undefined {
  const parts = parseSeatName(name)
  const plan = sections.get(parts?.section ?? '')
  if (parts === undefined || plan === undefined) return undefined
  const found = drawnSection(plan)
  const line = found.rows.find(({ name }) => name === parts.row)
  const place = line === undefined ? -1 : placeOfLabel(line.row, parts.label)
  return line === undefined || place === -1 ? undefined : [found, line.first + place]
}

const bySections = new WeakMap<readonly Section[], ReadonlyMap<string, Section>>()

export function sectionsByName({ sections }: Pick<HousePlan, 'sections'>): ReadonlyMap<string, Section> {
  const known = bySections.get(sections)
  if (known !== undefined) return known
  const named = new Map(sections.map(section => [section.section, section]))
  bySections.set(sections, named)
  return named
}

export function specialsOf(plan: HousePlan): Specials {
  const known = specials.get(plan.places)
  if (known?.sections === plan.sections) return known.found
  const named = sectionsByName(plan)
  const found = new Map<string, Map<number, Place>>()
  for (const [name, place] of Object.entries(plan.places)) {
    const seat = seatNamed(named, name)
    if (seat === undefined) continue
    const [{ plan: section }, index] = seat
    const inSection = found.get(section.section) ?? new Map<number, Place>()
    found.set(section.section, inSection)
    inSection.set(index, place)
  }
  specials.set(plan.places, { sections: plan.sections, found })
  return found
}

/** The nearest seat of a section to a point within reach. */
export function seatNear(section: DrawnSection, at: Point, reach: number): { seat: number; away: number } | undefined {
  const { bounds, rows, xs, ys } = section
  if (!isNear(bounds, at, reach)) return undefined
  let nearest: number | undefined
  let least = reach * reach
  for (const row of rows) {
    if (!isNear(row.bounds, at, reach)) continue
    for (let seat = row.first; seat < row.first + row.seats; seat++) {
      const away = ((xs[seat] ?? 0) - at.x) ** 2 + ((ys[seat] ?? 0) - at.y) ** 2
      if (away <= least) [nearest, least] = [seat, away]
    }
  }
  return nearest === undefined ? undefined : { seat: nearest, away: Math.sqrt(least) }
}

function isNear({ left, right, top, bottom }: Box, { x, y }: Point, reach: number): boolean {
  return isWithin({ left: left - reach, right: right + reach, top: top - reach, bottom: bottom + reach }, x, y)
}
