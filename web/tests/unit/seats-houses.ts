/** Houses to test with: a small one, and a stadium of 100 sections of 20 rows of 25 seats. */
import { layoutOf } from '../../src/manage/house/plan.ts'
import { placed } from '../../src/manage/houses/model/placed.ts'
import type { HousePlan } from '../../src/manage/houses/model/plan.ts'
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

/**
 * Two curved rows of eight that are turned, with an aisle after the third seat, words for numbers, a wheelchair place (0) with its
 * companion (1), a restricted view (5), two seats of another grade (14, 15), and ten standing places (16–25).
 */
export const DRAWN: HousePlan = {
  name: '',
  stage: [
    {
      kind: 'stage',
      at: { x: 0, y: -6 },
      outline: [
        [-3, 0],
        [3, 0],
        [3, 2],
        [-3, 2],
      ],
    },
  ],
  decorations: [
    { kind: 'text', at: { x: 1, y: 9 }, text: 'Door' },
    {
      kind: 'field',
      at: { x: 0, y: 0 },
      outline: [
        [-9, -9],
        [9, -9],
        [9, 9],
      ],
    },
  ],
  sections: [
    {
      kind: 'seats',
      section: 'A',
      grade: 'R',
      at: { x: 4, y: 5 },
      turn_deg: 30,
      curve_m: 8,
      entrance: 'E2',
      rows: [
        { row: '1', seats: 8, aisles: [3], numbers: ['가', '나', '다', '라', '마', '바', '사', '아'] },
        { row: '2', seats: 8, aisles: [3], numbers: { first: 15, step: -2 } },
      ],
    },
    {
      kind: 'standing',
      section: 'F',
      grade: 'S',
      at: { x: -6, y: 0 },
      outline: [
        [0, 0],
        [4, 0],
        [4, 3],
        [0, 3],
      ],
      capacity: 10,
    },
  ],
  places: {
    'A-1-가': { kind: 'wheelchair' },
    'A-1-나': { kind: 'companion', companion_of: 'A-1-가' },
    'A-1-바': { kind: 'restricted_view', note: 'A pillar' },
    'A-2-3': { grade: 'S' },
    'A-2-1': { grade: 'S' },
  },
}

export function drawnHouse(): Plan {
  return makePlan(placed(DRAWN), ['R', 'S'])
}

/** All seats are open except these. */
export const openBut =
  (...taken: number[]) =>
  (seat: number): boolean =>
    !taken.includes(seat)
