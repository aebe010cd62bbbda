/** What the keys for removing and copying do with a selection. */
import { type Edited, type HousePlan, point, type Selection, type ShapeRef } from '../plan.ts'
import { mirroredCopy } from './mirror.ts'
import { removeSeats } from './rows.ts'
import { duplicateSections, removeSections } from './sections.ts'
import { addShape, removeShapes } from './shapes.ts'

export function removeSelected(plan: HousePlan, selection: Selection): HousePlan {
  if (selection.kind === 'shapes') return removeShapes(plan, selection.shapes)
  return selection.kind === 'sections' ? removeSections(plan, selection.names) : removeSeats(plan, selection.names)
}

/** Copies sections or shapes, a little aside. Seats are not copied. */
export function duplicateSelected(plan: HousePlan, selection: Selection): Edited {
  if (selection.kind === 'sections') return duplicateSections(plan, selection.names)
  return selection.kind === 'shapes' ? duplicateShapes(plan, selection.shapes) : { plan, selection }
}

/** Adds the mirror images of sections. */
export function mirrorSelected(plan: HousePlan, selection: Selection): Edited {
  return selection.kind === 'sections' ? mirroredCopy(plan, selection.names) : { plan, selection }
}

function duplicateShapes(plan: HousePlan, refs: readonly ShapeRef[]): Edited {
  const shapes: ShapeRef[] = []
  let edited = plan
  for (const { list, index } of refs) {
    const shape = plan[list][index]
    if (shape === undefined) continue
    const added = addShape(edited, list, { ...shape, at: point(shape.at.x + 2, shape.at.y + 2) })
    edited = added.plan
    if (added.selection.kind === 'shapes') shapes.push(...added.selection.shapes)
  }
  return { plan: edited, selection: { kind: 'shapes', shapes } }
}
