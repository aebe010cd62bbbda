/** Runs of adjacent seats in a row. */
import { type Plan, type Row, sectionOf } from '../geometry.ts'

/** Visits the first seat of each run of `count` open seats. */
export function eachRun(
  row: Row,
  count: number,
  isOpen: (seat: number) => boolean,
  visit: (first: number) => void,
): void {
  let open = 0
  for (let seat = row.first; seat < row.first + row.seats; seat++) {
    open = isOpen(seat) ? open + 1 : 0
    if (open >= count) visit(seat - count + 1)
  }
}

/** The length of the longest open run of each grade. */
export function longestRuns(plan: Plan, isOpen: (seat: number) => boolean): number[] {
  const longest = plan.grades.map(() => 0)
  for (const row of plan.rows) {
    const grade = plan.sections[row.section]?.grade ?? 0
    let open = 0
    for (let seat = row.first; seat < row.first + row.seats; seat++) {
      open = isOpen(seat) ? open + 1 : 0
      longest[grade] = Math.max(longest[grade] ?? 0, open)
    }
  }
  return longest
}

export function gradeOf(plan: Plan, seat: number): number {
  return sectionOf(plan, seat).grade
}

/** `first` and the seats after it. */
export function runFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, offset) => first + offset)
}
