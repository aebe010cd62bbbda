/** Snapping: what is moved comes to rest where its edges and middle line up with others, or else on a grid of 10 cm. */
import type { Box, Point } from './camera.ts'

/** A line that two things share, drawn while one of them is moved. */
export interface Guide {
  axis: 'x' | 'y'
  at: number
  from: number
  to: number
}

export interface Snapped {
  by: Point
  guides: Guide[]
}

/** Lines to which things can be aligned. */
export interface Lines {
  x: readonly Line[]
  y: readonly Line[]
}

interface Line {
  at: number
  /** Where along the line the thing is. */
  from: number
  to: number
}

const GRID_M = 0.1

/** The edges and middles of boxes, and the lines through some points. */
export function linesOf(boxes: readonly Box[], points: readonly Point[] = []): Lines {
  const x: Line[] = points.map(({ x, y }) => ({ at: x, from: y, to: y }))
  const y: Line[] = points.map(({ x, y }) => ({ at: y, from: x, to: x }))
  for (const { left, right, top, bottom } of boxes) {
    for (const at of [left, (left + right) / 2, right]) x.push({ at, from: top, to: bottom })
    for (const at of [top, (top + bottom) / 2, bottom]) y.push({ at, from: left, to: right })
  }
  return { x, y }
}

/** The move of a box nearest to `by` that lines it up, if one is within reach. */
export function snapped(box: Box, by: Point, lines: Lines, reach: number): Snapped {
  const moved = { left: box.left + by.x, right: box.right + by.x, top: box.top + by.y, bottom: box.bottom + by.y }
  const x = nearest([moved.left, (moved.left + moved.right) / 2, moved.right], lines.x, reach)
  const y = nearest([moved.top, (moved.top + moved.bottom) / 2, moved.bottom], lines.y, reach)
  const guides: Guide[] = []
  if (x !== undefined) guides.push(guide('x', x.line, moved.top, moved.bottom))
  if (y !== undefined) guides.push(guide('y', y.line, moved.left, moved.right))
  return {
    by: { x: x === undefined ? toGrid(by.x) : by.x + x.by, y: y === undefined ? toGrid(by.y) : by.y + y.by },
    guides,
  }
}

/** The same for a single point. */
export function snappedPoint(at: Point, lines: Lines, reach: number): { at: Point; guides: Guide[] } {
  const box = { left: 0, right: 0, top: 0, bottom: 0 }
  const { by, guides } = snapped(box, at, lines, reach)
  return { at: by, guides }
}

export function toGrid(length: number): number {
  return Math.round(length / GRID_M) * GRID_M
}

function nearest(
  ats: readonly number[],
  lines: readonly Line[],
  reach: number,
): { by: number; line: Line } | undefined {
  let found: { by: number; line: Line } | undefined
  for (const line of lines) {
    for (const at of ats) {
      const by = line.at - at
      if (Math.abs(by) <= Math.min(reach, Math.abs(found?.by ?? reach))) found = { by, line }
    }
  }
  return found
}

function guide(axis: 'x' | 'y', line: Line, from: number, to: number): Guide {
  return { axis, at: line.at, from: Math.min(line.from, from), to: Math.max(line.to, to) }
}
