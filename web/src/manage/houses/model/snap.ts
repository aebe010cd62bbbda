/** Where a thing that is dragged comes to rest: on the edges and middles of others, and on angles of 15 degrees. */
import { type Box, boxOfSection, boxOfShape, middleOf } from './box.ts'
import { focusOf } from './placed.ts'
import { degrees, type HousePlan, metres, type Selection, type ShapeRef } from './plan.ts'

export const SNAP_DEG = 15

/** Lines to rest on, each ascending. */
export interface SnapLines {
  readonly xs: readonly number[]
  readonly ys: readonly number[]
}

export interface Snap {
  /** How much further it moves. */
  readonly dx: number
  readonly dy: number
  /** The lines it rests on. */
  readonly x?: number
  readonly y?: number
}

/** The edges and middles of everything that is not dragged, and the middle line of the stage. Ask once for each drag. */
export function snapLines(plan: HousePlan, dragged: Selection): SnapLines {
  const boxes = [...otherSections(plan, dragged), ...otherShapes(plan, dragged)]
  const xs = boxes.flatMap(box => [box.left, middleOf(box).x, box.right])
  const ys = boxes.flatMap(box => [box.top, middleOf(box).y, box.bottom])
  return { xs: ascending([...xs, focusOf(plan).x]), ys: ascending(ys) }
}

/** What a box must move by, at most `reach`, so that an edge or its middle lies on a line. */
export function snapBox(box: Box, { xs, ys }: SnapLines, reach: number): Snap {
  const middle = middleOf(box)
  const across = nearest([middle.x, box.left, box.right], xs, reach)
  const down = nearest([middle.y, box.top, box.bottom], ys, reach)
  return {
    dx: metres(across?.by ?? 0),
    dy: metres(down?.by ?? 0),
    ...(across === undefined ? {} : { x: across.line }),
    ...(down === undefined ? {} : { y: down.line }),
  }
}

/** A multiple of 15 degrees if one is near. */
export function snapAngle(angle: number, reach = 3): number {
  const snapped = Math.round(angle / SNAP_DEG) * SNAP_DEG
  return degrees(Math.abs(angle - snapped) <= reach ? snapped : angle)
}

function otherSections(plan: HousePlan, dragged: Selection): Box[] {
  const names = new Set(dragged.kind === 'sections' ? dragged.names : [])
  return plan.sections.filter(({ section }) => !names.has(section)).map(boxOfSection)
}

function otherShapes(plan: HousePlan, dragged: Selection): Box[] {
  const refs = dragged.kind === 'shapes' ? dragged.shapes : []
  const isDragged = (list: ShapeRef['list'], index: number) =>
    refs.some(ref => ref.list === list && ref.index === index)
  return (['stage', 'decorations'] as const).flatMap(list =>
    plan[list].flatMap((shape, index) => (isDragged(list, index) ? [] : boxOfShape(shape))),
  )
}

function nearest(
  points: readonly number[],
  lines: readonly number[],
  reach: number,
): { by: number; line: number } | undefined {
  let best: { by: number; line: number } | undefined
  for (const at of points) {
    for (const line of lines) {
      const by = line - at
      if (Math.abs(by) <= reach && (best === undefined || Math.abs(by) < Math.abs(best.by))) best = { by, line }
    }
  }
  return best
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((one, other) => one - other)
}
