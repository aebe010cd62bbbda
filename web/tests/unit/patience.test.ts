/** How a write is repeated. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Problem } from '../../src/api/problem.ts'
import { patiently } from '../../src/api/queries.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const atWork = () => new Problem(409, { code: 'idempotency_in_progress' }, 1_000)

/** Fails a number of times with what `problem` makes, and counts the calls. */
function answering(afterMs: number, problem: () => Problem) {
  const begun = performance.now()
  return vi.fn(async () => {
    if (performance.now() - begun < afterMs) throw problem()
    return 'paid'
  })
}

test('an earlier try that is still at work is waited for', async () => {
  const work = answering(36_000, atWork)
  const paid = patiently(work)
  await vi.advanceTimersByTimeAsync(37_000)
  await expect(paid).resolves.toBe('paid')
})

test('waiting ends, and other failures are repeated only a few times', async () => {
  for (const [problem, most] of [
    [atWork, 50],
    [() => new Problem(503, { code: 'store_unavailable' }, 1_000), 4],
  ] as const) {
    const work = answering(600_000, problem)
    const refused = patiently(work).catch((error: Problem) => error.code)
    await vi.advanceTimersByTimeAsync(60_000)
    await expect(refused).resolves.toBe(problem().code)
    expect(work.mock.calls.length).toBeLessThanOrEqual(most)
  }
})

test('a clear refusal is reported at once', async () => {
  const work = answering(600_000, () => new Problem(402, { code: 'payment_declined' }))
  await expect(patiently(work)).rejects.toThrow('payment_declined')
  expect(work).toHaveBeenCalledTimes(1)
})
