/**
 * The served layout as the map draws it: where each place stands, how far it is turned, what it is called and what it is.
 *
 * The server says where every seat stands; here its steps are only summed up. Lengths are metres, turns radians, clockwise.
 */
import type { Schemas } from '../api/client.ts'
import { around, type Box, boxAround, EMPTY, insideOf } from './boxes.ts'
import { type Grid, makeGrid } from './grid.ts'

export type Layout = Schemas['Layout']
export type { Box } from './boxes.ts'

export interface Row {
  section: number
  row: string
  /** Index of its first seat; the others follow. */
  first: number
  seats: number
  /** What its seats are called; the places of a standing area are counted from 1. */
  labels: readonly (number | string)[] | undefined
  /** After how many seats an aisle leads through it. */
  aisles: readonly number[]
}

export interface Section {
  index: number
  name: string
  standing: boolean
  /** Index of the grade that most of its places have. */
  grade: number
  entrance: string | undefined
  rows: readonly Row[]
  /** Index of its first place; the others follow. */
  first: number
  seats: number
  /** Indexes of its parts, one for each grade. */
  parts: readonly number[]
  bounds: Box
  /** Its corners as alternating x and y. */
  outline: Float32Array
  /** A point well inside, where its name is written. */
  middle: Point
}

/** The places of one grade in a section. */
export interface Part {
  section: number
  grade: number
  seats: number
}

export interface Shape {
  kind: Schemas['ShapeKind']
  outline: Float32Array
  /** `undefined` where nothing is written. */
  text: string | undefined
  at: Point
  bounds: Box
}

export interface Point {
  x: number
  y: number
}

export type Kind = Schemas['PlaceKind']

/** What is special about a place. */
export interface Special {
  kind: Kind | undefined
  /** The wheelchair place whose companion sits here. */
  companionOf: number | undefined
  note: string | undefined
}

export interface Plan {
  seatCount: number
  xs: Float32Array
  ys: Float32Array
  turns: Float32Array
  /** Index of each place's row, grade and part. */
  rowOf: Uint16Array
  gradeOf: Uint8Array
  partOf: Uint16Array
  rows: readonly Row[]
  sections: readonly Section[]
  parts: readonly Part[]
  /** Grade names, the dearest first. */
  grades: readonly string[]
  special: ReadonlyMap<number, Special>
  /** The companions of each wheelchair place. */
  companions: ReadonlyMap<number, readonly number[]>
  /** What stands in the house, floors first. */
  shapes: readonly Shape[]
  /** From seat to seat where seats are closest. */
  pitch: number
  /** All places, and all that is drawn. */
  house: Box
  bounds: Box
  grid: Grid
  rowByName: ReadonlyMap<string, Row>
}

/** From seat to seat where no row says it. */
const PITCH = 0.55
const MARGIN = 0.45
const STANDING_ROW = 'entry'
const FLOORS: readonly Shape['kind'][] = ['field', 'wall']

/** Turns a layout into coordinates. `grades` are the show's, the dearest first. */
export function makePlan(layout: Layout, grades: readonly string[]): Plan {
  const count = layout.seat_count
  const named = gradesIn(layout, grades)
  const gradeIndex = new Map(named.map((grade, index) => [grade, index]))
  const places = { xs: new Float32Array(count), ys: new Float32Array(count), turns: new Float32Array(count) }
  const of = { rowOf: new Uint16Array(count), gradeOf: new Uint8Array(count), partOf: new Uint16Array(count) }
  const rows: Row[] = []
  const grouped = layout.sections.map((section, index) => {
    const first = rows.length
    if (section.kind === 'standing') rows.push(standingRow(section, index))
    for (const row of section.rows) {
      rows.push({
        section: index,
        row: row.row,
        first: row.first_index,
        seats: row.numbers.length,
        labels: row.numbers,
        aisles: row.aisles ?? [],
      })
      placeRow(row, places)
      of.gradeOf.fill(
        gradeIndex.get(row.grade ?? section.grade) ?? 0,
        row.first_index,
        row.first_index + row.numbers.length,
      )
    }
    return rows.slice(first)
  })
  for (const [index, row] of rows.entries()) of.rowOf.fill(index, row.first, row.first + row.seats)
  for (const [index, section] of layout.sections.entries()) {
    const [row] = grouped[index] ?? []
    if (section.kind === 'standing' && row !== undefined)
      of.gradeOf.fill(gradeIndex.get(section.grade) ?? 0, row.first, row.first + row.seats)
  }
  for (const { index, grade } of layout.places) if (grade != null) of.gradeOf[index] = gradeIndex.get(grade) ?? 0
  const parts: Part[] = []
  const sections = layout.sections.map((section, index) => {
    const own = grouped[index] ?? []
    const made = makeSection(section, index, own, partsOf(index, own, of, parts), parts, places)
    if (made.standing) standIn(made, places)
    return made
  })
  const house = sections.map(section => section.bounds).reduce(around, EMPTY)
  const shapes = shapesOf(layout, house)
  return {
    ...places,
    ...of,
    seatCount: count,
    rows,
    sections,
    parts,
    grades: named,
    ...specialOf(layout),
    shapes,
    pitch: pitchOf(rows, places),
    house,
    bounds: shapes.map(shape => shape.bounds).reduce(around, house),
    grid: makeGrid(
      places,
      rows.filter(row => row.labels !== undefined),
    ),
    rowByName: new Map(rows.map(row => [`${layout.sections[row.section]?.section}-${row.row}`, row])),
  }
}

/** The show's grades, then any other that the layout names. */
function gradesIn({ sections, places }: Layout, grades: readonly string[]): string[] {
  const rows = sections.flatMap(section => section.rows.flatMap(row => row.grade ?? []))
  return [
    ...new Set([
      ...grades,
      ...sections.map(section => section.grade),
      ...rows,
      ...places.flatMap(place => place.grade ?? []),
    ]),
  ]
}

type SectionServed = Layout['sections'][number]
type RowServed = SectionServed['rows'][number]
type Places = Pick<Plan, 'xs' | 'ys' | 'turns'>

function standingRow({ first_index, capacity }: SectionServed, section: number): Row {
  return { section, row: STANDING_ROW, first: first_index, seats: capacity ?? 0, labels: undefined, aisles: [] }
}

/** Sums up the steps of a row. One step stands for all, none for no step. */
function placeRow(row: RowServed, { xs, ys, turns }: Places): void {
  let { x, y, turn } = row
  const { dx = [], dy = [], dturn = [], numbers, first_index } = row
  for (let place = 0; place < numbers.length; place++) {
    if (place > 0) {
      x += step(dx, place)
      y += step(dy, place)
      turn += step(dturn, place)
    }
    xs[first_index + place] = x / 100
    ys[first_index + place] = y / 100
    turns[first_index + place] = (turn / 1800) * Math.PI
  }
}

function step(steps: readonly number[], place: number): number {
  return (steps.length > 1 ? steps[place - 1] : steps[0]) ?? 0
}

/** Gives each place of a section its part; returns the section's parts. */
function partsOf(section: number, rows: readonly Row[], of: Pick<Plan, 'gradeOf' | 'partOf'>, parts: Part[]): number[] {
  const own = new Map<number, number>()
  const { gradeOf, partOf } = of
  for (const row of rows) {
    const end = row.first + row.seats
    for (let first = row.first; first < end; ) {
      const grade = gradeOf[first] ?? 0
      let next = first + 1
      while (next < end && gradeOf[next] === grade) next += 1
      const index = own.get(grade) ?? parts.push({ section, grade, seats: 0 }) - 1
      own.set(grade, index)
      partOf.fill(index, first, next)
      const part = parts[index]
      if (part !== undefined) part.seats += next - first
      first = next
    }
  }
  return [...own.values()]
}

function makeSection(
  served: SectionServed,
  index: number,
  rows: readonly Row[],
  own: readonly number[],
  parts: readonly Part[],
  places: Places,
): Section {
  const outline = Float32Array.from(served.outline, value => value / 100)
  const largest = own
    .map(index => parts[index])
    .reduce((a, b) => ((b?.seats ?? 0) > (a?.seats ?? 0) ? b : a), undefined)
  const standing = served.kind === 'standing'
  return {
    index,
    name: served.section,
    standing,
    grade: largest?.grade ?? 0,
    entrance: served.entrance ?? undefined,
    rows,
    first: served.first_index,
    seats: rows.reduce((sum, row) => sum + row.seats, 0),
    parts: own,
    bounds: outline.length > 0 ? boxAround(outline) : seatsBox(rows, places),
    outline,
    middle: standing ? insideOf(outline) : middleSeat(rows, places),
  }
}

/** The middle seat of the middle row: it is inside, however the section is bent. */
function middleSeat(rows: readonly Row[], { xs, ys }: Places): Point {
  const row = rows[rows.length >> 1]
  const seat = (row?.first ?? 0) + ((row?.seats ?? 0) >> 1)
  const other = Math.max(row?.first ?? 0, seat - (((row?.seats ?? 0) + 1) % 2))
  return { x: ((xs[seat] ?? 0) + (xs[other] ?? 0)) / 2, y: ((ys[seat] ?? 0) + (ys[other] ?? 0)) / 2 }
}

function seatsBox(rows: readonly Row[], { xs, ys }: Places): Box {
  const box = { ...EMPTY }
  for (const row of rows) {
    for (let seat = row.first; seat < row.first + row.seats; seat++) {
      box.left = Math.min(box.left, (xs[seat] ?? 0) - MARGIN)
      box.right = Math.max(box.right, (xs[seat] ?? 0) + MARGIN)
      box.top = Math.min(box.top, (ys[seat] ?? 0) - MARGIN)
      box.bottom = Math.max(box.bottom, (ys[seat] ?? 0) + MARGIN)
    }
  }
  return box
}

/** Standing places have no position of their own: they count as standing in the middle of their area. */
function standIn({ first, seats, middle }: Section, { xs, ys }: Places): void {
  xs.fill(middle.x, first, first + seats)
  ys.fill(middle.y, first, first + seats)
}

function specialOf({ places }: Layout): Pick<Plan, 'special' | 'companions'> {
  const special = new Map<number, Special>()
  const companions = new Map<number, number[]>()
  for (const { index, kind, companion_of, note } of places) {
    if (kind == null && companion_of == null && note == null) continue
    const companionOf = companion_of ?? undefined
    special.set(index, { kind: kind ?? undefined, companionOf, note: note ?? undefined })
    if (companionOf !== undefined) companions.set(companionOf, [...(companions.get(companionOf) ?? []), index])
  }
  return { special, companions }
}

/** The stage and all else that is drawn. A house whose stage was not drawn gets one in front. */
function shapesOf({ stage, decorations }: Layout, house: Box): Shape[] {
  const drawn = [...stage, ...decorations].map(({ kind, outline = [], text, at: [x = 0, y = 0] }) => {
    const corners = Float32Array.from(outline, value => value / 100)
    const at = { x: x / 100, y: y / 100 }
    const bounds = corners.length > 0 ? boxAround(corners) : { left: at.x, right: at.x, top: at.y, bottom: at.y }
    return { kind, outline: corners, text: text ?? undefined, at: corners.length > 0 ? insideOf(corners) : at, bounds }
  })
  const all = stage.length > 0 ? drawn : [stageInFrontOf(house), ...drawn]
  // Floors lie below all else.
  return [...all.filter(({ kind }) => FLOORS.includes(kind)), ...all.filter(({ kind }) => !FLOORS.includes(kind))]
}

function stageInFrontOf(house: Box): Shape {
  const width = house.right - house.left
  const middle = (house.left + house.right) / 2
  const reach = Math.max(width * 0.22, 1.2)
  const height = Math.max(width * 0.065, 0.7)
  const bottom = house.top - Math.max(width * 0.03, 1.2)
  const outline = [
    [-reach, -height],
    [reach, -height],
    [reach, -height * 0.3],
  ]
  for (let step = 1; step < 12; step++) {
    const part = 1 - step / 6
    outline.push([reach * part, -height * 0.3 * part * part])
  }
  outline.push([-reach, -height * 0.3])
  const corners = Float32Array.from(outline.flatMap(([x = 0, y = 0]) => [middle + x, bottom + y]))
  const at = { x: middle, y: bottom - height * 0.5 }
  return { kind: 'stage', outline: corners, text: undefined, at, bounds: boxAround(corners) }
}

/** The least of the usual distances from seat to seat: that of the closest tenth of all rows. */
function pitchOf(rows: readonly Row[], { xs, ys }: Places): number {
  const found = rows.flatMap(({ first, seats, labels }) => {
    if (labels === undefined || seats < 2) return []
    const distance = Math.hypot((xs[first + 1] ?? 0) - (xs[first] ?? 0), (ys[first + 1] ?? 0) - (ys[first] ?? 0))
    return distance > 0 ? [distance] : []
  })
  found.sort((a, b) => a - b)
  return found[Math.floor(found.length / 10)] ?? PITCH
}

export function rowOf(plan: Plan, seat: number): Row {
  const row = plan.rows[plan.rowOf[seat] ?? 0]
  if (row === undefined) throw new RangeError(`there is no seat ${seat}`)
  return row
}

export function sectionOf(plan: Plan, seat: number): Section {
  const section = plan.sections[rowOf(plan, seat).section]
  if (section === undefined) throw new RangeError(`there is no seat ${seat}`)
  return section
}

export function gradeOf(plan: Plan, seat: number): number {
  return plan.gradeOf[seat] ?? 0
}

export function isStanding(plan: Plan, seat: number): boolean {
  return rowOf(plan, seat).labels === undefined
}

export function kindOf(plan: Plan, seat: number): Kind | undefined {
  return plan.special.get(seat)?.kind
}

/** What a seat is called in its row; a standing place's entry number. */
export function labelOf(plan: Plan, seat: number): number | string {
  const row = rowOf(plan, seat)
  return row.labels === undefined ? seat - row.first + 1 : (row.labels[seat - row.first] ?? '')
}

/** `{section}-{row}-{label}`. */
export function nameOf(plan: Plan, seat: number): string {
  return `${sectionOf(plan, seat).name}-${rowOf(plan, seat).row}-${labelOf(plan, seat)}`
}

/** The place with this name. */
export function seatNamed(plan: Plan, name: string): number | undefined {
  const end = name.lastIndexOf('-')
  const row = plan.rowByName.get(name.slice(0, end))
  if (row === undefined) return undefined
  const label = name.slice(end + 1)
  const place =
    row.labels === undefined ? placeStanding(label, row.seats) : row.labels.findIndex(own => String(own) === label)
  return place === -1 ? undefined : row.first + place
}

function placeStanding(label: string, capacity: number): number {
  return /^[1-9]\d*$/.test(label) && Number(label) <= capacity ? Number(label) - 1 : -1
}

/** The pieces of a row between its aisles, each as its first seat and the one after its last. */
export function piecesOf({ first, seats, aisles }: Row): [number, number][] {
  const ends = [...aisles.map(after => first + after), first + seats]
  return ends.map((end, index) => [index === 0 ? first : (ends[index - 1] ?? first), end])
}

/** Whether two seats stand next to each other in one row, with no aisle between. */
export function areNeighbours(plan: Plan, one: number, other: number): boolean {
  if (Math.abs(one - other) !== 1 || plan.rowOf[one] !== plan.rowOf[other]) return false
  const { first, aisles } = rowOf(plan, one)
  return !aisles.includes(Math.max(one, other) - first)
}
