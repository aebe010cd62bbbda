/**
 * The server's layout as the map draws it: coordinates for seats, and seats for coordinates.
 *
 * The server says where each row stands. Here rows only bend around the stage, by an amount that depends on x alone: the way back
 * from a point to its row is a subtraction. One unit is the width of a seat.
 */
import type { Schemas } from '../api/client.ts'

export type Layout = Schemas['Layout']

export interface Row {
  section: number
  row: string
  /** Index of its first seat; the others follow. */
  first: number
  seats: number
  numbers: readonly number[]
  /** Where its first seat stands. */
  x: number
  /** Rows from the stage. */
  line: number
}

export interface Section {
  name: string
  /** Index of its grade. */
  grade: number
  rows: readonly Row[]
  seats: number
  bounds: Box
  /** The outline of the block as alternating x and y. */
  outline: Float32Array
}

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

export interface Plan {
  seatCount: number
  xs: Float32Array
  ys: Float32Array
  /** Index of each seat's row. */
  rowOf: Uint32Array
  rows: readonly Row[]
  sections: readonly Section[]
  /** Grade names, the dearest first. */
  grades: readonly string[]
  /** Rows by line, each from left to right. */
  lines: readonly (readonly Row[])[]
  bend: Bend
  /** The house without the stage. */
  house: Box
  stage: Box
  /** The house with the stage. */
  bounds: Box
  rowByName: ReadonlyMap<string, Row>
}

/** The curve of the rows: their middle is furthest from the stage. */
export interface Bend {
  middle: number
  half: number
  depth: number
}

export const ROW_PITCH = 1.25
/** The depth of the curve as a part of the house's width. */
const BEND = 0.06
const MARGIN = 0.6
const OUTLINE_STEPS_MIN = 8
const OUTLINE_STEP = 4

/** How far the curve moves a seat at x down. */
export function bendAt({ middle, half, depth }: Bend, x: number): number {
  const off = (x - middle) / half
  return depth * (1 - off * off)
}

/** Turns a layout into coordinates. `grades` are the show's, the dearest first. */
export function makePlan(layout: Layout, grades: readonly string[]): Plan {
  const named = [...new Set([...grades, ...layout.sections.map(section => section.grade)])]
  const rows: Row[] = []
  const grouped = layout.sections.map((section, index) =>
    section.rows.map(({ row, first_index, numbers, x, y }) => {
      const placed = { section: index, row, first: first_index, seats: numbers.length, numbers, x, line: y }
      rows.push(placed)
      return placed
    }),
  )
  const left = Math.min(...rows.map(row => row.x))
  const right = Math.max(...rows.map(row => row.x + row.seats - 1))
  const half = Math.max((right - left) / 2, 1)
  const bend = { middle: (left + right) / 2, half, depth: 2 * half * BEND }
  const sections = layout.sections.map((section, index) =>
    makeSection(section.section, named.indexOf(section.grade), grouped[index] ?? [], bend),
  )
  const house = sections.map(section => section.bounds).reduce(around)
  const stage = stageOf(house, bend)
  return {
    ...placeSeats(rows, layout.seat_count, bend),
    seatCount: layout.seat_count,
    rows,
    sections,
    grades: named,
    lines: linesOf(rows),
    bend,
    house,
    stage,
    bounds: around(house, stage),
    rowByName: new Map(rows.map(row => [`${layout.sections[row.section]?.section}-${row.row}`, row])),
  }
}

function placeSeats(rows: readonly Row[], seatCount: number, bend: Bend): Pick<Plan, 'xs' | 'ys' | 'rowOf'> {
  const xs = new Float32Array(seatCount)
  const ys = new Float32Array(seatCount)
  const rowOf = new Uint32Array(seatCount)
  rows.forEach((row, index) => {
    for (let seat = 0; seat < row.seats; seat++) {
      const x = row.x + seat
      xs[row.first + seat] = x
      ys[row.first + seat] = row.line * ROW_PITCH + bendAt(bend, x)
      rowOf[row.first + seat] = index
    }
  })
  return { xs, ys, rowOf }
}

function makeSection(name: string, grade: number, rows: readonly Row[], bend: Bend): Section {
  const outline = outlineOf(rows, bend)
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (let point = 0; point < outline.length; point += 2) {
    const [x = 0, y = 0] = [outline[point], outline[point + 1]]
    bounds.left = Math.min(bounds.left, x)
    bounds.right = Math.max(bounds.right, x)
    bounds.top = Math.min(bounds.top, y)
    bounds.bottom = Math.max(bounds.bottom, y)
  }
  return { name, grade, rows, seats: rows.reduce((sum, row) => sum + row.seats, 0), bounds, outline }
}

/** Along the first row, down the right ends, back along the last row, up the left ends. */
function outlineOf(rows: readonly Row[], bend: Bend): Float32Array {
  const points: number[] = []
  const add = (x: number, line: number, down: number) => points.push(x, line * ROW_PITCH + bendAt(bend, x) + down)
  const last = rows.at(-1)
  const [first] = rows
  if (first === undefined || last === undefined) return new Float32Array()
  const steps = (row: Row) => Math.max(OUTLINE_STEPS_MIN, Math.ceil(row.seats / OUTLINE_STEP))
  const along = (row: Row, step: number) => row.x - MARGIN + ((row.seats - 1 + 2 * MARGIN) * step) / steps(row)
  for (let step = 0; step <= steps(first); step++) add(along(first, step), first.line, -MARGIN)
  for (const row of rows) add(row.x + row.seats - 1 + MARGIN, row.line, 0)
  for (let step = steps(last); step >= 0; step--) add(along(last, step), last.line, MARGIN)
  for (const row of [...rows].reverse()) add(row.x - MARGIN, row.line, 0)
  return Float32Array.from(points)
}

function stageOf(house: Box, bend: Bend): Box {
  const width = house.right - house.left
  const reach = Math.max(width * 0.22, 2)
  const height = Math.max(width * 0.065, 1.2)
  const bottom = house.top + bend.depth * 0.6 - Math.max(width * 0.03, 2.2)
  return { left: bend.middle - reach, right: bend.middle + reach, top: bottom - height, bottom }
}

function linesOf(rows: readonly Row[]): Row[][] {
  const lines: Row[][] = Array.from({ length: Math.max(...rows.map(row => row.line)) + 1 }, () => [])
  for (const row of rows) lines[row.line]?.push(row)
  for (const line of lines) line.sort((a, b) => a.x - b.x)
  return lines
}

function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }
}

/** Visits each row that may be visible in a box, with its seats `from` up to but not including `to`. */
export function seatsIn(plan: Plan, box: Box, visit: (row: Row, from: number, to: number) => void): void {
  const { bend, lines } = plan
  const ends = [bendAt(bend, box.left), bendAt(bend, box.right)]
  const crossed = box.left < bend.middle && bend.middle < box.right
  const most = crossed ? bend.depth : Math.max(...ends)
  const from = Math.max(0, Math.floor((box.top - most) / ROW_PITCH))
  const to = Math.min(lines.length - 1, Math.ceil((box.bottom - Math.min(...ends)) / ROW_PITCH))
  for (let line = from; line <= to; line++) {
    for (const row of lines[line] ?? []) {
      const first = Math.max(0, Math.floor(box.left - row.x))
      const after = Math.min(row.seats, Math.ceil(box.right - row.x) + 1)
      if (first < after) visit(row, row.first + first, row.first + after)
    }
  }
}

/** The nearest seat to a point within reach. */
export function seatAt(plan: Plan, x: number, y: number, reach: number): number | undefined {
  const box = { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach }
  let nearest: number | undefined
  let least = reach * reach
  seatsIn(plan, box, (_, from, to) => {
    for (let seat = from; seat < to; seat++) {
      const distance = ((plan.xs[seat] ?? 0) - x) ** 2 + ((plan.ys[seat] ?? 0) - y) ** 2
      if (distance <= least) {
        least = distance
        nearest = seat
      }
    }
  })
  return nearest
}

/** The section whose block is at a point or within reach of it. */
export function sectionAt(plan: Plan, x: number, y: number, reach = 0): number | undefined {
  const line = (y - bendAt(plan.bend, x)) / ROW_PITCH
  let nearest: number | undefined
  let least = reach
  plan.sections.forEach(({ rows, bounds }, index) => {
    const across = Math.max(bounds.left - x, x - bounds.right, 0)
    const down = Math.max((rows[0]?.line ?? 0) - line, line - (rows.at(-1)?.line ?? 0), MARGIN) - MARGIN
    const distance = Math.hypot(across, down * ROW_PITCH)
    if (distance > least) return
    least = distance
    nearest = index
  })
  return nearest
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

export function numberOf(plan: Plan, seat: number): number {
  const row = rowOf(plan, seat)
  return row.numbers[seat - row.first] ?? 0
}

/** `{section}-{row}-{number}`. */
export function nameOf(plan: Plan, seat: number): string {
  return `${sectionOf(plan, seat).name}-${rowOf(plan, seat).row}-${numberOf(plan, seat)}`
}

/** The seat with this name. */
export function seatNamed(plan: Plan, name: string): number | undefined {
  const end = name.lastIndexOf('-')
  const row = plan.rowByName.get(name.slice(0, end))
  const place = row?.numbers.indexOf(Number(name.slice(end + 1))) ?? -1
  return row === undefined || place === -1 ? undefined : row.first + place
}
