/** React hooks for boards and choices. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Problem } from '../api/problem.ts'
import type { Board } from './board.ts'
import type { Choice, Chosen } from './choice/choice.ts'
import { holdKey } from './choice/server.ts'
import { follow } from './feed.ts'

/** Rerenders when a seat changes. */
export function useRevision(board: Board): number {
  return useSyncExternalStore(board.subscribe, () => board.revision)
}

export function useChosen(choice: Choice): Chosen {
  return useSyncExternalStore(choice.subscribe, () => choice.chosen)
}

/** Keeps the board up to date while the screen is open; returns the problem that prevents it. */
export function useFollowing(board: Board, performanceId: string): Problem | undefined {
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => {
    const ended = new AbortController()
    void follow(board, performanceId, ended.signal, setProblem)
    return () => ended.abort()
  }, [board, performanceId])
  return problem
}

/** Restores the hold after a reload, and follows the holds of other tabs. */
export function useRecall(choice: Choice, performanceId: string): void {
  useEffect(() => {
    void choice.recall()
    const onStorage = (event: StorageEvent) => {
      if (event.key === holdKey(performanceId)) void choice.recall()
    }
    addEventListener('storage', onStorage)
    return () => removeEventListener('storage', onStorage)
  }, [choice, performanceId])
}
