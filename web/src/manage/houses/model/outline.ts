/** The outline of a section, drawn around its seats by the server's rule (shared/domain/src/layout/outline.rs). */
import { acrossOf, type Frame, pointOf, type RowLine } from './geometry.ts'
import type { Point } from './plan.ts'

/** The free space around seats, in metres. */
const MARGIN_M = 0.45
/** Rows that end so far from each other, in metres, have a step between them. */
const STEP_M = 1
/** An arc is drawn in pieces of this angle at most, in radians. */
const PIECE = 0.07

/** How far across the section a corner is, and how far behind its first row. */
interface Turn {
  across: number
  behind: number
}

/**
 * Along the front from left to right, past the right ends of all rows, along the back, and past the left ends. Both sides only
 * ever go backwards, so the outline never meets itself.
 */
export function outlineAround(rows: readonly RowLine[]): Point[] {
  const left = side(rows, row => acrossOf(row, -MARGIN_M))
  const right = side(rows, row => acrossOf(row, row.length + MARGIN_M))
  const [front, frame] = [left[0], rows[0]?.frame]
  if (front === undefined || frame === undefined) return []
  const corners = [front, ...right, ...left.toReversed()]
  const pieces = corners.slice(1).flatMap((next, index) => piecesOf(frame, corners[index] ?? front, next))
  return simplified([...pieces, front].map(({ across, behind }) => pointOf(frame, across, behind)))
}

/** One side of a section, from its front to its back. */
function side(rows: readonly RowLine[], end: (row: RowLine) => number): Turn[] {
  const corners: Turn[] = []
  let before: RowLine | undefined
  for (const row of rows) {
    const [across, last] = [end(row), corners.at(-1)]
    if (before === undefined || last === undefined) corners.push({ across, behind: row.behind - MARGIN_M })
    else if (Math.abs(across - last.across) * radiusOf(before) > STEP_M) {
      const quarter = (row.behind - before.behind) / 4
      corners.push({ across: last.across, behind: before.behind + quarter }, { across, behind: row.behind - quarter })
    }
    corners.push({ across, behind: row.behind })
    before = row
  }
  const last = corners.at(-1)
  return last === undefined ? [] : [...corners, { across: last.across, behind: last.behind + MARGIN_M }]
}

/** What an angle across the row is multiplied by for a length; a length already is one. */
function radiusOf({ frame: { curve }, behind }: RowLine): number {
  return curve === undefined ? 1 : Math.abs(curve + behind)
}

/** The way from a corner to the next, without the next: in a curved section it is bent. */
function piecesOf({ curve }: Frame, one: Turn, next: Turn): Turn[] {
  const [across, behind] = [next.across - one.across, next.behind - one.behind]
  const pieces = curve === undefined ? 1 : Math.max(1, Math.ceil(Math.abs(across) / PIECE))
  return Array.from({ length: pieces }, (_, part) => ({
    across: one.across + (across * part) / pieces,
    behind: one.behind + (behind * part) / pieces,
  }))
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
