/** What to offer instead of seats that another buyer took first. */
import { gradeOf, isStanding, type Plan } from '../geometry.ts'
import { newOrphans } from './orphans.ts'
import { eachRun, longestRuns, runFrom } from './runs.ts'

interface Offer {
  first: number
  grades: number
  distance: number
}

/** Leaving a single seat is as bad as being this many seats further away. */
const ORPHAN_COSTS = 4
/** How many of the nearest are examined. */
const CLOSE_LOOKS = 60

/** Offers the same number of adjacent seats: the same grade first, then the nearest. Offers do not overlap. */
export function alternatives(
  plan: Plan,
  isOpen: (seat: number) => boolean,
  wanted: readonly number[],
  limit: number,
): number[][] {
  const count = wanted.length
  const same = new Set(wanted)
  const nearest = offers(plan, isOpen, wanted)
    .filter(({ first }) => !runFrom(first, count).every(seat => same.has(seat)))
    .sort(byNearness)
    .slice(0, CLOSE_LOOKS)
    .map(offer => {
      const orphans = newOrphans(plan, isOpen, runFrom(offer.first, count)).length
      return { ...offer, distance: offer.distance + orphans * ORPHAN_COSTS }
    })
    .sort(byNearness)
  const used = new Set<number>()
  const chosen: number[][] = []
  for (const { first } of nearest) {
    const run = runFrom(first, count)
    if (chosen.length >= limit) break
    if (run.some(seat => used.has(seat))) continue
    chosen.push(run)
    for (const seat of run) used.add(seat)
  }
  return chosen
}

/** The grades that still have `count` seats together, and the most that the wanted grade has. */
export function together(
  plan: Plan,
  isOpen: (seat: number) => boolean,
  count: number,
  grade: number,
): { grade: number; count: number }[] {
  const longest = longestRuns(plan, isOpen)
  const others = longest.flatMap((most, other) => (other !== grade && most >= count ? [{ grade: other, count }] : []))
  const fewer = Math.min(longest[grade] ?? 0, count - 1)
  return fewer > 0 ? [{ grade, count: fewer }, ...others] : others
}

function offers(plan: Plan, isOpen: (seat: number) => boolean, wanted: readonly number[]): Offer[] {
  const [one] = wanted
  if (one === undefined || wanted.some(seat => isStanding(plan, seat))) return []
  const grade = gradeOf(plan, one)
  const middle = { x: mean(wanted, plan.xs), y: mean(wanted, plan.ys) }
  const found: Offer[] = []
  for (const row of plan.rows) {
    eachRun(plan, row, wanted.length, isOpen, first => {
      const last = first + wanted.length - 1
      const x = ((plan.xs[first] ?? 0) + (plan.xs[last] ?? 0)) / 2 - middle.x
      const y = ((plan.ys[first] ?? 0) + (plan.ys[last] ?? 0)) / 2 - middle.y
      found.push({ first, grades: Math.abs(gradeOf(plan, first) - grade), distance: Math.hypot(x, y) / plan.pitch })
    })
  }
  return found
}

function byNearness(a: Offer, b: Offer): number {
  return a.grades - b.grades || a.distance - b.distance
}

function mean(seats: readonly number[], of: Float32Array): number {
  return seats.reduce((sum, seat) => sum + (of[seat] ?? 0), 0) / seats.length
}
