/** When a sale changes by itself, and what days mean where shows are played. */
import { expect, test } from 'vitest'
import { wantedMoments } from '../../src/shows/Filters.tsx'
import { nextChange } from '../../src/shows/saleClock.ts'

const opens_at = '2026-12-05T11:00:00Z'
const prequeue_at = '2026-12-05T10:30:00Z'

test('people gather first where they may', () => {
  expect(nextChange({ state: 'scheduled', opens_at, prequeue_at })).toEqual({ to: 'prequeue', at: prequeue_at })
  expect(nextChange({ state: 'prequeue', opens_at, prequeue_at })).toEqual({ to: 'open', at: opens_at })
  expect(nextChange({ state: 'scheduled', opens_at })).toEqual({ to: 'open', at: opens_at })
})

test('a day is the whole day at the venue', () => {
  expect(wantedMoments({ from: '2026-12-05', to: '2026-12-05' })).toEqual({
    from: '2026-12-05T00:00:00+09:00',
    to: '2026-12-05T23:59:59+09:00',
  })
  expect(wantedMoments({ q: 'jazz' })).toEqual({})
})
