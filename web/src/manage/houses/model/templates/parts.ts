/** What houses are made of: blocks of rows, rings of blocks around a field, and grades by how near one sits. */
import { labelOf } from '../names.ts'
import {
  AISLE_M,
  DEPTH_M,
  degrees,
  metres,
  PITCH_M,
  type Point,
  point,
  type Row,
  type SeatsSection,
  type Section,
} from '../plan.ts'

/** The free space between two blocks: a way for people. */
const WAY_M = AISLE_M

export interface Block {
  name: string
  /** The middle of the first row. */
  at: Point
  /** Its rows lie behind each other in this direction, in degrees clockwise from away from the stage. */
  turn?: number
  curve?: number
  rows: readonly Row[]
}

export function block({ name, at, turn = 0, curve, rows }: Block): SeatsSection {
  return {
    kind: 'seats',
    section: name,
    grade: '',
    at: point(at.x, at.y),
    turn_deg: degrees(turn),
    ...(curve === undefined ? {} : { curve_m: metres(curve) }),
    rows,
  }
}

export function rowsOf(count: number, seats: (index: number) => number): Row[] {
  return Array.from({ length: count }, (_, index) => ({
    row: labelOf('numbers', index + 1),
    seats: Math.max(1, Math.floor(seats(index))),
  }))
}

export interface Fan {
  /** What its rows look at. */
  centre: Point
  /** From the centre to the first row. */
  radius: number
  rows: number
  /** From left to right as one looks at the stage, in degrees from straight behind the centre. */
  from: number
  to: number
  names: readonly string[]
}

/** Blocks side by side on arcs around a point: as many seats in each row as there is room for. */
export function fan({ centre, radius, rows, from, to, names }: Fan): SeatsSection[] {
  const each = (to - from) / names.length
  return names.map((name, index) => {
    // Straight behind the centre is 0. Further right is a turn against the clock.
    const middle = ((from + (index + 0.5) * each) * Math.PI) / 180
    const at = { x: centre.x + radius * Math.sin(middle), y: centre.y + radius * Math.cos(middle) }
    const seats = (row: number) => (((radius + row * DEPTH_M) * each * Math.PI) / 180 - WAY_M) / PITCH_M
    return block({ name, at, turn: (-middle * 180) / Math.PI, curve: radius, rows: rowsOf(rows, seats) })
  })
}

export interface Ring {
  /** Half of the straight part across, and along. */
  across: number
  along: number
  /** From the corners' centres to the first row. */
  radius: number
  rows: number
  /** How many blocks stand at each end, at each side and in each corner. */
  ends: number
  sides: number
  corners: number
  /** The first block's number; they are counted clockwise from the end opposite the stage. */
  first: number
  /** Leaves the end at the stage empty. */
  isOpen?: boolean
}

/** Blocks around a field with rounded corners, all looking inwards. The end at smaller y is the stage's. */
export function ring(ring: Ring): SeatsSection[] {
  const { across, along, ends, sides, corners, first, isOpen = false } = ring
  const parts: Part[] = [
    ...straight(ends, { x: across, y: along }, { x: -across, y: along }),
    ...corner(corners, { x: -across, y: along }, 0),
    ...straight(sides, { x: -across, y: along }, { x: -across, y: -along }),
    ...(isOpen ? [] : corner(corners, { x: -across, y: -along }, 90)),
    ...(isOpen ? [] : straight(ends, { x: -across, y: -along }, { x: across, y: -along })),
    ...(isOpen ? [] : corner(corners, { x: across, y: -along }, 180)),
    ...straight(sides, { x: across, y: -along }, { x: across, y: along }),
    ...corner(corners, { x: across, y: along }, 270),
  ]
  return parts.map((part, index) => placedPart(ring, part, String(first + index)))
}

interface Part {
  /** On the line of the corners' centres. */
  middle: Point
  /** The way its rows lie behind each other, clockwise from away from the stage. */
  turn: number
  /** The length of a straight part, or the angle of one in a corner. */
  width?: number
  angle?: number
}

function straight(count: number, from: Point, to: Point): Part[] {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const turn = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI + 180
  if (length === 0) return []
  return Array.from({ length: count }, (_, index) => {
    const part = (index + 0.5) / count
    const middle = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
    return { middle, turn, width: length / count }
  })
}

function corner(count: number, centre: Point, from: number): Part[] {
  return Array.from({ length: count }, (_, index) => ({
    middle: centre,
    turn: from + ((index + 0.5) * 90) / count,
    angle: 90 / count,
  }))
}

function placedPart({ radius, rows }: Ring, { middle, turn, width, angle }: Part, name: string): SeatsSection {
  const way = (turn * Math.PI) / 180
  const at = { x: middle.x - radius * Math.sin(way), y: middle.y + radius * Math.cos(way) }
  if (angle === undefined) {
    return block({ name, at, turn, rows: rowsOf(rows, () => ((width ?? 0) - WAY_M) / PITCH_M + 1) })
  }
  const seats = (row: number) => (((radius + row * DEPTH_M) * angle * Math.PI) / 180 - WAY_M) / PITCH_M + 1
  return block({ name, at, turn, curve: radius, rows: rowsOf(rows, seats) })
}

/** Sections that are about as near have the same grade. */
const AS_NEAR_M = 0.5

/** The dearest grade is the nearest to what the audience looks at; each next grade has more sections. */
export function graded(sections: readonly Section[], grades: readonly string[], focus: Point): Section[] {
  const far = ({ at }: Section) => Math.round(Math.hypot(at.x - focus.x, at.y - focus.y) / AS_NEAR_M)
  const distances = sections.map(far).sort((one, other) => one - other)
  const shares = grades.map((_, index) => index + 1)
  const whole = shares.reduce((sum, share) => sum + share, 0)
  return sections.map(section => {
    const nearer = (distances.indexOf(far(section)) + 0.5) / sections.length
    let passed = 0
    const grade = grades.find((_, index) => {
      passed += shares[index] ?? 0
      return nearer <= passed / whole
    })
    return { ...section, grade: grade ?? grades.at(-1) ?? '' }
  })
}
