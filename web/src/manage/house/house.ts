/** A house while it is being built: sections of rows of seats, and every change an organizer can make. */
import type { Schemas } from '../../api/client.ts'
import { plain } from '../plain.ts'

export type NewLayout = Schemas['NewLayout']
export type NewSection = Schemas['NewSection']

export type RowNames = 'numbers' | 'letters'

export interface RowDraft {
  seats: number
  /** Numbers of the seats that are not for sale, in order. */
  kept: number[]
}

/** A section. Its rows are named by their order. */
export interface SectionDraft {
  /** Identifies the section within this draft. */
  key: number
  name: string
  grade: string
  rowNames: RowNames
  rows: RowDraft[]
}

export interface House {
  sections: SectionDraft[]
}

export const SEATS_MAX = 100_000
export const SECTIONS_MAX = 500
export const ROWS_MAX = 5_000
export const ROW_SEATS_MAX = 1_000

/** `1`, `2` … or `A` … `Z`, `AA` … */
export function rowName(names: RowNames, index: number): string {
  if (names === 'numbers') return String(index + 1)
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : rowName(names, Math.floor(index / 26) - 1) + letter
}

export function section(key: number, name: string, grade: string, rows: number, seats: number): SectionDraft {
  return { key, name, grade, rowNames: 'numbers', rows: Array.from({ length: rows }, () => ({ seats, kept: [] })) }
}

/** Adds a section like the last one. */
export function withSection(house: House, grade: string): House {
  const last = house.sections.at(-1)
  const added = section(nextKey(house), nextName(house), last?.grade ?? grade, last?.rows.length ?? 10, 10)
  const rows = last === undefined ? added.rows : last.rows.map(({ seats }) => ({ seats, kept: [] }))
  return { sections: [...house.sections, { ...added, rowNames: last?.rowNames ?? 'numbers', rows }] }
}

export function withCopy(house: House, key: number): House {
  const copies = house.sections.flatMap(section =>
    section.key === key ? [section, { ...section, key: nextKey(house), name: nextName(house, section.name) }] : section,
  )
  return { sections: copies }
}

export function withoutSection(house: House, key: number): House {
  return { sections: house.sections.filter(section => section.key !== key) }
}

/** Moves a section nearer to the stage or further from it. */
export function withMoved(house: House, key: number, by: -1 | 1): House {
  const from = house.sections.findIndex(section => section.key === key)
  const to = from + by
  const [moved, other] = [house.sections[from], house.sections[to]]
  if (moved === undefined || other === undefined) return house
  return { sections: house.sections.with(from, other).with(to, moved) }
}

export function withChanged(house: House, key: number, change: (section: SectionDraft) => SectionDraft): House {
  return { sections: house.sections.map(section => (section.key === key ? change(section) : section)) }
}

/** Drops rows from the end, or adds rows like the last one. */
export function withRows(section: SectionDraft, count: number): SectionDraft {
  const seats = section.rows.at(-1)?.seats ?? 10
  const more = Array.from({ length: Math.max(0, count - section.rows.length) }, () => ({ seats, kept: [] }))
  return { ...section, rows: [...section.rows.slice(0, count), ...more] }
}

/** Makes all rows equally long. */
export function withSeats(section: SectionDraft, seats: number): SectionDraft {
  return { ...section, rows: section.rows.map(row => resized(row, seats)) }
}

export function withRowSeats(section: SectionDraft, index: number, seats: number): SectionDraft {
  return { ...section, rows: section.rows.map((row, at) => (at === index ? resized(row, seats) : row)) }
}

/** Takes a seat off sale, or puts it back. */
export function withToggled(section: SectionDraft, index: number, number: number): SectionDraft {
  const toggle = (row: RowDraft) => {
    const others = row.kept.filter(kept => kept !== number)
    const kept = others.length < row.kept.length ? others : [...others, number].sort((a, b) => a - b)
    return { ...row, kept }
  }
  return { ...section, rows: section.rows.map((row, at) => (at === index ? toggle(row) : row)) }
}

function resized(row: RowDraft, seats: number): RowDraft {
  return { seats, kept: row.kept.filter(number => number <= seats) }
}

function nextKey({ sections }: House): number {
  return Math.max(0, ...sections.map(({ key }) => key)) + 1
}

/** The next free name: after `A`, `B`; after `101`, `102`; after anything else, `…2`. */
export function nextName({ sections }: House, after = sections.at(-1)?.name ?? ''): string {
  const taken = new Set(sections.map(({ name }) => name))
  let name = after === '' ? 'A' : following(after)
  while (taken.has(name)) name = following(name)
  return name
}

function following(name: string): string {
  const [, stem = '', digits] = /^(.*?)(\d+)$/.exec(name) ?? []
  if (digits !== undefined) return stem + String(Number(digits) + 1).padStart(digits.length, '0')
  if (/^[A-Y]$/.test(name)) return String.fromCharCode(name.charCodeAt(0) + 1)
  return `${name === 'Z' ? 'A' : name}2`
}

/** The layout to send to the server. */
export function toLayout({ sections }: House): NewLayout {
  return {
    sections: sections.map(({ name, grade, rowNames, rows }) => ({
      section: plain(name),
      grade,
      rows: rows.map(({ seats, kept }, index) => ({
        row: rowName(rowNames, index),
        seats,
        ...(kept.length === 0 ? {} : { not_for_sale: kept }),
      })),
    })),
  }
}
