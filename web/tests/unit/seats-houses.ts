/** Houses to test with: a small one, and a stadium of 100 sections of 20 rows of 25 seats. */
import { type Layout, makePlan, type Plan } from '../../src/seats/geometry.ts'

interface Block {
  section: string
  grade: string
  rows: number
  seats: number
}

const AISLE = 3

/** As the server does it: sections side by side in lines. */
export function layoutOf(blocks: readonly Block[], perLine: number): Layout {
  let [x, y, height, next] = [0, 0, 0, 0]
  const sections = blocks.map((block, index) => {
    if (index > 0 && index % perLine === 0) [x, y, height] = [0, y + height + AISLE, 0]
    const rows = Array.from({ length: block.rows }, (_, row) => {
      const first_index = next
      next += block.seats
      const numbers = Array.from({ length: block.seats }, (_, seat) => seat + 1)
      return { row: String(row + 1), first_index, numbers, x, y: y + row }
    })
    height = Math.max(height, block.rows)
    x += block.seats + AISLE
    return { section: block.section, grade: block.grade, rows }
  })
  return { layout_id: '00000000-0000-7000-8000-000000000000', seat_count: next, sections }
}

export function smallHouse(): Plan {
  const blocks = [
    { section: 'A', grade: 'R', rows: 2, seats: 6 },
    { section: 'B', grade: 'S', rows: 3, seats: 4 },
    { section: 'C', grade: 'S', rows: 1, seats: 5 },
  ]
  return makePlan(layoutOf(blocks, 2), ['R', 'S'])
}

export function stadium(): Plan {
  const blocks = Array.from({ length: 100 }, (_, index) => ({
    section: String(index + 1),
    grade: index < 20 ? 'VIP' : 'A',
    rows: 20,
    seats: 25,
  }))
  return makePlan(layoutOf(blocks, 10), ['VIP', 'A'])
}

/** Open but for these. */
export const openBut =
  (...taken: number[]) =>
  (seat: number): boolean =>
    !taken.includes(seat)
