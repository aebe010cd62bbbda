/**
 * The waiting room as a pure state machine: what happened goes in, what to do next comes out. The network and the clock are
 * outside.
 */
import type { Schemas } from '../api/client.ts'

export type Place = Schemas['Place']

export type Room =
  /** Joining the queue. */
  | { at: 'joining' }
  /** Too early: the sale opens later. */
  | { at: 'early' }
  /** Solving a proof of work before joining. */
  | { at: 'solving'; challenge: Schemas['Challenge'] }
  /** Waiting with a number, or with an entry in the draw. */
  | { at: 'waiting'; place: Place }
  /** Called and claiming the admission, again if the room was full. */
  | { at: 'entering'; place: Place; again: boolean }
  | { at: 'inside' }
  /** The buyer missed both calls. */
  | { at: 'lapsed' }
  /** The buyer gave up the place. */
  | { at: 'left' }
  | { at: 'closed' }
  /** The sale has no queue: the buyer can choose seats right away. */
  | { at: 'unused' }

export type Happened =
  | { what: 'place'; place: Place }
  | { what: 'admitted' }
  | { what: 'challenged'; challenge: Schemas['Challenge'] }
  /** A request was refused, and trying again would not help. */
  | { what: 'refused'; code: string }
  /** The buyer wants a new number. */
  | { what: 'again' }
  | { what: 'leave' }

/** The next state. An event that does not fit the state changes nothing. */
export function next(room: Room, happened: Happened): Room {
  switch (happened.what) {
    case 'place':
      return standing(room, happened.place)
    case 'admitted':
      return { at: 'inside' }
    case 'challenged':
      return { at: 'solving', challenge: happened.challenge }
    case 'refused':
      return refused(room, happened.code)
    case 'again':
      return { at: 'joining' }
    case 'leave':
      return { at: 'left' }
  }
}

function standing(room: Room, place: Place): Room {
  switch (place.state) {
    case 'called':
    case 'admitted':
      return { at: 'entering', place, again: room.at === 'entering' }
    case 'lapsed':
      return { at: 'lapsed' }
    case 'left':
      return { at: 'left' }
    default:
      return { at: 'waiting', place }
  }
}

function refused(room: Room, code: string): Room {
  switch (code) {
    case 'sale_not_open':
      return { at: 'early' }
    case 'queue_closed':
      return { at: 'closed' }
    case 'queue_not_used':
      return { at: 'unused' }
    case 'call_lapsed':
      return { at: 'lapsed' }
    // The ticket is no longer valid: joining again finds the account's place, or gives a new one.
    case 'bad_queue_ticket':
      return { at: 'joining' }
    default:
      return room
  }
}

/** What to do next, and after how many milliseconds. */
export type Todo = { do: 'join' | 'look' | 'claim'; afterMs: number } | { do: 'solve' } | { do: 'nothing' }

/** Spreads requests, so that not all clients ask at the same instant. `random` is from 0 to below 1. */
const SPREAD_MS = 800

/** `opensInMs`: until people can join, by the server's clock. */
export function todo(room: Room, opensInMs: number, random: number): Todo {
  switch (room.at) {
    case 'joining':
      return { do: 'join', afterMs: 0 }
    case 'early':
      return { do: 'join', afterMs: Math.max(opensInMs, 1_000) + random * SPREAD_MS }
    case 'solving':
      return { do: 'solve' }
    case 'waiting':
      return { do: 'look', afterMs: room.place.poll_after_ms * (1 + random * 0.1) }
    case 'entering':
      return { do: 'claim', afterMs: room.again ? room.place.poll_after_ms : 0 }
    default:
      return { do: 'nothing' }
  }
}

const BACK_OFF_FROM_MS = 1_000
const BACK_OFF_MAX_MS = 15_000

/** Waits longer with each failure in a row, up to a bound, and at least as long as the server asks for. */
export function backOffMs(failures: number, retryAfterMs: number | undefined): number {
  const own = Math.min(BACK_OFF_FROM_MS * 2 ** (failures - 1), BACK_OFF_MAX_MS)
  return Math.max(own, retryAfterMs ?? 0)
}

/** An estimate in whole minutes, `to` being at least one; `undefined` if there is none. */
export function minutes(eta: readonly number[] | null | undefined): { from: number; to: number } | undefined {
  const [low, high] = eta ?? []
  if (low === undefined || high === undefined) return undefined
  const to = Math.max(1, Math.ceil(high / 60))
  return { from: Math.min(Math.floor(low / 60), to), to }
}

/** The progress since joining, from 0 to 1. */
export function progress(first: number, ahead: number): number {
  return first <= 0 ? 1 : Math.min(1, Math.max(0, 1 - ahead / first))
}
