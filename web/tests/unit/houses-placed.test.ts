/** Where seats of a plan stand: the same as the server says. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { planOf } from '../../src/manage/houses/model/import/json.ts'
import { nameAt, type PlacedPlan, placed } from '../../src/manage/houses/model/placed.ts'

interface Case {
  plan: object
  placed: PlacedPlan
}

const cases: Case[] = JSON.parse(readFileSync('../functions/seat-map/placed.json', 'utf8'))

describe('places', () => {
  /** The server's own test holds the same file to what it answers. */
  test.each(cases.map((one, index) => [index, one] as const))(
    'case %i is as the server serves it',
    (_, { plan, placed: served }) => {
      expect(placed(planOf(plan))).toEqual(served)
    },
  )

  test('every index has a name', () => {
    for (const { placed: served } of cases) {
      const names = Array.from({ length: served.seat_count }, (_, index) => nameAt(served, index))
      expect(new Set(names).size).toBe(served.seat_count)
      expect(nameAt(served, served.seat_count)).toBeUndefined()
    }
  })
})
