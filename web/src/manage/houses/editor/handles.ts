/** The handles of a selection: they turn it, bend a section, and move the corners of an outline. */
import { boxOf } from '../model/box.ts'
import { inHouse, inSection } from '../model/geometry.ts'
import { seatsOf } from '../model/placed.ts'
import { DEPTH_M, type HousePlan, metres, type SeatsSection, type Selection, sectionNamed } from '../model/plan.ts'
import type { Point } from './camera.ts'
import type { Desk } from './desk.ts'

export interface Handle {
  kind: 'turn' | 'curve' | 'corner'
  at: Point
  /** What it hangs on. */
  from?: Point
  /** What a turn goes about. */
  about?: Point
  /** Which corner of the outline. */
  corner?: number
}

/** Pixels from the selection to the handle that turns it. */
const AWAY = 30
/** Metres beyond the last seat of the first row. */
const BEYOND = 0.7
/** How far a row may bend around, in radians, to each side. */
const BEND_MAX = 2.4
/** Less than this, a row is straight. */
const STRAIGHT_M = 0.12

export function handlesOf(desk: Desk, scale: number): Handle[] {
  const { selection, tool } = desk.state
  if (tool !== 'select') return []
  const single = singleSection(desk.plan, selection)
  if (single?.kind === 'seats') return handlesOfSeats(single, AWAY / scale)
  return [...turnHandle(desk.plan, selection, AWAY / scale), ...cornerHandles(desk.plan, selection)]
}

export function singleSection(plan: HousePlan, selection: Selection) {
  if (selection.kind !== 'sections' || selection.names.length !== 1) return undefined
  return sectionNamed(plan, selection.names[0] ?? '')
}

function handlesOfSeats(section: SeatsSection, away: number): Handle[] {
  const front = -DEPTH_M / 2
  const about = section.at
  const turn: Handle = {
    kind: 'turn',
    at: inHouse(section, 0, front - away),
    from: inHouse(section, 0, front),
    about,
  }
  const end = endOfFirstRow(section)
  return end === undefined ? [turn] : [turn, { kind: 'curve', at: end }]
}

/** Beyond the last seat of the first row, in its direction. */
function endOfFirstRow(section: SeatsSection): Point | undefined {
  const last = seatsOf(section)[0]?.at(-1)
  if (last === undefined) return undefined
  const turn = (last.turnDeg * Math.PI) / 180
  return { x: last.x + BEYOND * Math.cos(turn), y: last.y + BEYOND * Math.sin(turn) }
}

function turnHandle(plan: HousePlan, selection: Selection, away: number): Handle[] {
  const box = selection.kind === 'seats' ? undefined : boxOf(plan, selection)
  if (box === undefined || box.left === box.right) return []
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }
  return [{ kind: 'turn', at: { x: middle.x, y: box.top - away }, from: { x: middle.x, y: box.top }, about: middle }]
}

function cornerHandles(plan: HousePlan, selection: Selection): Handle[] {
  const outlined = outlinedOne(plan, selection)
  return (outlined?.outline ?? []).map(([x, y], corner) => ({
    kind: 'corner',
    corner,
    at: { x: (outlined?.at.x ?? 0) + x, y: (outlined?.at.y ?? 0) + y },
  }))
}

/** The one standing area or shape that is selected. */
export function outlinedOne(plan: HousePlan, selection: Selection) {
  const section = singleSection(plan, selection)
  if (section !== undefined) return section.kind === 'standing' ? section : undefined
  const [ref, ...others] = selection.kind === 'shapes' ? selection.shapes : []
  return ref === undefined || others.length > 0 ? undefined : plan[ref.list][ref.index]
}

/** The radius with which the first row of a section ends at a point; undefined for a straight one. */
export function radiusThrough(section: SeatsSection, at: Point): number | undefined {
  const row = section.rows[0]
  const seats = seatsOf(section)[0]
  if (row === undefined || seats === undefined) return undefined
  const { x, y } = inSection(section, at)
  const half = Math.max(Math.abs(x) * 0.5, halfLength(section))
  return radiusOf(half, -y, depthOf(section))
}

function halfLength(section: SeatsSection): number {
  const straight = { ...section }
  delete (straight as { curve_m?: number }).curve_m
  const last = seatsOf(straight)[0]?.at(-1)
  if (last === undefined) return BEYOND
  return inSection(section, last).x + BEYOND
}

function depthOf({ rows }: SeatsSection): number {
  return rows.slice(1).reduce((sum, row) => sum + (row.depth_m ?? DEPTH_M), 0)
}

/** The radius of an arc that is `half` long from its middle to its end, which lies `rise` in front of its middle. */
export function radiusOf(half: number, rise: number, depth: number): number | undefined {
  if (Math.abs(rise) < STRAIGHT_M || half <= 0) return undefined
  // The tighter the arc, the more it rises: until it has bent around.
  let [low, high] = [0, BEND_MAX / half]
  for (let step = 0; step < 40; step++) {
    const bend = (low + high) / 2
    if ((1 - Math.cos(half * bend)) / bend < Math.abs(rise)) low = bend
    else high = bend
  }
  const radius = 2 / (low + high)
  // Rows that bend away must not reach the middle of their arcs.
  return rise > 0 ? metres(Math.max(radius, 1)) : metres(-Math.max(radius, depth + 1.2))
}
