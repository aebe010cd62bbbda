/** Houses to test with: a small one, and a stadium of 100 sections of 20 rows of 25 seats. */
import { layoutOf } from '../../src/manage/house/plan.ts'
import { makePlan, type Plan } from '../../src/seats/geometry.ts'

interface Block {
  section: string
  grade: string
  rows: number
  seats: number
}

/** `grades`: the dearest first. */
export function planOf(blocks: readonly Block[], grades: readonly string[]): Plan {
  const sections = blocks.map(({ section, grade, rows, seats }) => ({
    section,
    grade,
    rows: Array.from({ length: rows }, (_, row) => ({ row: String(row + 1), seats })),
  }))
  return makePlan(layoutOf({ sections }), grades)
}

export function smallHouse(): Plan {
  const blocks = [
    { section: 'A', grade: 'R', rows: 2, seats: 6 },
    { section: 'B', grade: 'S', rows: 3, seats: 4 },
    { section: 'C', grade: 'S', rows: 1, seats: 5 },
  ]
  return planOf(blocks, ['R', 'S'])
}

export function stadium(): Plan {
  const blocks = Array.from({ length: 100 }, (_, index) => ({
    section: String(index + 1),
    grade: index < 20 ? 'VIP' : 'A',
    rows: 20,
    seats: 25,
  }))
  return planOf(blocks, ['VIP', 'A'])
}

/** All seats are open except these. */
export const openBut =
  (...taken: number[]) =>
  (seat: number): boolean =>
    !taken.includes(seat)
