/** The state of a place in one word, as the legend and the list say it. */
import type { Board } from './board.ts'
import { useRevision } from './hooks.ts'
import { AVAILABLE, HELD, SOLD } from './states.ts'

export type StateWord = 'available' | 'mine' | 'held' | 'sold' | 'notForSale'

export function useStateOf(board: Board): (seat: number) => StateWord {
  useRevision(board)
  return seat => {
    if (board.mine.has(seat)) return 'mine'
    const state = board.states[seat]
    return state === AVAILABLE ? 'available' : state === HELD ? 'held' : state === SOLD ? 'sold' : 'notForSale'
  }
}
