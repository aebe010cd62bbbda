/**
 * The plan as the server would serve it (`GET /v1/seats/{performance}/layout`): what the map draws, for the editor and its
 * preview. A test holds it to what the server answers (functions/seat-map/placed.json).
 */
import { linesOf, positionsOf, type SeatPosition } from './geometry.ts'
import { findSeat, labelsOf, seatName } from './names.ts'
import { outlineAround } from './outline.ts'
import {
  type Corner,
  centimetres,
  type HousePlan,
  type Place,
  type PlaceKind,
  type Point,
  type Row,
  rounded,
  type SeatsSection,
  type Section,
  type Shape,
  type ShapeKind,
} from './plan.ts'

/** Lengths are centimetres, turns tenths of a degree. */
export interface PlacedPlan {
  layout_id: string
  seat_count: number
  focus: [number, number]
  stage: PlacedShape[]
  decorations: PlacedShape[]
  sections: PlacedSection[]
  places: PlacedPlace[]
}

export interface PlacedShape {
  kind: ShapeKind
  outline?: number[]
  text?: string
  at: [number, number]
}

export interface PlacedSection {
  section: string
  grade: string
  kind: 'seats' | 'standing'
  entrance?: string
  /** x and y in turn. */
  outline: number[]
  rows: PlacedRow[]
  first_index: number
  capacity?: number
}

export interface PlacedRow {
  row: string
  first_index: number
  numbers: (number | string)[]
  x: number
  y: number
  turn: number
  dx?: number[]
  dy?: number[]
  dturn?: number[]
  aisles?: number[]
  grade?: string
}

export interface PlacedPlace {
  index: number
  kind?: PlaceKind
  grade?: string
  companion_of?: number
  note?: string
}

const NIL = '00000000-0000-0000-0000-000000000000'

/** The served form. A section that did not change is the same object as before, unless places before it were added. */
export function placed(plan: HousePlan): PlacedPlan {
  let first = 0
  const sections = plan.sections.map(section => {
    const served = placedSection(section, first)
    first += countOf(served)
    return served
  })
  const focus = focusOf(plan)
  return {
    layout_id: NIL,
    seat_count: first,
    focus: [centimetres(focus.x), centimetres(focus.y)],
    stage: plan.stage.map(placedShape),
    decorations: plan.decorations.map(placedShape),
    sections,
    places: placedPlaces(plan, sections),
  }
}

/** What the audience looks at: as the plan says, or else the middle of its stage, or of the front of its seats. */
export function focusOf(plan: HousePlan): Point {
  return plan.focus ?? middleOf(plan.stage) ?? frontOf(plan)
}

/** Where a seat stands; undefined if there is none of this name. */
export function seatPosition(plan: HousePlan, name: string): SeatPosition | undefined {
  const found = findSeat(plan, name)
  return found && seatsOf(found.section)[found.rowIndex]?.[found.place]
}

const seatsCache = new WeakMap<SeatsSection, SeatPosition[][]>()

/** Where the seats of each row stand. */
export function seatsOf(section: SeatsSection): readonly (readonly SeatPosition[])[] {
  const known = seatsCache.get(section)
  if (known !== undefined) return known
  const lines = linesOf(section)
  const seats = section.rows.map((row, index) => {
    const line = lines[index]
    return line === undefined ? [] : positionsOf(line, row)
  })
  seatsCache.set(section, seats)
  return seats
}

/** The corners of a section, in metres. */
export function sectionOutline(section: Section): Point[] {
  if (section.kind === 'seats') return outlineAround(linesOf(section))
  return section.outline.map(([x, y]) => ({ x: section.at.x + x, y: section.at.y + y }))
}

const sectionCache = new WeakMap<Section, PlacedSection>()

function placedSection(section: Section, first: number): PlacedSection {
  const known = sectionCache.get(section)
  if (known?.first_index === first) return known
  const served = known === undefined ? newPlacedSection(section, first) : moved(known, first - known.first_index)
  sectionCache.set(section, served)
  return served
}

function moved(section: PlacedSection, by: number): PlacedSection {
  const rows = section.rows.map(row => ({ ...row, first_index: row.first_index + by }))
  return { ...section, first_index: section.first_index + by, rows }
}

function newPlacedSection(section: Section, first: number): PlacedSection {
  const { section: name, grade, kind, entrance } = section
  return {
    section: name,
    grade,
    kind,
    ...(entrance === undefined ? {} : { entrance }),
    outline: sectionOutline(section).flatMap(({ x, y }) => [centimetres(x), centimetres(y)]),
    rows: section.kind === 'seats' ? placedRows(section, first) : [],
    first_index: first,
    ...(section.kind === 'standing' ? { capacity: section.capacity } : {}),
  }
}

function placedRows(section: SeatsSection, first: number): PlacedRow[] {
  const seats = seatsOf(section)
  let next = first
  return section.rows.map((row, index) => {
    const served = placedRow(row, next, seats[index] ?? [], section.grade)
    next += row.seats
    return served
  })
}

function placedRow(row: Row, first: number, seats: readonly SeatPosition[], grade: string): PlacedRow {
  const [x, dx] = stepped(seats.map(seat => centimetres(seat.x)))
  const [y, dy] = stepped(seats.map(seat => centimetres(seat.y)))
  const [turn, dturn] = stepped(seats.map(seat => rounded(seat.turnDeg * 10)))
  return {
    row: row.row,
    first_index: first,
    numbers: labelsOf(row).map(numberOrWord),
    x,
    y,
    turn,
    ...(dx.length > 0 ? { dx } : {}),
    ...(dy.length > 0 ? { dy } : {}),
    ...(dturn.length > 0 ? { dturn } : {}),
    ...(row.aisles !== undefined && row.aisles.length > 0 ? { aisles: [...row.aisles] } : {}),
    ...(row.grade === undefined || row.grade === grade ? {} : { grade: row.grade }),
  }
}

/** `7` is a number; `07` and `가` are words, which print as they are written. */
function numberOrWord(label: string): number | string {
  return /^[1-9]\d{0,8}$/.test(label) ? Number(label) : label
}

/** The first value and the steps to each next one: one if all are equal, none if all are 0. */
function stepped(values: readonly number[]): [number, number[]] {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0))
  const [first = 0] = values
  if (steps.some(step => step !== steps[0])) return [first, steps]
  return [first, steps.slice(0, 1).filter(step => step !== 0)]
}

function placedShape({ kind, at, outline = [], text }: Shape): PlacedShape {
  return {
    kind,
    ...(outline.length === 0 ? {} : { outline: outline.flatMap(corner => around(at, corner)) }),
    ...(text === undefined ? {} : { text }),
    at: [centimetres(at.x), centimetres(at.y)],
  }
}

function around(at: Point, [x, y]: Corner): [number, number] {
  return [centimetres(at.x + x), centimetres(at.y + y)]
}

function placedPlaces(plan: HousePlan, sections: readonly PlacedSection[]): PlacedPlace[] {
  const indexOf = indexer(plan, sections)
  const served = Object.entries(plan.places).flatMap(([name, place]) => {
    const index = indexOf(name)
    return index === undefined ? [] : [placedPlace(index, place, indexOf)]
  })
  return served.sort((one, other) => one.index - other.index)
}

function placedPlace(index: number, place: Place, indexOf: (name: string) => number | undefined): PlacedPlace {
  const of = place.kind === 'companion' && place.companion_of !== undefined ? indexOf(place.companion_of) : undefined
  return {
    index,
    ...(place.kind === undefined ? {} : { kind: place.kind }),
    ...(place.grade === undefined ? {} : { grade: place.grade }),
    ...(of === undefined ? {} : { companion_of: of }),
    ...(place.note === undefined ? {} : { note: place.note }),
  }
}

/** Finds the index of a seat by its name. Each row's names are listed when one of them is first asked for. */
function indexer(plan: HousePlan, sections: readonly PlacedSection[]): (name: string) => number | undefined {
  const rows = new Map<string, [Row, PlacedRow]>()
  plan.sections.forEach((section, at) => {
    if (section.kind === 'standing') return
    section.rows.forEach((row, index) => {
      const served = sections[at]?.rows[index]
      if (served !== undefined) rows.set(`${section.section}-${row.row}`, [row, served])
    })
  })
  const listed = new Map<string, Map<string, number>>()
  return name => {
    const cut = name.lastIndexOf('-')
    const rowName = name.slice(0, cut)
    const found = rows.get(rowName)
    if (found === undefined) return undefined
    const [row, served] = found
    const labels =
      listed.get(rowName) ?? new Map(labelsOf(row).map((label, place) => [label, served.first_index + place]))
    listed.set(rowName, labels)
    return labels.get(name.slice(cut + 1))
  }
}

/** The name of the place at an index, `F-entry-12` for standing ones. */
export function nameAt({ sections }: PlacedPlan, index: number): string | undefined {
  const section = sections.findLast(({ first_index }) => first_index <= index)
  if (section === undefined) return undefined
  if (section.kind === 'standing') {
    const entry = index - section.first_index + 1
    return entry <= (section.capacity ?? 0) ? seatName(section.section, 'entry', String(entry)) : undefined
  }
  const row = section.rows.findLast(({ first_index }) => first_index <= index)
  const label = row?.numbers[index - row.first_index]
  return row && label !== undefined ? seatName(section.section, row.row, String(label)) : undefined
}

/** The middle of the box around all outlines. */
function middleOf(shapes: readonly Shape[]): Point | undefined {
  const corners = shapes.flatMap(({ at, outline = [] }) => outline.map(([x, y]) => ({ x: at.x + x, y: at.y + y })))
  if (corners.length === 0) return undefined
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 }
}

/** The middle of the seats from left to right, at the front. */
function frontOf(plan: HousePlan): Point {
  let [left, right, front] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const section of plan.sections) {
    if (section.kind === 'standing') continue
    for (const row of seatsOf(section)) {
      for (const seat of [row[0], row.at(-1)]) {
        if (seat === undefined) continue
        left = Math.min(left, seat.x)
        right = Math.max(right, seat.x)
        front = Math.min(front, seat.y)
      }
    }
  }
  return Number.isFinite(left) ? { x: (left + right) / 2, y: front } : { x: 0, y: 0 }
}

function countOf({ rows, capacity }: PlacedSection): number {
  return capacity ?? rows.reduce((sum, { numbers }) => sum + numbers.length, 0)
}
