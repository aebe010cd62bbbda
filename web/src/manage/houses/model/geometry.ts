/**
 * Where each seat of a section stands and how far it is turned, by the server's rule (shared/domain/src/layout/geometry.rs).
 * A test holds it to what the server answers (functions/seat-map/placed.json).
 */
import { AISLE_M, DEPTH_M, PITCH_M, type Point, type Row, type SeatsSection } from './plan.ts'

export interface SeatPosition {
  x: number
  y: number
  turnDeg: number
}

/** What is needed to say where the seats of a row stand. */
export interface RowLine {
  at: Point
  /** In radians. */
  turn: number
  curve: number | undefined
  /** Metres behind the section's first row. */
  behind: number
  offset: number
  pitch: number
  /** From its first seat to its last, aisles included. */
  length: number
}

const RADIANS = Math.PI / 180
const DEGREES = 180 / Math.PI

/** How far each row of a section is behind the first, in metres. */
export function behindOf(rows: readonly Row[]): number[] {
  let behind = 0
  return rows.map((row, index) => {
    if (index > 0) behind += row.depth_m ?? DEPTH_M
    return behind
  })
}

/** `behind` is how far the row is behind the section's first. */
export function lineOf(section: SeatsSection, row: Row, behind: number): RowLine {
  const pitch = row.pitch_m ?? PITCH_M
  return {
    at: section.at,
    turn: section.turn_deg * RADIANS,
    curve: section.curve_m || undefined,
    behind,
    offset: row.offset_m ?? 0,
    pitch,
    length: (row.seats - 1) * pitch + (row.aisles?.length ?? 0) * AISLE_M,
  }
}

export function linesOf(section: SeatsSection): RowLine[] {
  const behind = behindOf(section.rows)
  return section.rows.map((row, index) => lineOf(section, row, behind[index] ?? 0))
}

/** Where a seat stands, given its place from the left, from 0, and how many aisles are to its left. */
export function positionOf(line: RowLine, place: number, aisles: number): SeatPosition {
  const along = line.offset + place * line.pitch + aisles * AISLE_M - line.length / 2
  const { x, y, turn } = unturned(line, along)
  const [sin, cos] = [Math.sin(line.turn), Math.cos(line.turn)]
  return {
    x: line.at.x + x * cos - y * sin,
    y: line.at.y + x * sin + y * cos,
    turnDeg: turn * DEGREES,
  }
}

function unturned({ curve, behind, turn }: RowLine, along: number): { x: number; y: number; turn: number } {
  if (curve === undefined) return { x: along, y: behind, turn }
  const radius = curve + behind
  const angle = along / radius
  return { x: radius * Math.sin(angle), y: radius * Math.cos(angle) - curve, turn: turn - angle }
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
  const [sin, cos] = [Math.sin(turn_deg * RADIANS), Math.cos(turn_deg * RADIANS)]
  return { x: at.x + x * cos - y * sin, y: at.y + x * sin + y * cos }
}

/** A point of the house in the section's own frame. */
export function inSection({ at, turn_deg }: SeatsSection, { x, y }: Point): Point {
  const [sin, cos] = [Math.sin(turn_deg * RADIANS), Math.cos(turn_deg * RADIANS)]
  return { x: (x - at.x) * cos + (y - at.y) * sin, y: (y - at.y) * cos - (x - at.x) * sin }
}

/** A point turned clockwise about another. */
export function turned({ x, y }: Point, about: Point, degrees: number): Point {
  const [sin, cos] = [Math.sin(degrees * RADIANS), Math.cos(degrees * RADIANS)]
  const [dx, dy] = [x - about.x, y - about.y]
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos }
}

/** Whether a row is an arc that would meet itself, or bend around its own middle. */
export function isBentTooFar({ curve, behind, length, pitch, offset }: RowLine): boolean {
  if (curve === undefined) return false
  const radius = curve + behind
  if (Math.abs(radius) < 1 || curve * radius <= 0) return true
  return length + pitch + 2 * Math.abs(offset) > 2 * Math.PI * Math.abs(radius)
}
