/** The price of chosen seats: the hold's own amount or the sum of known prices, and never zero by mistake. */
import { expect, test } from 'vitest'
import { amountOf } from '../../src/seats/choice/amount.ts'
import { smallHouse } from './seats-houses.ts'

const plan = smallHouse()
const hold = (seats: string[]) => ({
  hold_id: 'h',
  performance_id: 'p',
  seats,
  places: [],
  expires_at: '2030-01-01T00:00:00Z',
  amount: 18_000,
  currency: 'USD',
})
const prices = (grade: number) => [1_000, 500][grade]

test('a hold of exactly these seats says what they cost, whatever the show says', () => {
  const held = { seats: [0, 1], hold: hold(['A-1-2', 'A-1-1']) }
  expect(amountOf(held, plan, prices)).toEqual({ amount: 18_000, currency: 'USD' })
  expect(amountOf(held, plan, () => undefined)).toEqual({ amount: 18_000, currency: 'USD' })
})

test('until the hold is made, the prices of the grades count', () => {
  expect(amountOf({ seats: [0, 12], hold: undefined }, plan, prices)).toEqual({ amount: 1_500 })
  expect(amountOf({ seats: [0, 2], hold: hold(['A-1-1', 'A-1-2']) }, plan, prices)).toEqual({ amount: 2_000 })
  expect(amountOf({ seats: [0], hold: hold(['A-1-1', 'A-1-2']) }, plan, prices)).toEqual({ amount: 1_000 })
})

test('an unknown price makes the sum unknown, not smaller', () => {
  const known = (grade: number) => (grade === 0 ? 1_000 : undefined)
  expect(amountOf({ seats: [0, 12], hold: undefined }, plan, known)).toEqual({ amount: undefined })
  expect(amountOf({ seats: [12, 0], hold: undefined }, plan, known)).toEqual({ amount: undefined })
})
