/** Boxes around parts of a house, and what lies in a box. */
import { inHouse, inSection } from './geometry.ts'
import { labelAt, parseSeatName, seatName } from './names.ts'
import { seatPosition, seatsOf, sectionOutline } from './placed.ts'
import type { HousePlan, Point, SeatsSection, Section, Selection, Shape, ShapeRef } from './plan.ts'

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Around everything that is selected; undefined if that is nothing. */
export function boxOf(plan: HousePlan, selection: Selection): Box | undefined {
  if (selection.kind === 'seats') {
    return around(selection.names.flatMap(name => seatPosition(plan, name) ?? []))
  }
  if (selection.kind === 'shapes') return union(selection.shapes.flatMap(ref => boxOfShapeAt(plan, ref) ?? []))
  const names = new Set(selection.names)
  return union(plan.sections.filter(({ section }) => names.has(section)).map(boxOfSection))
}

/** Around sections, stage and decorations. */
export function houseBox(plan: HousePlan): Box | undefined {
  const shapes = [...plan.stage, ...plan.decorations].map(boxOfShape)
  return union([...plan.sections.map(boxOfSection), ...shapes])
}

const cache = new WeakMap<Section, Box>()

export function boxOfSection(section: Section): Box {
  const known = cache.get(section)
  if (known !== undefined) return known
  const box = around(sectionOutline(section)) ?? pointBox(section.at)
  cache.set(section, box)
  return box
}

export function boxOfShape({ at, outline = [] }: Shape): Box {
  return around(outline.map(([x, y]) => ({ x: at.x + x, y: at.y + y }))) ?? pointBox(at)
}

function boxOfShapeAt(plan: HousePlan, { list, index }: ShapeRef): Box | undefined {
  const shape = plan[list][index]
  return shape && boxOfShape(shape)
}

/** The middle of a section in its own frame, which turning does not move. */
export function middleOfSection(section: Section): Point {
  if (section.kind === 'standing') return middleOf(boxOfSection(section))
  const own = around(sectionOutline(section).map(corner => inSection(section, corner))) ?? pointBox({ x: 0, y: 0 })
  const { x, y } = middleOf(own)
  return inHouse(section, x, y)
}

export function middleOf({ left, top, right, bottom }: Box): Point {
  return { x: (left + right) / 2, y: (top + bottom) / 2 }
}

/** The sections that lie wholly inside a box. */
export function sectionsWithin(plan: HousePlan, box: Box): string[] {
  const inside = plan.sections.filter(section => covers(box, boxOfSection(section)))
  return inside.map(({ section }) => section)
}

/** The shapes that lie wholly inside a box. */
export function shapesWithin(plan: HousePlan, box: Box): ShapeRef[] {
  const refs = (list: ShapeRef['list']) => plan[list].map((shape, index) => ({ shape, ref: { list, index } }))
  const inside = [...refs('stage'), ...refs('decorations')].filter(({ shape }) => covers(box, boxOfShape(shape)))
  return inside.map(({ ref }) => ref)
}

/** The seats whose middles lie inside a box. */
export function seatsWithin(plan: HousePlan, box: Box): string[] {
  const near = plan.sections.filter(section => meets(box, boxOfSection(section)))
  return near.flatMap(section => (section.kind === 'seats' ? seatsOfSectionWithin(section, box) : []))
}

function seatsOfSectionWithin(section: SeatsSection, box: Box): string[] {
  const seats = seatsOf(section)
  return section.rows.flatMap((row, index) =>
    (seats[index] ?? []).flatMap((seat, place) =>
      contains(box, seat) ? [seatName(section.section, row.row, labelAt(row, place))] : [],
    ),
  )
}

/** The names of the sections of a selection, in the order of the plan. */
export function sectionsOf(plan: HousePlan, selection: Selection): string[] {
  if (selection.kind === 'shapes') return []
  const names =
    selection.kind === 'sections' ? selection.names : selection.names.map(name => parseSeatName(name)?.section)
  const wanted = new Set(names)
  return plan.sections.map(({ section }) => section).filter(name => wanted.has(name))
}

export function union(boxes: readonly Box[]): Box | undefined {
  const [first, ...others] = boxes
  if (first === undefined) return undefined
  return others.reduce(
    (one, other) => ({
      left: Math.min(one.left, other.left),
      top: Math.min(one.top, other.top),
      right: Math.max(one.right, other.right),
      bottom: Math.max(one.bottom, other.bottom),
    }),
    first,
  )
}

function around(points: readonly Point[]): Box | undefined {
  return union(points.map(pointBox))
}

function pointBox({ x, y }: Point): Box {
  return { left: x, top: y, right: x, bottom: y }
}

export function contains({ left, top, right, bottom }: Box, { x, y }: Point): boolean {
  return x >= left && x <= right && y >= top && y <= bottom
}

function covers(outer: Box, inner: Box): boolean {
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  )
}

export function meets(one: Box, other: Box): boolean {
  return one.left <= other.right && other.left <= one.right && one.top <= other.bottom && other.top <= one.bottom
}
