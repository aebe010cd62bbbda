/**
 * The seats a buyer wants and the hold that secures them: one request at a time, and the last choice wins.
 *
 * A choice is painted at once; the server's response corrects it.
 */
import { isProblem, Problem } from '../../api/problem.ts'
import type { Board } from '../board.ts'
import { kindOf, nameOf, rowOf, seatNamed } from '../geometry.ts'
import { AVAILABLE, type Change, freeInSection, HELD, SOLD } from '../states.ts'
import { isAccessible, missingFor, wheelchairsIn, withoutPlace } from './accessible.ts'
import { alternatives, together } from './alternatives.ts'
import type { Booking, Hold, HoldServer, Needs } from './server.ts'

/** Why a choice failed. */
export type Trouble =
  | { kind: 'faster'; lost: readonly number[]; offers: number[][] }
  | { kind: 'notTogether'; count: number; grade: number; needs: Needs; offers: { grade: number; count: number }[] }
  /** So many do not stand in the area any more. */
  | { kind: 'full'; section: number; left: number }
  /** A wheelchair place, with the free places of its companions: it is asked whether a wheelchair needs it. */
  | { kind: 'wheelchair'; seat: number; companions: readonly number[] }
  /** The place of a companion whose wheelchair place is not chosen. */
  | { kind: 'companion'; seat: number; wheelchair: number }
  | { kind: 'limit'; max: number }
  | { kind: 'lapsed'; seats: readonly number[] }
  | { kind: 'problem'; problem: Problem }

export interface Chosen {
  seats: readonly number[]
  /** The hold, as of the last response. */
  hold: Hold | undefined
  busy: boolean
  trouble: Trouble | undefined
}

type Wish =
  | { seats: readonly number[] }
  | { count: number; grade: number; needs: Needs }
  | { section: number; count: number }

const OFFERS_MAX = 3

export class Choice {
  chosen: Chosen = { seats: [], hold: undefined, busy: false, trouble: undefined }
  readonly #board: Board
  readonly #server: HoldServer
  readonly #max: number
  readonly #isReleased: () => boolean
  readonly #listeners = new Set<() => void>()
  #wish: Wish | undefined
  #working: Promise<void> | undefined

  /** `isReleased`: whether wheelchair places are sold like all others by now. */
  constructor(board: Board, server: HoldServer, max: number, isReleased: () => boolean = () => false) {
    this.#board = board
    this.#server = server
    this.#max = max
    this.#isReleased = isReleased
  }

  /** Takes a free place, or releases a chosen one. */
  toggle(seat: number): void {
    const { seats } = this.chosen
    const { plan } = this.#board
    if (seats.includes(seat)) this.choose(withoutPlace(plan, seats, seat))
    else if (this.#board.isOpen(seat)) this.#take(seat)
  }

  /** Takes a wheelchair place for a wheelchair, or with places of its companions. */
  takeForWheelchair(seats: readonly number[]): void {
    this.#add(seats)
  }

  /** Takes so many places of a standing area, or gives some of them back. */
  chooseStanding(section: number, count: number): void {
    const { seats } = this.chosen
    const had = this.standingIn(section)
    if (count > had.length) {
      this.#wish = { section, count }
      this.#tell({ trouble: undefined })
      this.#work()
    } else if (count < had.length) {
      const back = new Set(had.slice(count))
      this.choose(seats.filter(seat => !back.has(seat)))
    }
  }

  /** The chosen places of a standing area. */
  standingIn(section: number): number[] {
    const { plan } = this.#board
    if (plan.sections[section]?.standing !== true) return []
    return this.chosen.seats.filter(seat => rowOf(plan, seat).section === section)
  }

  /** Whether a place is open to every buyer, or chosen by this one. */
  isOffered(seat: number): boolean {
    const { mine, plan } = this.#board
    return this.#board.isOpen(seat) && (mine.has(seat) || this.#isReleased() || !isAccessible(plan, seat))
  }

  /** Chooses exactly these seats. */
  choose(seats: readonly number[]): void {
    this.#wish = { seats }
    this.#tell({ seats, trouble: undefined })
    this.#work()
  }

  /** Chooses the best seats together. */
  chooseBest(count: number, grade: number, needs: Needs = {}): void {
    this.#wish = { count, grade, needs }
    this.#tell({ trouble: undefined })
    this.#work()
  }

  dismiss(): void {
    this.#tell({ trouble: undefined })
  }

  /** Restores this browser's hold after a reload, or from another tab. */
  async recall(): Promise<void> {
    const holdId = this.#server.recall()
    if (holdId === this.chosen.hold?.hold_id || this.#working !== undefined) return
    try {
      const hold = holdId === undefined ? undefined : await this.#server.read(holdId)
      if (this.#working === undefined) this.#adopt(hold)
    } catch (error) {
      if (isProblem(error, 'hold_not_found', 'not_found')) this.#server.remember(undefined)
      else this.#tell({ trouble: { kind: 'problem', problem: Problem.of(error) } })
    }
  }

  /** Ends a hold whose time is over. */
  lapse(): void {
    const { seats, hold } = this.chosen
    if (hold === undefined || this.#working !== undefined) return
    this.#free(hold, [])
    this.#adopt(undefined)
    this.#tell({ trouble: { kind: 'lapsed', seats } })
  }

  /** Books the held seats; `undefined` if that failed. */
  async book(): Promise<Booking | undefined> {
    await this.#working
    const { hold, seats } = this.chosen
    if (hold === undefined) return undefined
    this.#tell({ busy: true, trouble: undefined })
    try {
      const booking = await this.#server.book(hold.hold_id)
      this.#server.remember(undefined)
      return booking
    } catch (error) {
      const problem = Problem.of(error)
      if (problem.code === 'hold_expired') this.lapse()
      else if (problem.code === 'seat_sold') {
        this.#adopt(undefined)
        this.#lost(problem, seats)
      } else this.#tell({ trouble: this.#troubleOf(problem) })
      return undefined
    } finally {
      this.#tell({ busy: false })
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #work(): void {
    this.#working ??= this.#workOff().finally(() => {
      this.#working = undefined
      this.#tell({ busy: false })
    })
  }

  async #workOff(): Promise<void> {
    this.#tell({ busy: true })
    for (let wish = this.#wish; wish !== undefined; wish = this.#wish) {
      this.#wish = undefined
      const before = this.chosen.hold
      try {
        const hold = await this.#fulfil(wish)
        if (this.#wish === undefined) this.#adopt(hold)
        else this.#keep(hold)
      } catch (error) {
        await this.#restore(before)
        if (this.#wish === undefined) this.#refused(Problem.of(error), wish)
      }
    }
  }

  async #fulfil(wish: Wish): Promise<Hold | undefined> {
    const { hold } = this.chosen
    const { plan } = this.#board
    const names = 'seats' in wish ? wish.seats.map(seat => nameOf(plan, seat)) : []
    // A hold that shares no seat with the new one would remain beside it and count towards the limit.
    if (hold !== undefined && !names.some(name => hold.seats.includes(name))) await this.#release(hold)
    if ('grade' in wish) return this.#server.best(wish.count, plan.grades[wish.grade] ?? '', wish.needs)
    if ('section' in wish) return this.#server.standing(plan.sections[wish.section]?.name ?? '', wish.count)
    return names.length === 0 ? undefined : this.#server.hold(names, wheelchairsIn(plan, wish.seats))
  }

  async #release(hold: Hold): Promise<void> {
    try {
      await this.#server.release(hold.hold_id)
    } catch (error) {
      if (!isProblem(error, 'hold_not_found', 'not_found')) throw error
    }
    this.#free(hold, [])
    this.#keep(undefined)
  }

  /** Takes back seats that were released for better ones that were gone. */
  async #restore(before: Hold | undefined): Promise<void> {
    if (before === undefined || this.chosen.hold !== undefined) return
    const wheelchairs = wheelchairsIn(this.#board.plan, this.#seatsOf(before.seats))
    const hold = await this.#server.hold(before.seats, wheelchairs).catch(() => undefined)
    this.#keep(hold)
  }

  #refused(problem: Problem, wish: Wish): void {
    this.#adopt(this.chosen.hold)
    const taken = problem.code === 'seat_held' || problem.code === 'seat_sold'
    if (!taken) this.#tell({ trouble: this.#troubleOf(problem) })
    else if ('seats' in wish) this.#lost(problem, wish.seats)
    else if ('section' in wish) this.#tell({ trouble: this.#full(wish.section) })
    else this.#tell({ trouble: this.#notTogether(wish.count, wish.grade, wish.needs) })
  }

  #take(seat: number): void {
    const { plan } = this.#board
    const released = this.#isReleased()
    const wheelchair = released ? undefined : missingFor(plan, this.chosen.seats, seat)
    if (wheelchair !== undefined) this.#tell({ trouble: { kind: 'companion', seat, wheelchair } })
    else if (!released && kindOf(plan, seat) === 'wheelchair') this.#ask(seat)
    else this.#add([seat])
  }

  #add(added: readonly number[]): void {
    const seats = [...new Set([...this.chosen.seats, ...added])].sort((a, b) => a - b)
    if (seats.length > this.#max) this.#tell({ trouble: { kind: 'limit', max: this.#max } })
    else this.choose(seats)
  }

  #ask(seat: number): void {
    const companions = (this.#board.plan.companions.get(seat) ?? []).filter(each => this.#board.isOpen(each))
    this.#tell({ trouble: { kind: 'wheelchair', seat, companions } })
  }

  #full(section: number): Trouble {
    return { kind: 'full', section, left: freeInSection(this.#board.counts, section) }
  }

  #notTogether(count: number, grade: number, needs: Needs): Trouble {
    const offers = together(this.#board.plan, seat => this.isOffered(seat), count, grade)
    return { kind: 'notTogether', count, grade, needs, offers }
  }

  #lost(problem: Problem, wanted: readonly number[]): void {
    const lost = this.#seatsOf(problem.body.seats ?? [])
    this.#board.change(lost.map((seat): Change => [seat, problem.code === 'seat_sold' ? SOLD : HELD]))
    const offers = alternatives(this.#board.plan, seat => this.isOffered(seat), wanted, OFFERS_MAX)
    this.#tell({ trouble: { kind: 'faster', lost: lost.length > 0 ? lost : wanted, offers } })
  }

  #troubleOf(problem: Problem): Trouble {
    const limit = problem.code === 'limit_exceeded' || problem.code === 'too_many_seats'
    return limit ? { kind: 'limit', max: this.#max } : { kind: 'problem', problem }
  }

  /** Replaces the choice with what the server holds. */
  #adopt(hold: Hold | undefined): void {
    this.#keep(hold)
    this.#tell({ seats: this.#seatsOf(hold?.seats ?? []) })
  }

  #keep(hold: Hold | undefined): void {
    const before = this.chosen.hold
    if (before !== undefined) this.#free(before, hold?.seats ?? [])
    if (hold?.hold_id !== this.#server.recall()) this.#server.remember(hold?.hold_id)
    this.#tell({ hold })
  }

  /** Shows them as free here until the stream reports it. */
  #free(hold: Hold, but: readonly string[]): void {
    const freed = this.#seatsOf(hold.seats.filter(name => !but.includes(name)))
    this.#board.change(freed.filter(seat => this.#board.states[seat] === HELD).map((seat): Change => [seat, AVAILABLE]))
  }

  #seatsOf(names: readonly string[]): number[] {
    return names.flatMap(name => seatNamed(this.#board.plan, name) ?? []).sort((a, b) => a - b)
  }

  #tell(news: Partial<Chosen>): void {
    this.chosen = { ...this.chosen, ...news }
    this.#board.choose(this.chosen.seats)
    for (const listener of this.#listeners) listener()
  }
}
