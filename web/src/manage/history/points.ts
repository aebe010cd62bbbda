/** The history of a sale as data: how new points join, which are kept, which period is shown, what was added between two. */
import type { Schemas } from '../../api/client.ts'

export type SaleHistory = Schemas['HistoryOfSale']
export type Point = Schemas['HistoryPoint']
export type Step = keyof Point['reached']
export type Period = keyof typeof PERIOD_MIN

/** How far back each period reaches, in minutes; the whole sale has no bound. */
const PERIOD_MIN = { hour: 60, sixHours: 360, day: 1_440, whole: undefined }
export const PERIODS = Object.keys(PERIOD_MIN) as Period[]

/** The steps of a buyer, first to last. A sale without a queue begins with the fourth. */
export const STEPS = ['joined', 'called', 'entered', 'held', 'booked', 'paid'] as const
const STEPS_OF_QUEUE = 3

/** As many as one answer has. */
export const POINTS_MAX = 1_500

/** More than this many steps between two points are a gap: a single look may come late. */
const GAP_STEPS = 2.5

const MINUTE_MS = 60_000

export const timeOf = ({ at }: Point): number => Date.parse(at)

/** When a period begins that ends now; `undefined` for the whole sale. */
export function beginOf(period: Period, now: number): number | undefined {
  const minutes = PERIOD_MIN[period]
  return minutes === undefined ? undefined : now - minutes * MINUTE_MS
}

/** The query of what is missing: all of the period, or what follows the last point that is known. */
export function missing(known: SaleHistory | undefined, period: Period, now: number) {
  const last = known?.points.at(-1)
  if (known !== undefined && last !== undefined) return { from: last.at, step_min: known.step_min }
  const begin = beginOf(period, now)
  return begin === undefined ? {} : { from: new Date(begin).toISOString() }
}

/** The known history with newer points: one that lies in the same step as a known one replaces it. */
export function joined(known: SaleHistory | undefined, newer: SaleHistory): SaleHistory {
  if (known === undefined || known.step_min !== newer.step_min) return newer
  const stepOf = (point: Point) => Math.floor(timeOf(point) / (known.step_min * MINUTE_MS))
  const first = newer.points[0]
  if (first === undefined) return { ...newer, points: known.points }
  return { ...newer, points: [...known.points.filter(point => stepOf(point) < stepOf(first)), ...newer.points] }
}

/** Whether the whole sale no longer fits into points so close together: then the server chooses a greater step. */
export function isTooFine({ points, step_min }: SaleHistory): boolean {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return false
  return timeOf(last) - timeOf(first) >= POINTS_MAX * step_min * MINUTE_MS
}

/** The history without the points that no longer count: a period needs the last one before it, the whole sale the newest. */
export function trimmed(history: SaleHistory, begin: number | undefined): SaleHistory {
  const { points } = history
  const ofPeriod = begin === undefined ? 0 : points.findLastIndex(point => timeOf(point) < begin)
  const from = Math.max(0, ofPeriod, points.length - POINTS_MAX)
  return from === 0 ? history : { ...history, points: points.slice(from) }
}

/** The points from this moment on. */
export function since(points: readonly Point[], begin: number | undefined): readonly Point[] {
  return begin === undefined ? points : points.filter(point => timeOf(point) >= begin)
}

/** The last point before this moment: what happened in the period happened after it. Without one the sale began later. */
export function lastBefore(points: readonly Point[], begin: number | undefined): Point | undefined {
  return begin === undefined ? undefined : points.findLast(point => timeOf(point) < begin)
}

/** Stretches without a gap. */
export function stretches(points: readonly Point[], stepMin: number): Point[][] {
  const found: Point[][] = []
  for (const point of points) {
    const stretch = found.at(-1)
    const before = stretch?.at(-1)
    const isNear = before !== undefined && timeOf(point) - timeOf(before) <= GAP_STEPS * stepMin * MINUTE_MS
    if (stretch !== undefined && isNear) stretch.push(point)
    else found.push([point])
  }
  return found
}

export interface Reached {
  step: Step
  count: number
  /** The share of the step before; the first step has none, nor has one that no buyer came before. */
  share: number | undefined
}

/** How many reached each step between two points; from the beginning of the sale without the first. */
export function funnel(first: Point | undefined, last: Point | undefined, hasQueue: boolean): Reached[] {
  const steps = STEPS.slice(hasQueue ? 0 : STEPS_OF_QUEUE)
  const counts = steps.map(step => added(first, last, step))
  return steps.map((step, index) => {
    const before = counts[index - 1]
    const count = counts[index] ?? 0
    return { step, count, share: before === undefined || before === 0 ? undefined : count / before }
  })
}

/** How many reached a step between two points. */
export function added(before: Point | undefined, point: Point | undefined, step: Step): number {
  return Math.max(0, (point?.reached[step] ?? 0) - (before?.reached[step] ?? 0))
}
