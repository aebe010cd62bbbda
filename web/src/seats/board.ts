/** The seats of one performance as they are now, outside of React: a change paints without a render. */
import type { Plan } from './geometry.ts'
import { AVAILABLE, applyChanges, type Change, type Counts, countStates, NOT_FOR_SALE } from './states.ts'

/** The seats that changed, or all of them. */
export type Changed = readonly number[] | 'all'

export class Board {
  readonly plan: Plan
  states: Uint8Array
  counts: Counts
  /** Of the states; undefined until they came. */
  version: number | undefined
  /** Seats that this buyer has, or has just asked for. */
  mine: ReadonlySet<number> = new Set()
  /** Grows with every change: what React compares. */
  revision = 0
  readonly #listeners = new Set<(changed: Changed) => void>()

  constructor(plan: Plan) {
    this.plan = plan
    // Until the server has spoken nothing is known to be free.
    this.states = new Uint8Array(plan.seatCount).fill(NOT_FOR_SALE)
    this.counts = countStates(plan, this.states)
  }

  /** All states at once. */
  replace(states: Uint8Array, version: number): void {
    this.states = states
    this.counts = countStates(this.plan, states)
    this.version = version
    this.#tell('all')
  }

  /** What is new; without a version what is known from elsewhere before the server says it here. */
  change(changes: readonly Change[], version?: number): void {
    if (version !== undefined) this.version = version
    const changed = applyChanges(this.plan, this.states, this.counts, changes)
    if (changed.length > 0) this.#tell(changed)
  }

  choose(seats: Iterable<number>): void {
    const before = this.mine
    this.mine = new Set(seats)
    const changed = [
      ...[...before].filter(seat => !this.mine.has(seat)),
      ...[...this.mine].filter(seat => !before.has(seat)),
    ]
    if (changed.length > 0) this.#tell(changed)
  }

  /** Whether this buyer could have it, or has it. */
  isOpen(seat: number): boolean {
    return this.states[seat] === AVAILABLE || this.mine.has(seat)
  }

  readonly subscribe = (listener: (changed: Changed) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(changed: Changed): void {
    this.revision += 1
    for (const listener of this.#listeners) listener(changed)
  }
}
