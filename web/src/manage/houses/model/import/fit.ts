/**
 * Finds the section whose seats stand where drawn seats stand: its place, turn and curve, and for each row its pitch, offset,
 * depth and aisles. How far the worst seat is off is measured with the plan's own geometry.
 */

import { numbersOf } from '../edit/rows.ts'
import { linesOf, positionsOf } from '../geometry.ts'
import {
  DEPTH_M,
  degrees,
  metres,
  PITCH_M,
  PITCH_MIN_M,
  type Point,
  point,
  type Row,
  type SeatsSection,
} from '../plan.ts'
import { type Arc, arcThrough } from './arc.ts'
import { spacingOf } from './spacing.ts'

export interface DrawnSeat extends Point {
  readonly label: string
}

export interface DrawnRow {
  readonly row: string
  /** In any order. */
  readonly seats: readonly DrawnSeat[]
}

export interface Fit {
  readonly section: SeatsSection
  /** The seats of each row of the section, from left to right. */
  readonly seats: readonly (readonly DrawnSeat[])[]
  /** How far the worst seat is from where it was drawn, in metres. */
  readonly off: number
  /** That seat's row and label. */
  readonly worst: { readonly row: string; readonly label: string }
}

/** A radius beyond which an arc is straight to the centimetre in any house. */
const RADIUS_MAX_M = 2_000

/** `behind` points from the front of the section to its back. */
export function fitted(name: string, rows: readonly DrawnRow[], behind: Point): Fit {
  const arc = arcThrough(rows.map(({ seats }) => seats))
  const frames = [straightFrame(rows, behind), ...(arc === undefined ? [] : arcFrames(arc, rows, behind))]
  const fits = frames.map(frame => fitIn(name, rows, frame))
  return fits.reduce((best, other) => (other.off < best.off - 0.005 ? other : best))
}

/** Where rows are measured: along them, and behind each other. */
interface RowFrame {
  turn: number
  /** The middle of its arcs; a straight frame has an origin instead. */
  origin: Point
  /** 1: the middle lies in front of the rows; -1: behind them; 0: straight. */
  bend: -1 | 0 | 1
}

function straightFrame(rows: readonly DrawnRow[], behind: Point): RowFrame {
  const origin = middleOf(rows.flatMap(({ seats }) => seats))
  return { turn: turnOf(alongRows(rows, behind)), origin, bend: 0 }
}

/** The direction behind the rows that is across them: the way in which all of them are longest, turned by a right angle. */
function alongRows(rows: readonly DrawnRow[], behind: Point): Point {
  let [xx, xy, yy] = [0, 0, 0]
  for (const { seats } of rows) {
    const middle = middleOf(seats)
    for (const { x, y } of seats) {
      xx += (x - middle.x) ** 2
      xy += (x - middle.x) * (y - middle.y)
      yy += (y - middle.y) ** 2
    }
  }
  if (xx + yy < 1e-6) return behind
  const angle = Math.atan2(2 * xy, xx - yy) / 2
  const across = { x: -Math.sin(angle), y: Math.cos(angle) }
  return across.x * behind.x + across.y * behind.y < 0 ? { x: -across.x, y: -across.y } : across
}

function arcFrames({ centre }: Arc, rows: readonly DrawnRow[], behind: Point): RowFrame[] {
  const middle = middleOf(rows.flatMap(({ seats }) => seats))
  const outwards = { x: middle.x - centre.x, y: middle.y - centre.y }
  const distance = Math.hypot(outwards.x, outwards.y)
  if (distance < 0.01 || distance > RADIUS_MAX_M) return []
  const bend = outwards.x * behind.x + outwards.y * behind.y >= 0 ? 1 : -1
  const way = { x: (outwards.x * bend) / distance, y: (outwards.y * bend) / distance }
  return [{ turn: turnOf(way), origin: centre, bend }]
}

/** The turn to a tenth of a degree, for rows that lie behind each other in this direction. */
function turnOf({ x, y }: Point): number {
  return degrees((Math.atan2(-x, y) * 180) / Math.PI)
}

interface MeasuredRow {
  row: string
  seats: readonly DrawnSeat[]
  /** Along the row from the middle line, from left to right. */
  along: readonly number[]
  /** How far behind, or the radius in a curved frame. */
  behind: number
}

function fitIn(name: string, rows: readonly DrawnRow[], frame: RowFrame): Fit {
  const measured = rows.map(row => measuredRow(row, frame)).sort((one, other) => one.behind - other.behind)
  const first = measured[0]?.behind ?? 0
  const plan = measured.map((row, index) =>
    rowOf(row, index === 0 ? 0 : row.behind - (measured[index - 1]?.behind ?? 0)),
  )
  const section: SeatsSection = {
    kind: 'seats',
    section: name,
    grade: '',
    at: placeOf(frame, first),
    turn_deg: frame.turn,
    ...(frame.bend === 0 ? {} : { curve_m: metres(first) }),
    rows: evenDepths(plan, measured),
  }
  return measuredFit(section, measured)
}

function measuredRow({ row, seats }: DrawnRow, frame: RowFrame): MeasuredRow {
  const polar = seats.map(seat => ({ seat, ...coordinates(frame, seat) }))
  const behind = polar.reduce((sum, seat) => sum + seat.behind, 0) / seats.length
  const along = polar.map(({ seat, across }) => ({ seat, along: frame.bend === 0 ? across : across * behind }))
  along.sort((one, other) => one.along - other.along)
  return { row, seats: along.map(({ seat }) => seat), along: along.map(({ along }) => along), behind }
}

/** How far across (a length, or an angle) and how far behind (a length, or a signed radius) a point is. */
function coordinates({ turn, origin, bend }: RowFrame, { x, y }: Point): { across: number; behind: number } {
  const radians = (turn * Math.PI) / 180
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)]
  const [dx, dy] = [x - origin.x, y - origin.y]
  const [right, back] = [dx * cos + dy * sin, dy * cos - dx * sin]
  if (bend === 0) return { across: right, behind: back }
  return { across: Math.atan2(right * bend, back * bend), behind: bend * Math.hypot(right, back) }
}

/** Where the middle of the first row is. */
function placeOf({ turn, origin, bend }: RowFrame, first: number): Point {
  const radians = (turn * Math.PI) / 180
  const length = bend === 0 ? first : metres(first)
  return point(origin.x - length * Math.sin(radians), origin.y + length * Math.cos(radians))
}

function rowOf({ row, seats, along }: MeasuredRow, depth: number): Row {
  const { pitch, offset, aisles } = spacingOf(along)
  return {
    row,
    seats: seats.length,
    ...numbersOfRow(seats),
    ...(metres(pitch) === PITCH_M ? {} : { pitch_m: Math.max(PITCH_MIN_M, metres(pitch)) }),
    ...(metres(offset) === 0 ? {} : { offset_m: metres(offset) }),
    ...(depth === 0 || metres(depth) === DEPTH_M ? {} : { depth_m: Math.max(PITCH_MIN_M, metres(depth)) }),
    ...(aisles.length === 0 ? {} : { aisles }),
  }
}

/** Depths are whole centimetres, so each is rounded from where its row really is. */
function evenDepths(rows: readonly Row[], measured: readonly MeasuredRow[]): Row[] {
  const first = measured[0]?.behind ?? 0
  let behind = 0
  return rows.map((row, index) => {
    if (index === 0) return row
    const depth = Math.max(PITCH_MIN_M, metres((measured[index]?.behind ?? 0) - first - behind))
    behind = metres(behind + depth)
    const { depth_m: _, ...others } = row
    return depth === DEPTH_M ? others : { ...others, depth_m: depth }
  })
}

function numbersOfRow(seats: readonly DrawnSeat[]): Pick<Row, 'numbers'> {
  const numbers = numbersOf(seats.map(({ label }) => label))
  return numbers === undefined ? {} : { numbers }
}

function measuredFit(section: SeatsSection, measured: readonly MeasuredRow[]): Fit {
  let worst = { off: -1, row: '', label: '' }
  const lines = linesOf(section)
  section.rows.forEach((row, index) => {
    const [line, drawn] = [lines[index], measured[index]]
    if (line === undefined || drawn === undefined) return
    positionsOf(line, row).forEach((seat, place) => {
      const wanted = drawn.seats[place]
      if (wanted === undefined) return
      const off = Math.hypot(seat.x - wanted.x, seat.y - wanted.y)
      if (off > worst.off) worst = { off, row: row.row, label: wanted.label }
    })
  })
  return {
    section,
    seats: measured.map(({ seats }) => seats),
    off: Math.max(0, worst.off),
    worst: { row: worst.row, label: worst.label },
  }
}

export function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce((sum, { x, y }) => ({ x: sum.x + x, y: sum.y + y }), { x: 0, y: 0 })
  return { x: sum.x / Math.max(1, points.length), y: sum.y / Math.max(1, points.length) }
}
