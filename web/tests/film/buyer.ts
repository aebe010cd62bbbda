/** Another buyer: an HTTP client that waits, holds, books and pays as a page does, through whatever breaks meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Schemas } from '../../src/api/client.ts'
import { isProblem, Problem } from '../../src/api/problem.ts'
import { call } from '../browser/people.ts'
import type { House } from './house.ts'
import type { Random } from './random.ts'

/** How long a buyer asks for an answer, from the story's beginning. */
const PATIENCE_MS = 600_000
const AGAIN_AFTER_MS = 400
/** What a buyer inside takes to choose, and to pay. */
const CHOOSES_MS = { least: 1_500, most: 5_000 }
const PAYS_MS = { least: 1_000, most: 3_000 }
/** One of so many gives the first choice back. */
const CHANGES_MIND = 6
const SEATS_MAX = 4

export class Buyer {
  readonly #url: string
  readonly #token: string
  readonly #house: House
  readonly #random: Random
  readonly #deadline = Date.now() + PATIENCE_MS
  #ticket = ''
  #admission = ''
  /** The number in the queue, from 1; 0 before joining. */
  number = 0
  /** Whether the wait is over. */
  inside = false

  constructor(url: string, token: string, house: House, random: Random) {
    this.#url = url
    this.#token = token
    this.#house = house
    this.#random = random
  }

  async join(): Promise<void> {
    const body = { performance_id: this.#house.performanceId }
    const joined = await this.#ask<Schemas['Enqueued']>('POST', '/v1/queue-tickets', { body })
    this.#ticket = joined.queue_ticket
    this.number = joined.number ?? 0
  }

  /** Asks for the place, and fails if the number is another than before. */
  async look(): Promise<Schemas['Place']> {
    const path = `/v1/queues/${this.#house.performanceId}/me`
    const place = await this.#ask<Schemas['Place']>('GET', path, { headers: { 'Queue-Ticket': this.#ticket } })
    if (place.number !== this.number) throw new Error(`number ${this.number} became ${place.number}`)
    return place
  }

  /** Waits, goes in when called, buys, and leaves. */
  async buy(): Promise<void> {
    await this.#wait()
    await this.#enter()
    await this.#pay(await this.#book())
    const headers = { 'Admission-Token': this.#admission }
    await this.#ask('DELETE', '/v1/admissions', { headers }).catch(() => undefined)
  }

  /** The seats that the books say are this buyer's and paid. */
  seats(): Promise<string[]> {
    return paidSeats(this.#url, this.#token, this.#house)
  }

  async #wait(): Promise<void> {
    for (;;) {
      const place = await this.look()
      if (place.state === 'called' || place.state === 'admitted') return
      if (place.state !== 'waiting') throw new Error(`number ${this.number} is ${place.state}`)
      await sleep(place.poll_after_ms)
    }
  }

  /** Claims until there is room: the answer before is the place. */
  async #enter(): Promise<void> {
    for (;;) {
      const headers = { 'Queue-Ticket': this.#ticket }
      const answer = await this.#ask<Partial<Schemas['Admitted']>>('POST', '/v1/admissions', { headers })
      if (answer.admission_token !== undefined) {
        this.#admission = answer.admission_token
        this.inside = true
        return
      }
      await sleep(AGAIN_AFTER_MS)
    }
  }

  /** Holds and books; starts over if the hold was lost in between. */
  async #book(): Promise<Schemas['Booking']> {
    let wavers = this.#random.below(CHANGES_MIND) === 0
    for (;;) {
      await sleep(this.#random.between(CHOOSES_MS))
      const { hold_id } = await this.#hold()
      try {
        if (wavers) {
          wavers = false
          await sleep(this.#random.between(PAYS_MS))
          await this.#ask('DELETE', `/v1/holds/${hold_id}`, { admitted: true })
          continue
        }
        await sleep(this.#random.between(PAYS_MS))
        const headers = { 'Idempotency-Key': `book-${hold_id}` }
        return await this.#ask('POST', '/v1/bookings', { admitted: true, headers, body: { hold_id } })
      } catch (error) {
        if (!isProblem(error, 'hold_not_found', 'hold_expired', 'seat_held', 'seat_sold')) throw error
      }
    }
  }

  /** Holds seats side by side, elsewhere if another buyer was faster. */
  async #hold(): Promise<Schemas['Hold']> {
    const count = 1 + this.#random.below(SEATS_MAX)
    for (;;) {
      const body = { performance_id: this.#house.performanceId, seats: this.#house.together(count, this.#random) }
      try {
        return await this.#ask('POST', '/v1/holds', { admitted: true, body })
      } catch (error) {
        if (!isProblem(error, 'seat_held', 'seat_sold')) throw error
      }
    }
  }

  async #pay({ booking_id }: Schemas['Booking']): Promise<void> {
    await sleep(this.#random.between(PAYS_MS))
    const headers = { 'Idempotency-Key': `pay-${booking_id}` }
    await this.#ask('POST', '/v1/payments', { headers, body: { booking_id, method: 'card', token: 'ok' } })
  }

  /** Asks until there is an answer: a store that is away for a moment is no reason to give up. */
  async #ask<T>(method: string, path: string, asked: Asked = {}): Promise<T> {
    for (;;) {
      try {
        return await this.#once<T>(method, path, asked)
      } catch (error) {
        const problem = Problem.of(error)
        if (asked.admitted && problem.code === 'not_admitted') await this.#enter()
        else if (!problem.passing) throw problem
        if (Date.now() > this.#deadline) throw problem
        await sleep(problem.retryAfterMs ?? AGAIN_AFTER_MS)
      }
    }
  }

  async #once<T>(method: string, path: string, { admitted, headers, body }: Asked): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(admitted ? { 'Admission-Token': this.#admission } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const answer = text === '' ? undefined : JSON.parse(text)
    if (!response.ok) throw Problem.from(response, answer)
    return answer as T
  }
}

/** The seats that the books say are this account's and paid. */
export async function paidSeats(url: string, token: string, { performanceId }: House): Promise<string[]> {
  const { items } = await call<Schemas['Page_Booking']>(url, 'GET', '/v1/me/bookings', { token })
  const paid = items.filter(({ performance_id, state }) => performance_id === performanceId && state === 'confirmed')
  return paid.flatMap(({ seats }) => seats)
}

interface Asked {
  /** Whether it needs the admission, which a loss of Redis can end. */
  admitted?: boolean
  headers?: Record<string, string>
  body?: unknown
}
