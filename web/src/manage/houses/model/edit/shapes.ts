/** The stage, and what else is drawn around the sections; the focus and the name of the house. */
import {
  CORNERS_MAX,
  type Corner,
  type Edited,
  type HousePlan,
  metres,
  type Point,
  point,
  SHAPES_MAX,
  type Shape,
  type ShapeRef,
} from '../plan.ts'
import { type Patch, patched } from './change.ts'

export function addShape(plan: HousePlan, list: ShapeRef['list'], shape: Shape): Edited {
  if (plan.stage.length + plan.decorations.length >= SHAPES_MAX)
    return { plan, selection: { kind: 'shapes', shapes: [] } }
  const index = plan[list].length
  return {
    plan: { ...plan, [list]: [...plan[list], shape] },
    selection: { kind: 'shapes', shapes: [{ list, index }] },
  }
}

export function removeShapes(plan: HousePlan, refs: readonly ShapeRef[]): HousePlan {
  if (refs.length === 0) return plan
  const isGone = (list: ShapeRef['list']) => (_: Shape, index: number) =>
    !refs.some(ref => ref.list === list && ref.index === index)
  return {
    ...plan,
    stage: plan.stage.filter(isGone('stage')),
    decorations: plan.decorations.filter(isGone('decorations')),
  }
}

export function changeShape(plan: HousePlan, ref: ShapeRef, change: Patch<Shape>): HousePlan {
  const tidy = { ...change }
  if (change.at !== undefined) tidy.at = point(change.at.x, change.at.y)
  if (change.outline !== undefined) tidy.outline = roundedCorners(change.outline)
  return withShapes(plan, [ref], shape => patched(shape, tidy))
}

/** Exchanges shapes. The same plan if nothing changes. */
export function withShapes(plan: HousePlan, refs: readonly ShapeRef[], change: (shape: Shape) => Shape): HousePlan {
  let edited = plan
  for (const { list, index } of refs) {
    const shape = edited[list][index]
    const next = shape && change(shape)
    if (next !== undefined && next !== shape) edited = { ...edited, [list]: edited[list].with(index, next) }
  }
  return edited
}

/** What the audience looks at; undefined: the middle of the stage. */
export function setFocus(plan: HousePlan, focus: Point | undefined): HousePlan {
  return patched(plan, { focus: focus && point(focus.x, focus.y) })
}

export function renameHouse(plan: HousePlan, name: string): HousePlan {
  return patched(plan, { name })
}

/** Around its middle. */
export function rectangle(width: number, depth: number): Corner[] {
  const [x, y] = [metres(width / 2), metres(depth / 2)]
  return [
    [metres(-x), metres(-y)],
    [x, metres(-y)],
    [x, y],
    [metres(-x), y],
  ]
}

/** Around its middle. */
export function ellipse(width: number, depth: number, corners = 24): Corner[] {
  const count = Math.min(CORNERS_MAX, Math.max(3, corners))
  return Array.from({ length: count }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / count
    return [metres((width / 2) * Math.sin(angle)), metres((-depth / 2) * Math.cos(angle))]
  })
}

export function roundedCorners(outline: readonly Corner[]): Corner[] {
  return outline.map(([x, y]) => [metres(x), metres(y)])
}
