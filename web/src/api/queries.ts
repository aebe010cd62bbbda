/** How questions are asked, kept and repeated. */
import { QueryClient } from '@tanstack/react-query'
import { Problem } from './problem.ts'

const TRIES = 4
const LONGEST_WAIT_MS = 10_000

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

/** Tries again what may be tried again, as the server says, and gives up after a while. For writes whose repeat is harmless. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await work()
    } catch (error) {
      const problem = Problem.of(error)
      if (!problem.passing || failures + 1 >= TRIES) throw problem
      const wait = problem.retryAfterMs ?? 500 * 2 ** failures
      await new Promise(resolve => setTimeout(resolve, Math.min(wait, LONGEST_WAIT_MS)))
    }
  }
}
