/** The outline of a section, drawn around its seats by the server's rule (shared/domain/src/layout/outline.rs). */
import type { SeatPosition } from './geometry.ts'
import { DEPTH_M, type Point } from './plan.ts'

/** The free space around seats, in metres. */
const MARGIN_M = DEPTH_M / 2
/** The most corners along the front of a section, and along its back. */
const CORNERS_ALONG = 24

type Seats = readonly SeatPosition[]

/** Along the front from left to right, down the right ends of all rows, along the back, and up the left ends. */
export function outlineAround(rows: readonly Seats[]): Point[] {
  const [front, back] = [rows[0], rows.at(-1)]
  if (front === undefined || back === undefined) return []
  const rights = rows.flatMap(row => end(row.at(-1), MARGIN_M))
  const lefts = rows.toReversed().flatMap(row => end(row[0], -MARGIN_M).reverse())
  return simplified([...along(front, -1), ...rights, ...along(back, 1).reverse(), ...lefts])
}

function along(row: Seats, side: number): Point[] {
  const last = row.length - 1
  const corners = Math.min(CORNERS_ALONG, Math.max(1, last))
  return Array.from({ length: corners + 1 }, (_, corner) => {
    const outwards = corner === 0 ? -MARGIN_M : corner === corners ? MARGIN_M : 0
    return beside(row[Math.floor((last * corner) / corners)], outwards, side * MARGIN_M)
  })
}

function end(seat: SeatPosition | undefined, outwards: number): Point[] {
  return [-MARGIN_M, MARGIN_M].map(behind => beside(seat, outwards, behind))
}

/** A point beside a seat and behind it, as the seat is turned. */
function beside(seat: SeatPosition | undefined, right: number, behind: number): Point {
  const { x, y, turnDeg } = seat ?? { x: 0, y: 0, turnDeg: 0 }
  const turn = turnDeg * (Math.PI / 180)
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)]
  return { x: x + right * cos - behind * sin, y: y + right * sin + behind * cos }
}

/** Leaves out corners on the straight line between their neighbours. */
function simplified(corners: readonly Point[]): Point[] {
  const kept: Point[] = []
  for (const corner of corners) {
    while (endsStraight(kept, corner)) kept.pop()
    const last = kept.at(-1)
    if (last === undefined || !isSame(last, corner)) kept.push(corner)
  }
  const [first, last] = [kept[0], kept.at(-1)]
  if (kept.length > 1 && first && last && isSame(first, last)) kept.pop()
  return kept
}

function isSame(one: Point, other: Point): boolean {
  return Math.hypot(one.x - other.x, one.y - other.y) < 0.01
}

/** Whether the last corner is within a centimetre of the line from the one before to the next. */
function endsStraight(kept: readonly Point[], next: Point): boolean {
  const [one, two] = [kept.at(-2), kept.at(-1)]
  if (one === undefined || two === undefined) return false
  const [along, across] = [
    { x: next.x - one.x, y: next.y - one.y },
    { x: two.x - one.x, y: two.y - one.y },
  ]
  const length = Math.hypot(along.x, along.y)
  const forwards = along.x * across.x + along.y * across.y
  return length > 0 && forwards >= 0 && Math.abs(along.x * across.y - along.y * across.x) / length < 0.01
}
