/** Whole sections: new ones, copies, other names, another order. */
import { labelOf, nextName, nextSectionName } from '../names.ts'
import {
  type Corner,
  degrees,
  type Edited,
  type HousePlan,
  metres,
  type Place,
  type Places,
  type Point,
  point,
  SECTIONS_MAX,
  type SeatsSection,
  type Section,
  type StandingSection,
  sectionNamed,
} from '../plan.ts'
import { patched, renamed, withSections } from './change.ts'
import { rectangle } from './shapes.ts'

export interface NewSection {
  grade: string
  rows: number
  seats: number
  at: Point
  turn_deg?: number
  curve_m?: number
  name?: string
}

/** Equal rows, named 1, 2, 3 …, that are not in a plan yet. */
export function newSection(plan: HousePlan, wanted: NewSection): SeatsSection {
  const { grade, rows, seats, at, turn_deg = 0, curve_m, name = nextSectionName(plan) } = wanted
  return {
    kind: 'seats',
    section: name,
    grade,
    at: point(at.x, at.y),
    turn_deg: degrees(turn_deg),
    ...(curve_m === undefined ? {} : { curve_m: metres(curve_m) }),
    rows: Array.from({ length: rows }, (_, index) => ({ row: labelOf('numbers', index + 1), seats })),
  }
}

export interface NewStanding {
  grade: string
  capacity: number
  /** The middle of the area. */
  at: Point
  width: number
  depth: number
  name?: string
}

/** A rectangle to stand in. */
export function newStanding(plan: HousePlan, wanted: NewStanding): StandingSection {
  const { grade, capacity, at, width, depth, name = nextSectionName(plan) } = wanted
  return { kind: 'standing', section: name, grade, at: point(at.x, at.y), outline: rectangle(width, depth), capacity }
}

/** Adds sections at the end. A name that is taken becomes the next free one. */
export function addSections(plan: HousePlan, added: readonly Section[]): Edited {
  const taken = new Set(plan.sections.map(({ section }) => section))
  const named = added.slice(0, Math.max(0, SECTIONS_MAX - plan.sections.length)).map(section => {
    const name = taken.has(section.section) ? nextName(taken, section.section) : section.section
    taken.add(name)
    return { ...section, section: name }
  })
  const selection = { kind: 'sections', names: named.map(({ section }) => section) } as const
  return { plan: named.length === 0 ? plan : { ...plan, sections: [...plan.sections, ...named] }, selection }
}

export function removeSections(plan: HousePlan, names: readonly string[]): HousePlan {
  const gone = new Set(names)
  const sections = plan.sections.filter(({ section }) => !gone.has(section))
  if (sections.length === plan.sections.length) return plan
  return { ...plan, sections, places: renamed(plan.places, name => (gone.has(sectionOf(name)) ? undefined : name)) }
}

/** Copies with all that is special about their places, a little aside. */
export function duplicateSections(plan: HousePlan, names: readonly string[], by: Point = { x: 2, y: 2 }): Edited {
  return copySections(plan, names, section => ({ ...section, at: point(section.at.x + by.x, section.at.y + by.y) }))
}

/** Adds changed copies of sections. Special places are copied by their names, which a change must keep. */
export function copySections(plan: HousePlan, names: readonly string[], change: (section: Section) => Section): Edited {
  const wanted = new Set(names)
  const originals = plan.sections.filter(({ section }) => wanted.has(section))
  const edited = addSections(plan, originals.map(change))
  const copies = edited.selection.kind === 'sections' ? edited.selection.names : []
  const nameOf = new Map(originals.map(({ section }, index) => [section, copies[index]]))
  return { ...edited, plan: { ...edited.plan, places: { ...plan.places, ...copiedPlaces(plan.places, nameOf) } } }
}

function copiedPlaces(places: Places, nameOf: ReadonlyMap<string, string | undefined>): Places {
  const inCopy = (name: string) => {
    const to = nameOf.get(sectionOf(name))
    return to === undefined ? undefined : to + name.slice(name.indexOf('-'))
  }
  const copied = Object.entries(places).flatMap(([name, place]): [string, Place][] => {
    const to = inCopy(name)
    if (to === undefined) return []
    const of = place.companion_of === undefined ? undefined : (inCopy(place.companion_of) ?? place.companion_of)
    return [[to, of === undefined ? place : { ...place, companion_of: of }]]
  })
  return Object.fromEntries(copied)
}

/** Gives a section another name. A name that is taken, or no name, changes nothing. */
export function renameSection(plan: HousePlan, name: string, to: string): HousePlan {
  if (to === '' || to.includes('-') || name === to || sectionNamed(plan, to) !== undefined) return plan
  const next = withSections(plan, [name], section => ({ ...section, section: to }))
  if (next === plan) return plan
  const rename = (seat: string) => (sectionOf(seat) === name ? to + seat.slice(name.length) : seat)
  return { ...next, places: renamed(plan.places, rename) }
}

export interface SectionChange {
  grade?: string
  entrance?: string | undefined
  at?: Point
  /** Of a section of seats. */
  turn_deg?: number
  curve_m?: number | undefined
  /** Of a standing area. */
  capacity?: number
  outline?: readonly Corner[]
}

/** Changes what fits the kind of the section; a property given as undefined is removed. */
export function changeSection(plan: HousePlan, name: string, change: SectionChange): HousePlan {
  const tidy = { ...change }
  if (change.at !== undefined) tidy.at = point(change.at.x, change.at.y)
  if (change.turn_deg !== undefined) tidy.turn_deg = degrees(change.turn_deg)
  if (change.curve_m !== undefined) tidy.curve_m = metres(change.curve_m)
  const { turn_deg, curve_m, capacity, outline, ...both } = tidy
  const seats = { ...both, ...('turn_deg' in tidy ? { turn_deg } : {}), ...('curve_m' in tidy ? { curve_m } : {}) }
  const area = { ...both, ...('capacity' in tidy ? { capacity } : {}), ...('outline' in tidy ? { outline } : {}) }
  return withSections(plan, [name], section =>
    section.kind === 'seats' ? patched(section, seats) : patched(section, area),
  )
}

/** Counts a section earlier or later. It stays where it stands. */
export function reorderSection(plan: HousePlan, name: string, by: number): HousePlan {
  const from = plan.sections.findIndex(({ section }) => section === name)
  const to = Math.min(plan.sections.length - 1, Math.max(0, from + by))
  const moved = plan.sections[from]
  if (moved === undefined || to === from) return plan
  return { ...plan, sections: plan.sections.toSpliced(from, 1).toSpliced(to, 0, moved) }
}

function sectionOf(seat: string): string {
  return seat.slice(0, Math.max(0, seat.indexOf('-')))
}
