/** The names of places, and sequences of labels: numbers, letters and Hangul. */
import { type HousePlan, type Row, type Section, sectionNamed } from './plan.ts'

export type LabelKind = 'numbers' | 'letters' | 'hangul'

const HANGUL = '가나다라마바사아자차카타파하'

/** The label of a number from 1: `3`, `C` or `다`; after the last letter `AA`, after `하` `가2`. */
export function labelOf(kind: LabelKind, number: number): string {
  if (kind === 'numbers') return String(number)
  if (kind === 'letters') return letters(number)
  const turn = Math.ceil(number / HANGUL.length)
  return (HANGUL[(number - 1) % HANGUL.length] ?? '') + (turn > 1 ? turn : '')
}

function letters(number: number): string {
  const letter = String.fromCharCode(65 + ((number - 1) % 26))
  return number <= 26 ? letter : letters(Math.floor((number - 1) / 26)) + letter
}

/** What the seats of a row are called, from left to right. */
export function labelsOf(row: Row): string[] {
  return Array.from({ length: row.seats }, (_, place) => labelAt(row, place))
}

/** What a seat is called, given its place from the left, from 0. */
export function labelAt({ numbers }: Row, place: number): string {
  if (numbers === undefined) return String(place + 1)
  if ('first' in numbers) return String(numbers.first + numbers.step * place)
  return numbers[place] ?? ''
}

/** The place of a label in its row, from 0; -1 if it has none. */
export function placeOfLabel(row: Row, label: string): number {
  const { numbers } = row
  if (numbers !== undefined && !('first' in numbers)) return numbers.indexOf(label)
  if (!/^[1-9]\d*$/.test(label)) return -1
  const { first, step } = numbers ?? { first: 1, step: 1 }
  const place = (Number(label) - first) / step
  return Number.isInteger(place) && place >= 0 && place < row.seats ? place : -1
}

export function seatName(section: string, row: string, label: string): string {
  return `${section}-${row}-${label}`
}

export interface SeatParts {
  section: string
  row: string
  label: string
}

/** The parts of `A-12-7`. */
export function parseSeatName(name: string): SeatParts | undefined {
  const [section, row, label, ...more] = name.split('-')
  if (!section || !row || !label || more.length > 0) return undefined
  return { section, row, label }
}

/** Where a seat is in its plan, all counted from 0. */
export interface SeatAddress {
  section: Section & { kind: 'seats' }
  row: Row
  rowIndex: number
  place: number
}

export function findSeat(plan: HousePlan, name: string): SeatAddress | undefined {
  const parts = parseSeatName(name)
  const section = parts && sectionNamed(plan, parts.section)
  if (section?.kind !== 'seats') return undefined
  const rowIndex = rowIndexes(section.rows).get(parts?.row ?? '') ?? -1
  const row = section.rows[rowIndex]
  if (row === undefined || parts === undefined) return undefined
  const place = placeOfLabel(row, parts.label)
  return place < 0 ? undefined : { section, row, rowIndex, place }
}

const indexesByRows = new WeakMap<readonly Row[], ReadonlyMap<string, number>>()

function rowIndexes(rows: readonly Row[]): ReadonlyMap<string, number> {
  const known = indexesByRows.get(rows) ?? new Map(rows.map(({ row }, index) => [row, index]))
  indexesByRows.set(rows, known)
  return known
}

/** The next free name of a section: after `A`, `B`; after `101`, `102`; after `가`, `나`; after anything else, `…2`. */
export function nextSectionName(plan: HousePlan, after = plan.sections.at(-1)?.section ?? ''): string {
  return nextName(new Set(plan.sections.map(({ section }) => section)), after)
}

export function nextName(taken: ReadonlySet<string>, after: string): string {
  let name = after === '' ? 'A' : following(after)
  while (taken.has(name)) name = following(name)
  return name
}

function following(name: string): string {
  const [, stem = '', digits] = /^(.*?)(\d+)$/.exec(name) ?? []
  if (digits !== undefined) return stem + String(Number(digits) + 1).padStart(digits.length, '0')
  if (/^[A-Y]$/.test(name)) return String.fromCharCode(name.charCodeAt(0) + 1)
  const hangul = HANGUL.indexOf(name)
  if (name.length === 1 && hangul >= 0 && hangul < HANGUL.length - 1) return HANGUL.charAt(hangul + 1)
  return `${name === 'Z' ? 'A' : name}2`
}
