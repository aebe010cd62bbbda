/** When a sale changes by its schedule. */
import { expect, test } from 'vitest'
import { nextChange } from '../../src/shows/saleClock.ts'

const opens_at = '2026-12-05T11:00:00Z'
const prequeue_at = '2026-12-05T10:30:00Z'

test('people gather first if the sale has a draw', () => {
  expect(nextChange({ state: 'scheduled', opens_at, prequeue_at })).toEqual({ to: 'prequeue', at: prequeue_at })
  expect(nextChange({ state: 'prequeue', opens_at, prequeue_at })).toEqual({ to: 'open', at: opens_at })
  expect(nextChange({ state: 'scheduled', opens_at })).toEqual({ to: 'open', at: opens_at })
})
