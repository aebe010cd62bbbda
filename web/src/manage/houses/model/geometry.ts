/**
 * Where each seat of a section stands and how far it is turned, by the server's rule (shared/domain/src/layout/geometry.rs).
 * A test holds it to what the server answers (functions/seat-map/placed.json).
 */
import {
  AISLE_M,
  centimetres,
  DEPTH_M,
  LENGTH_MAX_M,
  PITCH_M,
  type Point,
  type Row,
  type SeatsSection,
} from './plan.ts'

export interface SeatPosition {
  x: number
  y: number
  turnDeg: number
}

/** Where a section stands. */
export interface Frame {
  at: Point
  /** In radians. */
  turn: number
  /** The radius of the first row, if the section is curved. */
  curve: number | undefined
}

/** A row that has its place in the house. */
export interface RowLine {
  frame: Frame
  /** Metres behind the section's first row. */
  behind: number
  pitch: number
  offset: number
  /** From its first seat to its last, aisles included. */
  length: number
}

const RADIANS = Math.PI / 180
const DEGREES = 180 / Math.PI
/** How much room an arc leaves between its ends, in metres. */
const GAP_M = 1
/** The least radius of a row, in metres. */
const RADIUS_MIN_M = 1

export function frameOf({ at, turn_deg, curve_m }: SeatsSection): Frame {
  return { at, turn: turn_deg * RADIANS, curve: curve_m || undefined }
}

/** How far each row of a section is behind the first, in metres. */
export function behindOf(rows: readonly Row[]): number[] {
  let behind = 0
  return rows.map((row, index) => {
    if (index > 0) behind += centimetres(row.depth_m ?? DEPTH_M)
    return behind / 100
  })
}

/** `behind` is how far the row is behind the section's first. */
export function lineOf(frame: Frame, row: Row, behind: number): RowLine {
  return { frame, behind, pitch: row.pitch_m ?? PITCH_M, offset: row.offset_m ?? 0, length: lengthOf(row) }
}

/** What of a row makes its length, as requests have it too. */
export interface Length {
  readonly seats: number
  readonly pitch_m?: number | null | undefined
  readonly aisles?: readonly number[] | null | undefined
}

/** From the first seat of a row to its last, aisles included, in metres. */
export function lengthOf({ seats, pitch_m, aisles }: Length): number {
  const step = centimetres(pitch_m ?? PITCH_M)
  return (step * Math.max(0, seats - 1) + centimetres(AISLE_M) * (aisles?.length ?? 0)) / 100
}

export function linesOf(section: SeatsSection): RowLine[] {
  const [frame, behind] = [frameOf(section), behindOf(section.rows)]
  return section.rows.map((row, index) => lineOf(frame, row, behind[index] ?? 0))
}

/** Where a seat stands, given its place from the left, from 0, and how many aisles are to its left. */
export function positionOf(line: RowLine, place: number, aisles: number): SeatPosition {
  const { frame, behind, pitch } = line
  const across = acrossOf(line, place * pitch + aisles * AISLE_M)
  const { x, y } = pointOf(frame, across, behind)
  return { x, y, turnDeg: (frame.curve === undefined ? frame.turn : frame.turn - across) * DEGREES }
}

/**
 * How far across the section a point of the row is, given as a length from its first seat: a length to the right, or in a curved
 * section an angle around the middle of its arcs.
 */
export function acrossOf({ frame, behind, offset, length }: RowLine, from: number): number {
  const along = offset + from - length / 2
  return frame.curve === undefined ? along : along / (frame.curve + behind)
}

/** A point that is so far across a section, and so far behind the middle of its first row. */
export function pointOf({ at, turn, curve }: Frame, across: number, behind: number): Point {
  let [x, y] = [across, behind]
  if (curve !== undefined) {
    const radius = curve + behind
    ;[x, y] = [radius * Math.sin(across), radius * Math.cos(across) - curve]
  }
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)]
  return { x: at.x + x * cos - y * sin, y: at.y + x * sin + y * cos }
}

/** All seats of a row, from left to right. */
export function positionsOf(line: RowLine, { seats, aisles = [] }: Row): SeatPosition[] {
  let passed = 0
  return Array.from({ length: seats }, (_, place) => {
    while ((aisles[passed] ?? Number.POSITIVE_INFINITY) <= place) passed += 1
    return positionOf(line, place, passed)
  })
}

/** A point of the section's own frame (x along its first row, y behind it) in the house. */
export function inHouse({ at, turn_deg }: SeatsSection, x: number, y: number): Point {
  return turned({ x: at.x + x, y: at.y + y }, at, turn_deg)
}

/** A point of the house in the section's own frame. */
export function inSection({ at, turn_deg }: SeatsSection, point: Point): Point {
  const { x, y } = turned(point, at, -turn_deg)
  return { x: x - at.x, y: y - at.y }
}

/** A point turned clockwise about another. */
export function turned({ x, y }: Point, about: Point, degrees: number): Point {
  const [sin, cos] = [Math.sin(degrees * RADIANS), Math.cos(degrees * RADIANS)]
  const [dx, dy] = [x - about.x, y - about.y]
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos }
}

/** Whether a row is an arc that would meet itself, or that lies around its own middle. */
export function isBentTooFar({ frame: { curve }, behind, length, offset }: RowLine): boolean {
  if (curve === undefined) return false
  const radius = curve + behind
  if (curve * radius <= 0 || Math.abs(radius) < RADIUS_MIN_M) return true
  return length + 2 * Math.abs(offset) + GAP_M > 2 * Math.PI * Math.abs(radius)
}

/** Whether one of its ends lies beyond the bounds of a house. */
export function isTooFarOut(line: RowLine, { seats, aisles = [] }: Row): boolean {
  const ends = [positionOf(line, 0, 0), positionOf(line, seats - 1, aisles.length)]
  return !ends.every(({ x, y }) => Math.abs(x) <= LENGTH_MAX_M && Math.abs(y) <= LENGTH_MAX_M)
}
