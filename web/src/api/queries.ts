/** How questions are asked, kept and repeated. */
import { QueryClient } from '@tanstack/react-query'
import { Problem } from './problem.ts'

const TRIES = 4
const LONGEST_WAIT_MS = 10_000
/** As long as an earlier request with the same key may be at work: the longest deadline of a payment, and a while for its process. */
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
 * Tries again what may be tried again, as the server says, and gives up after a while. For writes whose repeat is harmless. As long
 * as an earlier try is at work, its answer is waited for: that is no failure.
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
