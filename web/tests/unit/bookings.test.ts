/** A payment is tried under one key until it is clearly refused. */
import { expect, test } from 'vitest'
import { afterRefusal, attemptKey, begun } from '../../src/bookings/attempts.ts'

test('an attempt that was begun goes on unchanged, whatever is chosen meanwhile', () => {
  const first = begun({ number: 1 }, 'lost')
  expect(begun(first, 'ok')).toEqual({ number: 1, token: 'lost' })
})

test('a clear refusal starts another attempt, under another key', () => {
  const second = afterRefusal(begun({ number: 1 }, 'decline'))
  expect(begun(second, 'ok')).toEqual({ number: 2, token: 'ok' })
  expect(attemptKey('b', 1)).not.toBe(attemptKey('b', second.number))
})
