/** The way out of a choice that leaves single seats: as many seats nearby that leave none. */
import { areNeighbours, gradeOf, isStanding, type Plan, rowOf } from '../geometry.ts'
import { alternatives } from './alternatives.ts'
import { type IsOpen, newOrphans } from './orphans.ts'

/** Moves seats by one within their row if that helps, or else takes the nearest adjacent seats of the same grade. */
export function withoutOrphans(plan: Plan, isOpen: IsOpen, chosen: readonly number[]): number[] | undefined {
  if (chosen.some(seat => isStanding(plan, seat))) return undefined
  const runs = runsOf(plan, chosen)
  const shifted = shifts(runs.length)
    .map(by => runs.flatMap((run, index) => run.map(seat => seat + (by[index] ?? 0))))
    .filter((_, index) => index > 0)
    .find(seats => fits(plan, isOpen, runs, seats) && newOrphans(plan, isOpen, seats).length === 0)
  if (shifted !== undefined) return shifted.sort((a, b) => a - b)
  if (runs.length > 1) return undefined
  const grade = gradeOf(plan, chosen[0] ?? 0)
  const near = alternatives(plan, isOpen, chosen, NEAR).filter(([seat = 0]) => gradeOf(plan, seat) === grade)
  return near.find(seats => newOrphans(plan, isOpen, seats).length === 0)
}

/** Chosen seats that stand together. */
function runsOf(plan: Plan, chosen: readonly number[]): number[][] {
  const runs: number[][] = []
  for (const seat of [...chosen].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    const before = last?.at(-1)
    if (before !== undefined && areNeighbours(plan, before, seat)) last?.push(seat)
    else runs.push([seat])
  }
  return runs
}

/** How many of the nearest are examined. */
const NEAR = 12
/** Beyond this many runs, the others stay where they are. */
const RUNS_MAX = 4

/** Every way to move each run by at most one seat, those that move less first. */
function shifts(runs: number): number[][] {
  let all: number[][] = [[]]
  for (let run = 0; run < Math.min(runs, RUNS_MAX); run++)
    all = all.flatMap(by => [0, -1, 1].map(step => [...by, step]))
  const moved = (by: number[]) => by.filter(step => step !== 0).length
  return all.sort((a, b) => moved(a) - moved(b))
}

function fits(plan: Plan, isOpen: IsOpen, runs: readonly number[][], seats: readonly number[]): boolean {
  const exist = seats.every(seat => seat >= 0 && seat < plan.seatCount)
  if (!exist || new Set(seats).size !== seats.length || !seats.every(isOpen)) return false
  const before = runs.flat()
  return seats.every((seat, index) => {
    const was = before[index] ?? seat
    const follows = index > 0 && areNeighbours(plan, before[index - 1] ?? was, was)
    const together = !follows || areNeighbours(plan, seats[index - 1] ?? seat, seat)
    return together && rowOf(plan, seat) === rowOf(plan, was) && gradeOf(plan, seat) === gradeOf(plan, was)
  })
}
