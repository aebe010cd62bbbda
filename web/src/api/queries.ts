/** How queries are cached and failed requests repeated. */
import { QueryClient } from '@tanstack/react-query'
import { Problem } from './problem.ts'

const TRIES = 4
const LONGEST_WAIT_MS = 10_000
/** How long an earlier request with the same key can be at work: the longest deadline of a payment, with some slack. */
const AT_WORK_MAX_MS = 40_000

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < TRIES && Problem.of(error).passing,
      retryDelay: (failures, error) => Problem.of(error).retryAfterMs ?? Math.min(500 * 2 ** failures, LONGEST_WAIT_MS),
    },
    mutations: { retry: false },
  },
})

/**
 * Repeats a write whose repeat is harmless, at the pace the server asks for, and gives up after a few failures. Waiting for an
 * earlier try that is still at work is not a failure.
 */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  for (let failures = 0; ; ) {
    try {
      return await work()
    } catch (error) {
      const problem = Problem.of(error)
      const atWork = problem.code === 'idempotency_in_progress' && performance.now() - begun < AT_WORK_MAX_MS
      if (!atWork) failures++
      if (!problem.passing || failures >= TRIES) throw problem
      const wait = problem.retryAfterMs ?? 500 * 2 ** Math.max(failures - 1, 0)
      await new Promise(resolve => setTimeout(resolve, Math.min(wait, LONGEST_WAIT_MS)))
    }
  }
}
