/** The server's clock is learned from whole seconds. */
import { expect, test } from 'vitest'
import { narrowed, type Offset } from '../../src/api/clock.ts'

const SKEW = 95_400

/** A response from a server whose clock is ahead, to a request that takes 40 ms. */
function asked(at: number): [date: number, askedAt: number, answeredAt: number] {
  const there = at + 20 + SKEW
  return [Math.floor(there / 1000) * 1000, at, at + 40]
}

test('one response bounds the difference to about a second', () => {
  const offset = narrowed(undefined, ...asked(1_000_000))
  expect(offset.least).toBeLessThanOrEqual(SKEW)
  expect(offset.most).toBeGreaterThanOrEqual(SKEW)
  expect(offset.most - offset.least).toBe(1040)
})

test('a few responses narrow it to a fraction', () => {
  let offset: Offset | undefined
  for (const at of [1_000_000, 1_000_370, 1_000_740, 1_001_110]) offset = narrowed(offset, ...asked(at))
  expect(offset?.least).toBeLessThanOrEqual(SKEW)
  expect(offset?.most).toBeGreaterThanOrEqual(SKEW)
  expect((offset?.most ?? 0) - (offset?.least ?? 0)).toBeLessThan(500)
})

test('a clock that was set is learned anew', () => {
  const before = narrowed(undefined, ...asked(1_000_000))
  const [date, askedAt, answeredAt] = asked(2_000_000)
  expect(narrowed(before, date - 3_600_000, askedAt, answeredAt)).toEqual({
    least: date - 3_600_000 - answeredAt,
    most: date - 3_600_000 + 1000 - askedAt,
  })
})
