/**
 * A drawn section becomes one section if its seats stand in rows behind each other. If not, it is cut: first along its aisles, then
 * between rows, at last within a row, until each part fits.
 */
import type { Point } from '../plan.ts'
import { type DrawnRow, type DrawnSeat, type Fit, fitted, middleOf } from './fit.ts'
import { gapsOf } from './spacing.ts'

/** A seat may be so far from where it was drawn, in metres. Seats are five times as far apart. */
export const OFF_MAX_M = 0.1

/** The direction behind rows: away from what they look at. */
export type Behind = (rows: readonly DrawnRow[]) => Point

export function blocksOf(name: string, rows: readonly DrawnRow[], behind: Behind): Fit[] {
  const whole = fitted(name, rows, behind(rows))
  if (whole.off <= OFF_MAX_M) return [whole]
  const columns = columnsOf(whole)
  const cut = columns.length > 1 ? columns.flatMap(column => runsOf(name, column, behind)) : []
  const uncut = runsOf(name, frontToBack(whole), behind)
  return cut.length > 0 && cut.length <= uncut.length ? cut : uncut
}

function frontToBack({ section, seats }: Fit): DrawnRow[] {
  return section.rows.map(({ row }, index) => ({ row, seats: seats[index] ?? [] }))
}

/** Its parts between the aisles. Those of each row belong to the nearest of the row that has the most. */
function columnsOf(whole: Fit): DrawnRow[][] {
  const rows = frontToBack(whole).map(row => ({ row: row.row, pieces: piecesOf(row.seats) }))
  const seeds = rows.reduce((most, { pieces }) => (pieces.length > most.length ? pieces : most), rows[0]?.pieces ?? [])
  const middles = seeds.map(middleOf)
  const columns = middles.map((): DrawnRow[] => [])
  for (const { row, pieces } of rows) {
    const parts = middles.map((): DrawnSeat[] => [])
    pieces.forEach((piece, index) => {
      const to = pieces.length === seeds.length ? index : nearestTo(middleOf(piece), middles)
      parts[to]?.push(...piece)
    })
    parts.forEach((seats, column) => {
      if (seats.length > 0) columns[column]?.push({ row, seats })
    })
  }
  return columns.filter(column => column.length > 0)
}

function piecesOf(seats: readonly DrawnSeat[]): DrawnSeat[][] {
  let length = 0
  const along = seats.map((seat, index) => {
    const before = seats[index - 1]
    if (before !== undefined) length += Math.hypot(seat.x - before.x, seat.y - before.y)
    return length
  })
  const cuts = [0, ...gapsOf(along), seats.length]
  return cuts.slice(1).map((end, index) => seats.slice(cuts[index], end))
}

function nearestTo(point: Point, others: readonly Point[]): number {
  const far = others.map(other => Math.hypot(other.x - point.x, other.y - point.y))
  return far.indexOf(Math.min(...far))
}

/** As many rows together as fit, again and again. A row that does not fit by itself is cut. */
function runsOf(name: string, rows: readonly DrawnRow[], behind: Behind): Fit[] {
  return longestRuns(rows, part => fitted(name, part, behind(part))).flatMap(run =>
    run.off <= OFF_MAX_M ? [run] : cutRow(name, frontToBack(run), behind),
  )
}

function cutRow(name: string, rows: readonly DrawnRow[], behind: Behind): Fit[] {
  return rows.flatMap(({ row, seats }) =>
    longestRuns(inOrder(seats), part => {
      const piece = [{ row, seats: part }]
      return fitted(name, piece, behind(piece))
    }),
  )
}

/** A row that bends by more than a half circle has no order from left to right, but it has numbers. */
function inOrder(seats: readonly DrawnSeat[]): readonly DrawnSeat[] {
  const isNumbered = seats.every(({ label }) => /^\d+$/.test(label))
  return isNumbered ? seats.toSorted((one, other) => Number(one.label) - Number(other.label)) : seats
}

/** Cuts a list into the fewest parts that fit, from its beginning. A part of one thing always counts as fitting. */
function longestRuns<T>(things: readonly T[], fitOf: (part: readonly T[]) => Fit): Fit[] {
  const runs: Fit[] = []
  for (let start = 0; start < things.length; ) {
    const { count, fit } = longestRun(things.slice(start), fitOf)
    runs.push(fit)
    start += count
  }
  return runs
}

/** Doubles the part until it does not fit, then halves the step: a few tries even for a thousand rows. */
function longestRun<T>(things: readonly T[], fitOf: (part: readonly T[]) => Fit): { count: number; fit: Fit } {
  let best = { count: 1, fit: fitOf(things.slice(0, 1)) }
  let step = 1
  while (step >= 1) {
    const count = Math.min(things.length, best.count + step)
    if (count === best.count) break
    const longer = fitOf(things.slice(0, count))
    if (longer.off <= OFF_MAX_M) [best, step] = [{ count, fit: longer }, step * 2]
    else step = Math.floor(step / 2)
  }
  return best
}
