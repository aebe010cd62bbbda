/** Which place or section is at a point. Seats are found through a grid of square cells, however their rows are turned. */
import { type Box, contains, distanceTo } from './boxes.ts'
import type { Plan, Row, Section } from './geometry.ts'

/** The seats of all cells, cell after cell. */
export interface Grid {
  left: number
  top: number
  /** The length of a cell's side, in metres. */
  side: number
  columns: number
  rows: number
  /** Where each cell begins in `seats`; one more than there are cells. */
  starts: Uint32Array
  seats: Uint32Array
}

const SIDE_M = 2
/** A field that is wide and almost empty gets larger cells. */
const CELLS_MAX = 65_536

export function makeGrid({ xs, ys }: Pick<Plan, 'xs' | 'ys'>, rows: readonly Row[]): Grid {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  let count = 0
  for (const { first, seats } of rows) {
    count += seats
    for (let seat = first; seat < first + seats; seat++) {
      const [x, y] = [xs[seat] ?? 0, ys[seat] ?? 0]
      if (x < box.left) box.left = x
      if (x > box.right) box.right = x
      if (y < box.top) box.top = y
      if (y > box.bottom) box.bottom = y
    }
  }
  const [width, height] = count === 0 ? [0, 0] : [box.right - box.left, box.bottom - box.top]
  const side = Math.max(SIDE_M, Math.sqrt(((width + SIDE_M) * (height + SIDE_M)) / CELLS_MAX))
  const [columns, lines] = [Math.floor(width / side) + 1, Math.floor(height / side) + 1]
  const [left, top] = count === 0 ? [0, 0] : [box.left, box.top]
  const cells = new Uint32Array(count)
  const starts = new Uint32Array(columns * lines + 1)
  let at = 0
  for (const { first, seats } of rows) {
    for (let seat = first; seat < first + seats; seat++) {
      const cell = Math.floor(((ys[seat] ?? 0) - top) / side) * columns + Math.floor(((xs[seat] ?? 0) - left) / side)
      cells[at++] = cell
      starts[cell + 1] = (starts[cell + 1] ?? 0) + 1
    }
  }
  for (let cell = 1; cell < starts.length; cell++) starts[cell] = (starts[cell] ?? 0) + (starts[cell - 1] ?? 0)
  const seats = new Uint32Array(count)
  const next = starts.slice()
  at = 0
  for (const row of rows) {
    for (let seat = row.first; seat < row.first + row.seats; seat++) {
      const cell = cells[at++] ?? 0
      const place = next[cell] ?? 0
      seats[place] = seat
      next[cell] = place + 1
    }
  }
  return { left, top, side, columns, rows: lines, starts, seats }
}

/** Visits the seats of all cells that a box touches. */
export function seatsNear({ grid }: Plan, box: Box, visit: (seat: number) => void): void {
  const { starts, seats, columns } = grid
  const from = {
    column: clamp((box.left - grid.left) / grid.side, columns),
    row: clamp((box.top - grid.top) / grid.side, grid.rows),
  }
  const to = {
    column: clamp((box.right - grid.left) / grid.side, columns),
    row: clamp((box.bottom - grid.top) / grid.side, grid.rows),
  }
  for (let row = from.row; row <= to.row; row++) {
    const end = starts[row * columns + to.column + 1] ?? 0
    for (let at = starts[row * columns + from.column] ?? 0; at < end; at++) visit(seats[at] ?? 0)
  }
}

function clamp(cell: number, cells: number): number {
  return Math.min(Math.max(Math.floor(cell), 0), cells - 1)
}

/** Visits the seats whose middles are in a box. */
export function seatsIn(plan: Plan, box: Box, visit: (seat: number) => void): void {
  const { xs, ys } = plan
  seatsNear(plan, box, seat => {
    const [x, y] = [xs[seat] ?? 0, ys[seat] ?? 0]
    if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) visit(seat)
  })
}

/** The nearest seat to a point within reach. */
export function seatAt(plan: Plan, x: number, y: number, reach: number): number | undefined {
  const { xs, ys } = plan
  let nearest: number | undefined
  let least = reach * reach
  seatsNear(plan, { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach }, seat => {
    const distance = ((xs[seat] ?? 0) - x) ** 2 + ((ys[seat] ?? 0) - y) ** 2
    if (distance < least || (distance === least && (nearest === undefined || seat < nearest))) {
      least = distance
      nearest = seat
    }
  })
  return nearest
}

/** The section at a point, or the nearest one within reach. Where outlines overlap, the smaller counts. */
export function sectionAt(plan: Plan, x: number, y: number, reach = 0): number | undefined {
  let nearest: number | undefined
  let least = reach
  let smallest = Infinity
  plan.sections.forEach((section, index) => {
    const { bounds, outline } = section
    if (x < bounds.left - reach || x > bounds.right + reach || y < bounds.top - reach || y > bounds.bottom + reach)
      return
    const distance = contains(outline, x, y) ? 0 : distanceTo(outline, x, y)
    if (distance > least || (distance === least && sizeOf(section) >= smallest)) return
    least = distance
    smallest = sizeOf(section)
    nearest = index
  })
  return nearest
}

function sizeOf({ bounds }: Section): number {
  return (bounds.right - bounds.left) * (bounds.bottom - bounds.top)
}
