/** Runs of adjacent seats of one grade: within a row, and never across an aisle. */
import { gradeOf, type Plan, piecesOf, type Row } from '../geometry.ts'

/** Visits the first seat of each run of `count` open seats. */
export function eachRun(
  plan: Plan,
  row: Row,
  count: number,
  isOpen: (seat: number) => boolean,
  visit: (first: number) => void,
): void {
  eachOpen(plan, row, isOpen, (seat, run) => {
    if (run >= count) visit(seat - count + 1)
  })
}

/** The length of the longest open run of each grade. */
export function longestRuns(plan: Plan, isOpen: (seat: number) => boolean): number[] {
  const longest = plan.grades.map(() => 0)
  for (const row of plan.rows) {
    eachOpen(plan, row, isOpen, (seat, run) => {
      const grade = gradeOf(plan, seat)
      longest[grade] = Math.max(longest[grade] ?? 0, run)
    })
  }
  return longest
}

/** Visits each open seat of a row with the length of the run that ends there. */
function eachOpen(
  plan: Plan,
  row: Row,
  isOpen: (seat: number) => boolean,
  visit: (seat: number, run: number) => void,
): void {
  if (row.labels === undefined) return
  for (const [first, end] of piecesOf(row)) {
    let run = 0
    for (let seat = first; seat < end; seat++) {
      if (seat > first && plan.gradeOf[seat] !== plan.gradeOf[seat - 1]) run = 0
      run = isOpen(seat) ? run + 1 : 0
      if (run > 0) visit(seat, run)
    }
  }
}

/** `first` and the seats after it. */
export function runFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, offset) => first + offset)
}
