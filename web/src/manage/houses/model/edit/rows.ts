/** Rows and their seats: how many, how far apart, and where aisles lead through. */
import { inHouse } from '../geometry.ts'
import { findSeat, labelOf, labelsOf, parseSeatName } from '../names.ts'
import {
  AISLE_M,
  DEPTH_M,
  type HousePlan,
  metres,
  type Numbers,
  PITCH_M,
  point,
  ROW_SEATS_MAX,
  ROWS_MAX,
  type Row,
  type RowsRef,
  type SeatsSection,
  sectionNamed,
} from '../plan.ts'
import { type ChangedRow, isChosen, type Patch, patched, withRows } from './change.ts'

export type RowEnd = 'left' | 'right' | 'both'

/** Drops rows from the back, or adds rows there like the last one. */
export function setRowCount(plan: HousePlan, name: string, count: number): HousePlan {
  const section = seated(plan, name)
  if (section === undefined) return plan
  const wanted = clamp(count, 1, ROWS_MAX)
  if (wanted > section.rows.length) return addRows(plan, name, wanted - section.rows.length, 'back')
  return withRows(plan, section, kept(section.rows.slice(0, wanted)))
}

/** Adds rows like the first one in front, where the first row moves forward, or like the last one at the back. */
export function addRows(plan: HousePlan, name: string, count: number, where: 'front' | 'back'): HousePlan {
  const section = seated(plan, name)
  if (section === undefined || count < 1) return plan
  const names = new Set(section.rows.map(({ row }) => row))
  const like = (where === 'front' ? section.rows[0] : section.rows.at(-1)) ?? { row: '', seats: 10 }
  const added: ChangedRow[] = []
  const room = Math.min(count, ROWS_MAX - section.rows.length)
  for (let number = section.rows.length + 1; added.length < room; number += 1) {
    const row = labelOf(/^[A-Z]+$/.test(like.row) ? 'letters' : 'numbers', number)
    if (names.has(row)) continue
    const { not_for_sale: _, ...others } = like
    added.push({ row: { ...others, row } })
  }
  const rows = kept(section.rows)
  if (where === 'back') return withRows(plan, section, [...rows, ...added])
  return withRows(plan, section, [...added, ...rows], movedForward(section, added.length * (like.depth_m ?? DEPTH_M)))
}

/** Its first row is further in front, and all others stay where they are. */
function movedForward(section: SeatsSection, by: number): Partial<SeatsSection> {
  const { x, y } = inHouse(section, 0, -by)
  const curve = section.curve_m === undefined ? {} : { curve_m: metres(section.curve_m - by) || 1 }
  return { at: point(x, y), ...curve }
}

/** Removes rows; a section whose rows are all removed goes as well. */
export function removeRows(plan: HousePlan, { section: name, rows }: RowsRef): HousePlan {
  const section = seated(plan, name)
  if (section === undefined) return plan
  const chosen = isChosen(rows)
  const left = section.rows.filter(row => !chosen(row))
  const without = withRows(plan, section, kept(left))
  if (left.length > 0) return without
  return { ...without, sections: without.sections.filter(({ section }) => section !== name) }
}

/** Makes rows as long, at one end or at both. Seats that stay keep their names where they are numbered from that side. */
export function setSeats(
  plan: HousePlan,
  { section: name, rows }: RowsRef,
  seats: number,
  end: RowEnd = 'both',
): HousePlan {
  return changeEach(plan, name, rows, row => resized(row, clamp(seats, 1, ROW_SEATS_MAX), end))
}

/** Makes each row `by` seats longer than the one in front of it. */
export function taper(plan: HousePlan, name: string, by: number): HousePlan {
  const first = seated(plan, name)?.rows[0]?.seats ?? 0
  return changeEach(plan, name, undefined, (row, index) =>
    resized(row, clamp(first + Math.trunc(index * by), 1, ROW_SEATS_MAX), 'both'),
  )
}

/** Changes what rows have in common; a property given as undefined goes back to what is usual. */
export function changeRows(
  plan: HousePlan,
  { section, rows }: RowsRef,
  change: Patch<Pick<Row, 'pitch_m' | 'depth_m' | 'offset_m' | 'grade'>>,
): HousePlan {
  const rounded = Object.fromEntries(
    Object.entries(change).map(([key, value]) => [key, typeof value === 'number' ? metres(value) : value]),
  )
  return changeEach(plan, section, rows, row => ({ row: patched(row, rounded), was: row }))
}

/** Aisles after so many seats. */
export function setAisles(plan: HousePlan, { section, rows }: RowsRef, after: readonly number[]): HousePlan {
  return changeEach(plan, section, rows, row => ({ row: withAisles(row, after), was: row }))
}

/** Adds or removes the aisle to the right of a seat, in its row alone. */
export function toggleAisle(plan: HousePlan, seat: string): HousePlan {
  const found = findSeat(plan, seat)
  if (found === undefined) return plan
  const { section, row, place } = found
  return setAisles(plan, { section: section.section, rows: [row.row] }, toggled(row.aisles ?? [], place + 1))
}

/** Adds or removes an aisle through the whole section, beside a seat. Rows that end before it get none. */
export function toggleAisleThrough(plan: HousePlan, seat: string): HousePlan {
  const found = findSeat(plan, seat)
  if (found === undefined) return plan
  const { section, row, place } = found
  const fromMiddle = place + 1 - row.seats / 2
  const removes = row.aisles?.includes(place + 1) ?? false
  return changeEach(plan, section.section, undefined, other => {
    const after = Math.round(other.seats / 2 + fromMiddle)
    const others = (other.aisles ?? []).filter(aisle => aisle !== after)
    return { row: withAisles(other, removes ? others : [...others, after]), was: other }
  })
}

/**
 * Removes seats. At the ends the row becomes shorter and the others stay where they are; seats removed from its middle leave
 * an aisle. The others keep their names. A row without seats goes, and so does a section without rows.
 */
export function removeSeats(plan: HousePlan, names: readonly string[]): HousePlan {
  const byRow = new Map<string, Set<string>>()
  for (const name of names) {
    const parts = parseSeatName(name)
    if (parts === undefined) continue
    const key = `${parts.section}-${parts.row}`
    byRow.set(key, (byRow.get(key) ?? new Set()).add(parts.label))
  }
  const sections = new Set(names.map(name => parseSeatName(name)?.section ?? ''))
  return [...sections].reduce((edited, name) => removeSeatsOf(edited, name, byRow), plan)
}

function removeSeatsOf(plan: HousePlan, name: string, byRow: ReadonlyMap<string, ReadonlySet<string>>): HousePlan {
  const section = seated(plan, name)
  if (section === undefined) return plan
  const rows = section.rows.flatMap((row): ChangedRow | ChangedRow[] => {
    const removed = byRow.get(`${name}-${row.row}`)
    return removed === undefined ? { row, was: row } : (thinned(row, removed) ?? [])
  })
  const without = withRows(plan, section, rows)
  if (rows.length > 0) return without
  return { ...without, sections: without.sections.filter(({ section }) => section !== name) }
}

/** A row without some of its seats; undefined if none is left. */
function thinned(row: Row, removed: ReadonlySet<string>): ChangedRow | undefined {
  const labels = labelsOf(row)
  const stays = labels.flatMap((label, place) => (removed.has(label) ? [] : [place]))
  const [first, last] = [stays[0], stays.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const places = new Map(stays.map((place, next) => [place, next]))
  const gaps = stays.flatMap((place, next) => (next > 0 && place - (stays[next - 1] ?? 0) > 1 ? [next] : []))
  const aisles = (row.aisles ?? []).map(after => stays.filter(place => place < after).length)
  const cut =
    (row.aisles ?? []).filter(after => after <= first).length - (row.aisles ?? []).filter(after => after > last).length
  const pitch = row.pitch_m ?? PITCH_M
  const shift = ((first - (row.seats - 1 - last)) * pitch + cut * AISLE_M) / 2
  const next: Row = withAisles(
    withNumbers({ ...row, seats: stays.length }, numbersOf(stays.map(place => labels[place] ?? ''))),
    [...aisles, ...gaps],
  )
  const to = (place: number) => places.get(place)
  return { row: movedAlong(keptBy(next, row, to), shift), was: row, to }
}

/** Longer or shorter at its ends. What is between stays where it is, unless both ends change alike. */
function resized(row: Row, seats: number, end: RowEnd): ChangedRow {
  const more = seats - row.seats
  if (more === 0) return { row, was: row }
  const left = end === 'left' ? more : end === 'right' ? 0 : Math.trunc(more / 2)
  const to = (place: number) => (place + left >= 0 && place + left < seats ? place + left : undefined)
  const aisles = (row.aisles ?? []).map(after => after + left)
  const next = withAisles(withNumbers({ ...row, seats }, resizedNumbers(row, seats, left)), aisles)
  const half = ((row.pitch_m ?? PITCH_M) * more) / 2
  const shift = end === 'both' ? 0 : end === 'left' ? -half : half
  return { row: movedAlong(keptBy(next, row, to), shift), was: row, to }
}

/** Counted numbers start at the left as before, so that a row stays numbered as it is; labels get new ones at the ends. */
function resizedNumbers(row: Row, seats: number, left: number): Numbers | undefined {
  const { numbers } = row
  if (numbers === undefined) return undefined
  if ('first' in numbers) {
    // Descending numbers end where they ended.
    return numbers.step > 0
      ? numbers
      : { first: numbers.first - numbers.step * (seats - row.seats), step: numbers.step }
  }
  const taken = new Set(numbers)
  let next = 1
  const fresh = () => {
    while (taken.has(String(next))) next += 1
    taken.add(String(next))
    return String(next)
  }
  return Array.from({ length: seats }, (_, place) => numbers[place - left] ?? fresh())
}

function changeEach(
  plan: HousePlan,
  name: string,
  rows: readonly string[] | undefined,
  change: (row: Row, index: number) => ChangedRow,
): HousePlan {
  const section = seated(plan, name)
  if (section === undefined) return plan
  const chosen = isChosen(rows)
  return withRows(
    plan,
    section,
    section.rows.map((row, index) => (chosen(row) ? change(row, index) : { row, was: row })),
  )
}

export function withAisles(row: Row, after: readonly number[]): Row {
  const inside = [...new Set(after)].filter(aisle => aisle > 0 && aisle < row.seats).sort((one, other) => one - other)
  return patched(row, { aisles: inside.length === 0 ? undefined : inside })
}

export function withNumbers(row: Row, numbers: Numbers | undefined): Row {
  return patched(row, { numbers: numbers === undefined ? undefined : shortest(numbers, row.seats) })
}

/** Numbers by counting, where labels count, and none where they count from 1. */
export function numbersOf(labels: readonly string[]): Numbers | undefined {
  return shortest(labels, labels.length)
}

function shortest(numbers: Numbers, seats: number): Numbers | undefined {
  const counted = 'first' in numbers ? numbers : counting(numbers)
  if (counted === undefined) return numbers
  return counted.first === 1 && (counted.step === 1 || seats === 1) ? undefined : counted
}

function counting(labels: readonly string[]): { first: number; step: number } | undefined {
  if (!labels.every(label => /^[1-9]\d{0,4}$/.test(label))) return undefined
  const [first = 1, second = first + 1] = labels.map(Number)
  const step = second - first
  const counts = step !== 0 && labels.every((label, place) => Number(label) === first + step * place)
  return counts ? { first, step } : undefined
}

function keptBy(row: Row, was: Row, to: (place: number) => number | undefined): Row {
  const places = (was.not_for_sale ?? []).flatMap(place => {
    const next = to(place - 1)
    return next === undefined ? [] : [next + 1]
  })
  return patched(row, { not_for_sale: places.length === 0 ? undefined : places })
}

function movedAlong(row: Row, by: number): Row {
  const offset = metres((row.offset_m ?? 0) + by)
  return patched(row, { offset_m: offset === 0 ? undefined : offset })
}

function toggled(after: readonly number[], aisle: number): number[] {
  return after.includes(aisle) ? after.filter(other => other !== aisle) : [...after, aisle]
}

function kept(rows: readonly Row[]): ChangedRow[] {
  return rows.map(row => ({ row, was: row }))
}

function seated(plan: HousePlan, name: string): SeatsSection | undefined {
  const section = sectionNamed(plan, name)
  return section?.kind === 'seats' ? section : undefined
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)))
}
