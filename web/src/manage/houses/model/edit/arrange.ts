/** Where things stand: moving, turning, bending, aligning and distributing. */
import { type Box, boxOf, boxOfSection, boxOfShape, middleOf, middleOfSection, sectionsOf, union } from '../box.ts'
import { turned } from '../geometry.ts'
import { focusOf } from '../placed.ts'
import {
  type Corner,
  degrees,
  type HousePlan,
  metres,
  type Point,
  point,
  type SeatsSection,
  type Section,
  type Selection,
  type Shape,
  type ShapeRef,
  sectionNamed,
} from '../plan.ts'
import { patched, withSections } from './change.ts'
import { withShapes } from './shapes.ts'

/** Moves what is selected. Selected seats move along their rows, which move as a whole. */
export function move(plan: HousePlan, selection: Selection, dx: number, dy: number): HousePlan {
  if (metres(dx) === 0 && metres(dy) === 0) return plan
  if (selection.kind === 'seats') return moveRows(plan, selection.names, dx, dy)
  if (selection.kind === 'shapes') return withShapes(plan, selection.shapes, shape => movedBy(shape, dx, dy))
  return withSections(plan, selection.names, section => movedBy(section, dx, dy))
}

function movedBy<T extends Section | Shape>(thing: T, dx: number, dy: number): T {
  return { ...thing, at: point(thing.at.x + dx, thing.at.y + dy) }
}

function moveRows(plan: HousePlan, names: readonly string[], dx: number, dy: number): HousePlan {
  const rows = new Set(names.map(name => name.slice(0, name.lastIndexOf('-'))))
  return withSections(plan, sectionsOf(plan, { kind: 'seats', names }), section => {
    if (section.kind === 'standing') return section
    const turn = (section.turn_deg * Math.PI) / 180
    const along = dx * Math.cos(turn) + dy * Math.sin(turn)
    return {
      ...section,
      rows: section.rows.map(row => {
        if (!rows.has(`${section.section}-${row.row}`)) return row
        const offset = metres((row.offset_m ?? 0) + along)
        return patched(row, { offset_m: offset === 0 ? undefined : offset })
      }),
    }
  })
}

/** Turns what is selected clockwise, about a point or its own middle. While dragging, turn the plan as it was at first. */
export function turn(plan: HousePlan, selection: Selection, byDegrees: number, about?: Point): HousePlan {
  const pivot = about ?? pivotOf(plan, selection)
  if (pivot === undefined || degrees(byDegrees) === 0) return plan
  if (selection.kind === 'shapes') {
    return withShapes(plan, selection.shapes, shape => turnedOutline(shape, pivot, byDegrees))
  }
  return withSections(plan, sectionsOf(plan, selection), section =>
    section.kind === 'seats' ? turnedSeats(section, pivot, byDegrees) : turnedOutline(section, pivot, byDegrees),
  )
}

function turnedSeats(section: SeatsSection, pivot: Point, by: number): SeatsSection {
  const at = turned(section.at, pivot, by)
  return { ...section, at: point(at.x, at.y), turn_deg: degrees(section.turn_deg + by) }
}

function turnedOutline<T extends { at: Point; outline?: readonly Corner[] }>(thing: T, pivot: Point, by: number): T {
  const at = turned(thing.at, pivot, by)
  const outline = thing.outline?.map(([x, y]): Corner => {
    const corner = turned({ x, y }, { x: 0, y: 0 }, by)
    return [metres(corner.x), metres(corner.y)]
  })
  return { ...thing, at: point(at.x, at.y), ...(outline === undefined ? {} : { outline }) }
}

function pivotOf(plan: HousePlan, selection: Selection): Point | undefined {
  const [name, ...others] = sectionsOf(plan, selection)
  const single = name === undefined || others.length > 0 ? undefined : sectionNamed(plan, name)
  if (single !== undefined) return middleOfSection(single)
  const box = boxOf(plan, selection)
  return box && middleOf(box)
}

/** Bends rows around a point this far in front of the first one; undefined: straight. The first row's middle stays. */
export function curve(plan: HousePlan, names: readonly string[], radius: number | undefined): HousePlan {
  const curve_m = radius === undefined ? undefined : metres(radius) || undefined
  return withSections(plan, names, section => (section.kind === 'seats' ? patched(section, { curve_m }) : section))
}

/** Turns sections about their own middle of the first row until they look at a point, or at the focus. */
export function face(plan: HousePlan, names: readonly string[], towards: Point = focusOf(plan)): HousePlan {
  return withSections(plan, names, section => {
    const [dx, dy] = [towards.x - section.at.x, towards.y - section.at.y]
    if (section.kind === 'standing' || Math.hypot(dx, dy) < 0.01) return section
    return patched(section, { turn_deg: degrees((Math.atan2(dx, -dy) * 180) / Math.PI) })
  })
}

export type Alignment = 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom'

/** Aligns things with the box around all of them. */
export function align(plan: HousePlan, selection: Selection, to: Alignment): HousePlan {
  const things = thingsOf(plan, selection)
  const all = union(things.map(({ box }) => box))
  if (all === undefined || things.length < 2) return plan
  return things.reduce((edited, { box, selection }) => {
    const { x, y } = between(box, all, to)
    return move(edited, selection, x, y)
  }, plan)
}

function between(box: Box, all: Box, to: Alignment): Point {
  const [inner, outer] = [middleOf(box), middleOf(all)]
  const offsets: Record<Alignment, Point> = {
    left: { x: all.left - box.left, y: 0 },
    center: { x: outer.x - inner.x, y: 0 },
    right: { x: all.right - box.right, y: 0 },
    top: { x: 0, y: all.top - box.top },
    middle: { x: 0, y: outer.y - inner.y },
    bottom: { x: 0, y: all.bottom - box.bottom },
  }
  return offsets[to]
}

/** Makes the spaces between things equal. The outermost two stay. */
export function distribute(plan: HousePlan, selection: Selection, axis: 'x' | 'y'): HousePlan {
  const [from, to] = axis === 'x' ? (['left', 'right'] as const) : (['top', 'bottom'] as const)
  const things = thingsOf(plan, selection).sort((one, other) => one.box[from] - other.box[from])
  const [first, last] = [things[0], things.at(-1)]
  if (first === undefined || last === undefined || things.length < 3) return plan
  const filled = things.reduce((sum, { box }) => sum + box[to] - box[from], 0)
  const space = (last.box[to] - first.box[from] - filled) / (things.length - 1)
  let next = first.box[from]
  return things.reduce((edited, { box, selection }) => {
    const by = next - box[from]
    next += box[to] - box[from] + space
    return axis === 'x' ? move(edited, selection, by, 0) : move(edited, selection, 0, by)
  }, plan)
}

interface Thing {
  box: Box
  selection: Selection
}

function thingsOf(plan: HousePlan, selection: Selection): Thing[] {
  if (selection.kind === 'shapes') return selection.shapes.flatMap(ref => shapeThing(plan, ref))
  return sectionsOf(plan, selection).flatMap(name => {
    const section = sectionNamed(plan, name)
    return section === undefined ? [] : { box: boxOfSection(section), selection: { kind: 'sections', names: [name] } }
  })
}

function shapeThing(plan: HousePlan, ref: ShapeRef): Thing[] {
  const shape = plan[ref.list][ref.index]
  return shape === undefined ? [] : [{ box: boxOfShape(shape), selection: { kind: 'shapes', shapes: [ref] } }]
}
