/** How many places a plan has, by grade and by kind. */
import { findSeat, labelAt, seatName } from './names.ts'
import { type HousePlan, type PlaceKind, placeCount, type Section } from './plan.ts'

export interface Totals {
  places: number
  seats: number
  standing: number
  rows: number
  sections: number
  forSale: number
  /** In the order of their first place. */
  grades: ReadonlyMap<string, number>
  kinds: Readonly<Record<PlaceKind, number>>
}

export function totalsOf(plan: HousePlan): Totals {
  const grades = new Map<string, number>()
  let [seats, standing, rows] = [0, 0, 0]
  for (const section of plan.sections) {
    for (const [grade, count] of gradesOf(section)) grades.set(grade, (grades.get(grade) ?? 0) + count)
    if (section.kind === 'standing') standing += section.capacity
    else {
      seats += placeCount(section)
      rows += section.rows.length
    }
  }
  const kinds = special(plan, grades)
  const places = seats + standing
  return {
    places,
    seats,
    standing,
    rows,
    sections: plan.sections.length,
    forSale: places - kinds.house,
    grades: new Map([...grades].filter(([, count]) => count > 0)),
    kinds,
  }
}

const cache = new WeakMap<Section, ReadonlyMap<string, number>>()

/** By the grades of rows, before single places have others. */
function gradesOf(section: Section): ReadonlyMap<string, number> {
  const known = cache.get(section)
  if (known !== undefined) return known
  const grades = new Map<string, number>()
  const add = (grade: string, count: number) => grades.set(grade, (grades.get(grade) ?? 0) + count)
  if (section.kind === 'standing') add(section.grade, section.capacity)
  else for (const row of section.rows) add(row.grade ?? section.grade, row.seats)
  cache.set(section, grades)
  return grades
}

/** Counts kinds, and moves single places to their own grades. */
function special(plan: HousePlan, grades: Map<string, number>): Record<PlaceKind, number> {
  const kinds = { wheelchair: 0, companion: 0, restricted_view: 0, house: 0 }
  for (const [name, place] of Object.entries(plan.places)) {
    const found = findSeat(plan, name)
    if (found === undefined) continue
    if (place.kind !== undefined) kinds[place.kind] += 1
    const grade = found.row.grade ?? found.section.grade
    if (place.grade === undefined || place.grade === grade) continue
    grades.set(grade, (grades.get(grade) ?? 0) - 1)
    grades.set(place.grade, (grades.get(place.grade) ?? 0) + 1)
  }
  const kept = plan.sections.flatMap(keptByRows)
  kinds.house += kept.filter(name => plan.places[name]?.kind !== 'house').length
  return kinds
}

const keptCache = new WeakMap<Section, readonly string[]>()

/** Seats that their rows say the house keeps. */
function keptByRows(section: Section): readonly string[] {
  if (section.kind === 'standing') return []
  const known = keptCache.get(section)
  if (known !== undefined) return known
  const kept = section.rows.flatMap(row =>
    [...new Set(row.not_for_sale)].map(place => seatName(section.section, row.row, labelAt(row, place - 1))),
  )
  keptCache.set(section, kept)
  return kept
}

/** The names of all seats of a section. */
export function seatNames(section: Section): string[] {
  if (section.kind === 'standing') return []
  return section.rows.flatMap(row =>
    Array.from({ length: row.seats }, (_, place) => seatName(section.section, row.row, labelAt(row, place))),
  )
}
