/** The waiting room's states and steps, and the proof of work. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { backOffMs, minutes, next, type Place, progress, type Room, todo } from '../../src/queue/room.ts'
import { leadingZeroBits, solve } from '../../src/queue/solve.ts'

const place = (state: Place['state'], number: number | null = 7): Place => ({
  number,
  ahead: number === null ? null : number - 1,
  state,
  eta_s: null,
  poll_after_ms: 4_000,
})
const joining: Room = { at: 'joining' }
const waiting: Room = { at: 'waiting', place: place('waiting') }
const challenge = { token: 'x', algorithm: 'sha256', bits: 8 }

describe('the room', () => {
  test.each<[Place['state'], Room['at']]>([
    ['waiting', 'waiting'],
    ['prequeue', 'waiting'],
    ['called', 'entering'],
    ['admitted', 'entering'],
    ['lapsed', 'lapsed'],
    ['left', 'left'],
  ])('a place that is %s leads to %s', (state, at) => {
    expect(next(joining, { what: 'place', place: place(state) }).at).toBe(at)
  })

  test.each([
    ['sale_not_open', 'early'],
    ['queue_closed', 'closed'],
    ['queue_not_used', 'unused'],
    ['call_lapsed', 'lapsed'],
    ['bad_queue_ticket', 'joining'],
    ['something_new', 'waiting'],
  ])('a refusal with %s leads to %s', (code, at) => {
    expect(next(waiting, { what: 'refused', code }).at).toBe(at)
  })

  test('leads to the seats, and out', () => {
    expect(next(waiting, { what: 'admitted' })).toEqual({ at: 'inside' })
    expect(next(waiting, { what: 'leave' })).toEqual({ at: 'left' })
    expect(next({ at: 'lapsed' }, { what: 'again' })).toEqual(joining)
    expect(next(joining, { what: 'challenged', challenge })).toEqual({ at: 'solving', challenge })
  })
})

describe('what to do', () => {
  test('follows the server, a little later for some', () => {
    expect(todo(waiting, 0, 0)).toEqual({ do: 'look', afterMs: 4_000 })
    expect(todo(waiting, 0, 0.5)).toEqual({ do: 'look', afterMs: 4_200 })
    expect(todo(joining, 0, 0.9)).toEqual({ do: 'join', afterMs: 0 })
  })

  test('waits for the opening, spread out and never at once', () => {
    expect(todo({ at: 'early' }, 60_000, 0.5)).toEqual({ do: 'join', afterMs: 60_400 })
    expect(todo({ at: 'early' }, -5_000, 0)).toEqual({ do: 'join', afterMs: 1_000 })
  })

  test('enters at once when called, and waits if the room is full', () => {
    const called = next(waiting, { what: 'place', place: place('called') })
    expect(todo(called, 0, 0.9)).toEqual({ do: 'claim', afterMs: 0 })
    const still = next(called, { what: 'place', place: place('called') })
    expect(todo(still, 0, 0.9)).toEqual({ do: 'claim', afterMs: 4_000 })
  })

  test('is nothing once the wait has ended', () => {
    for (const at of ['inside', 'lapsed', 'left', 'closed', 'unused'] as const) {
      expect(todo({ at }, 0, 0)).toEqual({ do: 'nothing' })
    }
  })

  test('slows down with failures, up to a bound, and is never faster than the server asks', () => {
    expect([1, 2, 3, 10].map(failures => backOffMs(failures, undefined))).toEqual([1_000, 2_000, 4_000, 15_000])
    expect(backOffMs(1, 9_000)).toBe(9_000)
  })
})

test('an estimate is a range of whole minutes, or nothing', () => {
  expect(minutes([250, 410])).toEqual({ from: 4, to: 7 })
  expect(minutes([5, 40])).toEqual({ from: 0, to: 1 })
  expect(minutes([60, 60])).toEqual({ from: 1, to: 1 })
  expect(minutes(null)).toBeUndefined()
})

test('progress runs from the place of joining to the front', () => {
  expect([progress(100, 100), progress(100, 25), progress(100, 0), progress(0, 0)]).toEqual([0, 0.75, 1, 1])
  // After a loss of the queue, a buyer may get a later number.
  expect(progress(100, 140)).toBe(0)
})

describe('a proof of work', () => {
  test('counts zeros as the server does', () => {
    expect(leadingZeroBits(Uint8Array.of(0x80))).toBe(0)
    expect(leadingZeroBits(Uint8Array.of(0x00, 0x1f))).toBe(11)
    expect(leadingZeroBits(Uint8Array.of(0, 0))).toBe(16)
  })

  test('is found, and another SHA-256 confirms it', () => {
    const nonce = solve('challenge', 12)
    const hash = createHash('sha256').update(`challenge:${nonce}`).digest()
    expect(leadingZeroBits(hash)).toBeGreaterThanOrEqual(12)
  })
})
