/** What all edits are made of: parts of a plan are exchanged, and what is special about places follows their seats. */
import { labelAt, placeOfLabel, seatName } from '../names.ts'
import type { HousePlan, Place, Places, Row, SeatsSection, Section } from '../plan.ts'

/** Exchanges sections. Names of places stay as they are. The same plan if nothing changes. */
export function withSections(
  plan: HousePlan,
  names: readonly string[],
  change: (section: Section) => Section,
): HousePlan {
  const wanted = new Set(names)
  let changed = false
  const sections = plan.sections.map(section => {
    if (!wanted.has(section.section)) return section
    const next = change(section)
    changed ||= next !== section
    return next
  })
  return changed ? { ...plan, sections } : plan
}

/** A row after a change, and where its seats were. */
export interface ChangedRow {
  row: Row
  /** The row as it was; missing if it is new. */
  was?: Row
  /** The new place of a seat, both from 0; undefined if it is gone. The same place if missing. */
  to?: (place: number) => number | undefined
}

/** Exchanges the rows of a section. Special places follow their seats, and go with them. */
export function withRows(
  plan: HousePlan,
  section: SeatsSection,
  rows: readonly ChangedRow[],
  change: Partial<SeatsSection> = {},
): HousePlan {
  if (rows.length === section.rows.length && rows.every(({ row }, index) => row === section.rows[index])) return plan
  const next = { ...section, ...change, rows: rows.map(({ row }) => row) }
  const sections = plan.sections.map(other => (other === section ? next : other))
  return { ...plan, sections, places: renamed(plan.places, renamer(section, rows)) }
}

function renamer(section: SeatsSection, rows: readonly ChangedRow[]): (name: string) => string | undefined {
  const prefix = `${section.section}-`
  const after = new Map(
    rows.flatMap(changed => (changed.was === undefined ? [] : [[changed.was.row, changed] as const])),
  )
  const before = new Map(section.rows.map(row => [row.row, row]))
  return name => {
    if (!name.startsWith(prefix)) return name
    const cut = name.lastIndexOf('-')
    const rowName = name.slice(prefix.length, cut)
    const was = before.get(rowName)
    if (was === undefined) return name
    const changed = after.get(rowName)
    const place = placeOfLabel(was, name.slice(cut + 1))
    if (place < 0) return name
    const next = changed?.to === undefined ? place : changed.to(place)
    if (changed === undefined || next === undefined || next >= changed.row.seats) return undefined
    return seatName(section.section, changed.row.row, labelAt(changed.row, next))
  }
}

/** Gives places other names. A companion whose wheelchair place is gone is a seat like all others. */
export function renamed(places: Places, rename: (name: string) => string | undefined): Places {
  const entries = Object.entries(places)
  let changed = false
  const next = entries.flatMap(([name, place]) => {
    const [to, kept] = [rename(name), companionRenamed(place, rename)]
    changed ||= to !== name || kept !== place
    return to === undefined || isPlain(kept) ? [] : [[to, kept] as const]
  })
  return changed ? Object.fromEntries(next) : places
}

function companionRenamed(place: Place, rename: (name: string) => string | undefined): Place {
  if (place.companion_of === undefined) return place
  const of = rename(place.companion_of)
  if (of === place.companion_of) return place
  if (of !== undefined) return { ...place, companion_of: of }
  const { companion_of: _, kind: __, ...others } = place
  return others
}

/** Whether nothing is special about it. */
export function isPlain(place: Place): boolean {
  return Object.keys(place).length === 0
}

/** A copy whose properties that are undefined are missing. */
export type Patch<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** The thing with some properties exchanged; those given as undefined are removed. The same thing if nothing changes. */
export function patched<T extends object>(thing: T, patch: Patch<T>): T {
  const entries = Object.entries(patch).filter(([key, value]) => !isSame(thing[key as keyof T], value))
  if (entries.length === 0) return thing
  const next = { ...thing, ...Object.fromEntries(entries) }
  for (const [key, value] of entries) if (value === undefined) delete next[key as keyof T]
  return next
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other))
}

/** The rows of a section that are named, or all of them. */
export function isChosen(rows: readonly string[] | undefined): (row: Row) => boolean {
  if (rows === undefined) return () => true
  const names = new Set(rows)
  return ({ row }) => names.has(row)
}
