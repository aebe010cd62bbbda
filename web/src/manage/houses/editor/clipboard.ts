/** Copying and pasting of sections and shapes, with all that is special about their places. */
import { addSections } from '../model/edit/sections.ts'
import { addShape } from '../model/edit/shapes.ts'
import type { HousePlan, Selection } from '../model/plan.ts'
import { type Desk, NOTHING, selectionSize } from './desk.ts'

export function copy(desk: Desk): boolean {
  const { selection } = desk.state
  if (selection.kind === 'seats' || selectionSize(selection) === 0) return false
  desk.set({ copied: { plan: desk.plan, selection } })
  return true
}

/** Pastes what was copied, also if it has been changed or removed since. */
export function paste(desk: Desk): boolean {
  const { copied } = desk.state
  if (copied === undefined) return false
  const { plan: from, selection } = copied
  desk.make(plan => {
    if (selection.kind !== 'shapes') return pasteSections(plan, from, selection.names)
    const shapes = selection.shapes.flatMap(ref => {
      const shape = from[ref.list][ref.index]
      return shape === undefined ? [] : [{ list: ref.list, shape: { ...shape, at: aside(shape.at) } }]
    })
    let edited = { plan, selection: NOTHING as Selection }
    const added = shapes.map(({ list, shape }) => {
      edited = addShape(edited.plan, list, shape)
      return edited.selection.kind === 'shapes' ? edited.selection.shapes : []
    })
    return { plan: edited.plan, selection: { kind: 'shapes', shapes: added.flat() } }
  })
  return true
}

function pasteSections(plan: HousePlan, from: HousePlan, names: readonly string[]) {
  const wanted = new Set(names)
  const originals = from.sections.filter(({ section }) => wanted.has(section))
  const added = addSections(
    plan,
    originals.map(section => ({ ...section, at: aside(section.at) })),
  )
  const pasted = added.selection.kind === 'sections' ? added.selection.names : []
  const nameOf = new Map(originals.map(({ section }, index) => [section, pasted[index] ?? section]))
  const inCopy = (seat: string) => {
    const cut = seat.indexOf('-')
    const to = nameOf.get(seat.slice(0, cut))
    return to === undefined ? undefined : to + seat.slice(cut)
  }
  const places = Object.entries(from.places).flatMap(([name, place]) => {
    const to = inCopy(name)
    if (to === undefined) return []
    const of = place.companion_of === undefined ? undefined : inCopy(place.companion_of)
    return [[to, of === undefined ? place : { ...place, companion_of: of }] as const]
  })
  return { ...added, plan: { ...added.plan, places: { ...added.plan.places, ...Object.fromEntries(places) } } }
}

function aside({ x, y }: { x: number; y: number }) {
  return { x: x + 2, y: y + 2 }
}
