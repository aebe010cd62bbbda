/** Checks a house as the server does, and counts its totals. */
import { plain } from '../plain.ts'
import { type House, ROW_SEATS_MAX, ROWS_MAX, SEATS_MAX, SECTIONS_MAX, type SectionDraft, toLayout } from './house.ts'

/** The server takes 4 MiB; 1 KiB of it is for the rest of the performance. */
export const LAYOUT_BYTES_MAX = 4 * 1024 * 1024 - 1024

export type SectionError = 'name' | 'nameTwice' | 'grade' | 'rows' | 'rowSeats'
export type HouseError = 'empty' | 'sections' | 'allRows' | 'seats' | 'bytes' | 'noneForSale'

export interface HouseErrors {
  house: HouseError | undefined
  /** By the section's key. */
  sections: ReadonlyMap<number, SectionError>
}

export interface Totals {
  seats: number
  /** Without the seats that are not for sale. */
  forSale: number
  kept: number
  rows: number
  /** In the order of the show's grades. */
  grades: { grade: string; seats: number; price: number; revenue: number }[]
  revenue: number
}

interface Priced {
  grade: string
  price: number
}

export function checkHouse(house: House, grades: readonly Priced[]): HouseErrors {
  const known = new Set(grades.map(({ grade }) => grade))
  const names = new Set<string>()
  const sections = new Map<number, SectionError>()
  for (const section of house.sections) {
    const name = plain(section.name)
    const error = sectionError(section, known) ?? (names.has(name) ? 'nameTwice' : undefined)
    if (error !== undefined) sections.set(section.key, error)
    names.add(name)
  }
  return { house: houseError(house), sections }
}

/** Letters and digits of any script, `_` and `.`. */
const NAME = /^[\p{Alphabetic}\p{N}_.]+$/u

function sectionError({ name, grade, rows }: SectionDraft, grades: ReadonlySet<string>): SectionError | undefined {
  const kept = plain(name)
  if (!NAME.test(kept) || [...kept].length > 20) return 'name'
  if (!grades.has(grade)) return 'grade'
  if (rows.length === 0) return 'rows'
  return rows.every(({ seats }) => seats >= 1 && seats <= ROW_SEATS_MAX) ? undefined : 'rowSeats'
}

function houseError(house: House): HouseError | undefined {
  const { seats, rows, forSale } = count(house.sections)
  if (house.sections.length === 0) return 'empty'
  if (house.sections.length > SECTIONS_MAX) return 'sections'
  if (seats > SEATS_MAX) return 'seats'
  if (rows > ROWS_MAX) return 'allRows'
  if (forSale === 0) return 'noneForSale'
  return bytesOf(house) > LAYOUT_BYTES_MAX ? 'bytes' : undefined
}

/** The size of the request's layout. */
export function bytesOf(house: House): number {
  return new TextEncoder().encode(JSON.stringify(toLayout(house))).length
}

export function totalsOf(house: House, grades: readonly Priced[]): Totals {
  const { seats, kept, rows, forSale } = count(house.sections)
  const byGrade = grades.map(({ grade, price }) => {
    const counted = count(house.sections.filter(section => section.grade === grade)).forSale
    return { grade, price, seats: counted, revenue: counted * price }
  })
  const revenue = byGrade.reduce((sum, grade) => sum + grade.revenue, 0)
  return { seats, forSale, kept, rows, grades: byGrade, revenue }
}

function count(sections: readonly SectionDraft[]): { seats: number; kept: number; rows: number; forSale: number } {
  let [seats, kept, rows] = [0, 0, 0]
  for (const section of sections) {
    rows += section.rows.length
    for (const row of section.rows) {
      seats += row.seats
      kept += row.kept.length
    }
  }
  return { seats, kept, rows, forSale: seats - kept }
}

export function seatCountOf(section: SectionDraft): number {
  return count([section]).seats
}
