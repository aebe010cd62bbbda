/** What is painted: a house and the state of its places. A `Board` is one; so is any house without a sale. */
import type { Plan } from '../geometry.ts'
import { AVAILABLE, type Counts, countStates } from '../states.ts'

export interface Painted {
  readonly plan: Plan
  readonly states: Uint8Array
  readonly counts: Counts
  readonly mine: ReadonlySet<number>
  /** `undefined` while the states are not known. */
  readonly version: number | undefined
}

/** A house in which all places are free, as an organizer sees it. */
export function unsold(plan: Plan, states: Uint8Array = new Uint8Array(plan.seatCount).fill(AVAILABLE)): Painted {
  return { plan, states, counts: countStates(plan, states), mine: new Set(), version: 0 }
}
