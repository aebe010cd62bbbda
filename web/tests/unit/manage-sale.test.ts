/** The figures of the sale console. */
import { describe, expect, test } from 'vitest'
import type { LiveSale } from '../../src/manage/queries.ts'
import { controlOf, lineOf, shares, withSample } from '../../src/manage/sale/figures.ts'

const SALE: LiveSale = {
  performance_id: 'p',
  show_id: 's',
  opens_at: '2026-11-27T05:00:00Z',
  closes_at: '2026-12-27T05:00:00Z',
  late_entry: false,
  prequeue_at: null,
  accessible_release_at: null,
  mode: 'queue',
  state: 'open',
  cap: 10,
  rate_per_min: 60,
  bypass: [],
  challenge_bits: 0,
  issued: 50,
  serving: 20,
  joined: 50,
  called: 20,
  waiting: 30,
  active: 8,
  seat_count: 100,
  held: 10,
  reserved: 5,
  sold: 25,
  changes: [],
  version: 'v',
}

describe('figures', () => {
  test('the bar holds all seats', () => {
    expect(shares(SALE).map(({ state, seats }) => [state, seats])).toEqual([
      ['sold', 25],
      ['reserved', 5],
      ['held', 10],
      ['free', 60],
    ])
    expect(shares(SALE).reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1)
    expect(shares({ ...SALE, seat_count: 0 }).map(({ part }) => part)).toEqual([0, 0, 0, 0])
  })

  test('an order given before the sale begins is found among the changes', () => {
    type Order = 'open' | 'paused' | 'closed'
    const change = (state: Order) => ({ at: '', by: '', before: { state: 'open' as Order }, after: { state } })
    expect(controlOf(SALE)).toBe('open')
    expect(controlOf({ ...SALE, state: 'paused' })).toBe('paused')
    expect(controlOf({ ...SALE, state: 'scheduled', changes: [change('paused'), change('open')] })).toBe('paused')
    expect(controlOf({ ...SALE, state: 'closed', changes: [] })).toBe('open')
    expect(controlOf({ ...SALE, state: 'closed', changes: [change('closed')] })).toBe('closed')
  })
})

describe('history', () => {
  test('covers a quarter of an hour, each moment once', () => {
    const minute = (at: number) => ({ at: at * 60_000, sold: at, inside: 0 })
    const samples = [0, 5, 16].reduce((kept, at) => withSample(kept, minute(at)), [minute(0)])
    expect(samples.map(({ sold }) => sold)).toEqual([5, 16])
    expect(withSample(samples, minute(16)).length).toBe(2)
  })

  test('is a line from left to right, the greatest at the top', () => {
    const values = [3, 5, 4].map((value, at) => ({ at: at * 1000, value }))
    expect(lineOf(values, 100, 40)).toBe('0,40 50,0 100,20')
    expect(lineOf([{ at: 1, value: 7 }], 100, 40)).toBe('0,40')
    expect(lineOf([], 100, 40)).toBe('')
  })
})
