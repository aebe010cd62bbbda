/** The current seats of a performance, kept outside React so that a change paints without a render. */
import type { Plan } from './geometry.ts'
import { AVAILABLE, applyChanges, type Change, type Counts, countStates, countsOf, NOT_FOR_SALE } from './states.ts'

/** The seats that changed, or all of them. */
export type Changed = readonly number[] | 'all'

export class Board {
  readonly plan: Plan
  states: Uint8Array
  counts: Counts
  /** The version of the states; undefined before they have come. */
  version: number | undefined
  /** Seats that this buyer holds or has just asked for. */
  mine: ReadonlySet<number> = new Set()
  /** Grows with every change; React compares it. */
  revision = 0
  readonly #listeners = new Set<(changed: Changed) => void>()

  constructor(plan: Plan) {
    this.plan = plan
    // No seat counts as free before the server has said so.
    this.states = new Uint8Array(plan.seatCount).fill(NOT_FOR_SALE)
    this.counts = countsOf(plan, NOT_FOR_SALE)
  }

  /** Replaces all states. */
  replace(states: Uint8Array, version: number): void {
    this.states = states
    this.counts = countStates(this.plan, states)
    this.version = version
    this.#tell('all')
  }

  /** Applies changes. Without a version, they are known here before the server reports them. */
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

  /** Whether this buyer can choose the seat, or has chosen it. */
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
