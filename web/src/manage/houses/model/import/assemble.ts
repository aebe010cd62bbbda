/** Makes a plan of seats that were drawn one by one. */
import { plain } from '../../../plain.ts'
import { mark } from '../edit/places.ts'
import { nextName, seatName } from '../names.ts'
import {
  EMPTY_PLAN,
  type HousePlan,
  PART_NAME_MAX,
  type Place,
  type PlaceKind,
  type Point,
  SEATS_MAX,
  SECTIONS_MAX,
  type SeatsSection,
  type Shape,
  type StandingSection,
} from '../plan.ts'
import { type Behind, blocksOf } from './blocks.ts'
import { type DrawnRow, type DrawnSeat, type Fit, middleOf } from './fit.ts'
import { ImportError, type Imported, type Remark } from './imported.ts'

/** A seat as a file has it, in metres. */
export interface FoundSeat extends Point {
  section: string
  row: string
  label: string
  grade?: string
  kind?: PlaceKind
  companion_of?: string
  note?: string
}

export interface Found {
  name: string
  seats: readonly FoundSeat[]
  standing?: readonly StandingSection[]
  stage?: readonly Shape[]
  decorations?: readonly Shape[]
  /** What rows look at; undefined: the first row of each section is its front, as the file says it. */
  focus?: Point
}

/** Of seats whose file says no grade. */
export const GRADE = 'R'
/** Less is not told: it is what rounding does. */
const OFF_TOLD_M = 0.03

export function assembled(found: Found, remarks: readonly Remark[] = []): Imported {
  const told = [...remarks]
  const { sections, twice, changed } = grouped(found.seats)
  if (twice > 0) told.push({ code: 'twice', values: { count: twice } })
  if (changed > 0) told.push({ code: 'renamed', values: { count: changed } })
  const standing = found.standing ?? []
  if (sections.size + standing.length === 0) throw new ImportError('noSeats')
  const taken = new Set([...sections.keys(), ...standing.map(({ section }) => section)])
  const seated: SeatsSection[] = []
  const places: Record<string, Place> = {}
  for (const [name, rows] of sections) {
    const fits = blocksOf(name, drawnRows(rows), behindOf(found.focus))
    const names = fits.map((_, index) => (index === 0 ? name : freeName(taken, name, index + 1)))
    told.push(...remarksOf(name, fits, names))
    fits.forEach((fit, index) => {
      seated.push(finished(fit, names[index] ?? name, rows, places))
    })
    if (seated.length > SECTIONS_MAX) throw new ImportError('tooManySections', {}, { max: SECTIONS_MAX })
  }
  const plan: HousePlan = {
    ...EMPTY_PLAN,
    name: plain(found.name).slice(0, 100),
    stage: found.stage ?? [],
    decorations: found.decorations ?? [],
    sections: [...seated, ...standing],
    places,
  }
  return withCompanions(plan, told)
}

type FoundRows = Map<string, Map<string, FoundSeat>>

/** Sections, rows and seats by their names, in the order of the file. */
function grouped(seats: readonly FoundSeat[]): { sections: Map<string, FoundRows>; twice: number; changed: number } {
  if (seats.length > SEATS_MAX) throw new ImportError('tooManySeats', {}, { max: SEATS_MAX })
  const sections = new Map<string, FoundRows>()
  const named = remembered(raw => ({ name: nameFrom(raw), isChanged: nameFrom(raw) !== plain(raw) }))
  let [twice, changed] = [0, 0]
  for (const seat of seats) {
    const words = { section: named(seat.section), row: named(seat.row), label: named(seat.label) }
    const [section, row, label] = [words.section.name, words.row.name, words.label.name]
    if (words.section.isChanged || words.row.isChanged || words.label.isChanged) changed += 1
    const rows = sections.get(section) ?? new Map()
    sections.set(section, rows)
    const inRow = rows.get(row) ?? new Map()
    rows.set(row, inRow)
    if (inRow.has(label)) twice += 1
    else inRow.set(label, { ...seat, section, row, label })
  }
  return { sections, twice, changed }
}

/** The same few words come again and again. */
function remembered<T>(work: (raw: string) => T): (raw: string) => T {
  const known = new Map<string, T>()
  return raw => {
    const result = known.get(raw) ?? work(raw)
    known.set(raw, result)
    return result
  }
}

/** A name that can stand between hyphens. */
export function nameFrom(raw: string): string {
  const name = plain(raw).replace(/[^\p{Alphabetic}\p{N}_.]+/gu, '_')
  return [...(name === '' ? '_' : name)].slice(0, PART_NAME_MAX).join('')
}

function drawnRows(rows: FoundRows): DrawnRow[] {
  return [...rows].map(([row, seats]) => ({ row, seats: [...seats.values()] }))
}

/** Away from the focus, or else from the first row to the last; of a single row, from left to right is the file's order. */
function behindOf(focus: Point | undefined): Behind {
  return rows => {
    const [first, last] = [rows[0]?.seats ?? [], rows.at(-1)?.seats ?? []]
    if (focus !== undefined) {
      const middle = middleOf(rows.flatMap(({ seats }) => seats))
      return { x: middle.x - focus.x, y: middle.y - focus.y }
    }
    const [from, to] = [middleOf(first), middleOf(last)]
    const behind = { x: to.x - from.x, y: to.y - from.y }
    if (rows.length > 1 && Math.hypot(behind.x, behind.y) > 0.1) return behind
    const [left, right] = [first[0] ?? from, first.at(-1) ?? from]
    return left === right ? { x: 0, y: 1 } : { x: left.y - right.y, y: right.x - left.x }
  }
}

function freeName(taken: Set<string>, name: string, number: number): string {
  const stem = [...name].slice(0, PART_NAME_MAX - 4).join('')
  const wanted = `${stem}_${number}`
  const free = taken.has(wanted) ? nextName(taken, wanted) : wanted
  taken.add(free)
  return free
}

function remarksOf(name: string, fits: readonly Fit[], names: readonly string[]): Remark[] {
  const cut: Remark[] = fits.length > 1 ? [{ code: 'cut', values: { section: name, into: names.join(', ') } }] : []
  const off = fits.flatMap((fit, index): Remark[] => {
    const [section, { row, label }] = [names[index] ?? name, fit.worst]
    const values = { section, seat: seatName(section, row, label), cm: Math.round(fit.off * 100) }
    return fit.off > OFF_TOLD_M ? [{ code: 'off', values }] : []
  })
  return [...cut, ...off]
}

/** Gives the section its name and its grades, and says what is special about its places. */
function finished(fit: Fit, name: string, rows: FoundRows, places: Record<string, Place>): SeatsSection {
  const seatOf = (row: string, { label }: DrawnSeat) => rows.get(row)?.get(label)
  const tidied = remembered(raw => plain(raw) || GRADE)
  const gradeOf = (row: string) => (seat: DrawnSeat) => tidied(seatOf(row, seat)?.grade ?? '')
  const grades = fit.section.rows.map(({ row }, index) => (fit.seats[index] ?? []).map(gradeOf(row)))
  const grade = mostOf(grades.flat())
  const graded = fit.section.rows.map((row, index) => {
    const own = mostOf(grades[index] ?? [])
    ;(fit.seats[index] ?? []).forEach((seat, place) => {
      const special = placeFrom(seatOf(row.row, seat), grades[index]?.[place] ?? own, own)
      if (special !== undefined) places[seatName(name, row.row, seat.label)] = special
    })
    return own === grade ? row : { ...row, grade: own }
  })
  return { ...fit.section, section: name, grade, rows: graded }
}

function placeFrom(seat: FoundSeat | undefined, grade: string, rowGrade: string): Place | undefined {
  const place: Place = {
    ...(grade === rowGrade ? {} : { grade }),
    ...(seat?.kind === undefined ? {} : { kind: seat.kind }),
    ...(seat?.companion_of ? { companion_of: plain(seat.companion_of) } : {}),
    ...(seat?.note ? { note: plain(seat.note) } : {}),
  }
  return Object.keys(place).length === 0 ? undefined : place
}

function mostOf(values: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let [most, best] = [0, GRADE]
  for (const [value, count] of counts) if (count > most) [most, best] = [count, value]
  return best
}

/** Companions whose file does not say whose they are belong to the nearest wheelchair place, or are seats like all others. */
function withCompanions(plan: HousePlan, remarks: readonly Remark[]): Imported {
  const isWheelchair = (name: string | undefined) => name !== undefined && plan.places[name]?.kind === 'wheelchair'
  const lost = Object.entries(plan.places).filter(
    ([, { kind, companion_of }]) => kind === 'companion' && !isWheelchair(companion_of),
  )
  const names = lost.map(([name]) => name)
  const found = mark(mark(plan, names, undefined), names, 'companion')
  const unfound = names.filter(name => found.places[name]?.companion_of === undefined)
  const told: Remark[] = unfound.map(seat => ({ code: 'companion', values: { seat } }))
  return { plan: mark(found, unfound, undefined), remarks: [...remarks, ...told] }
}
