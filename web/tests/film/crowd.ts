/** All other buyers together. */

import { newBuyer, tokenOf } from '../browser/people.ts'
import { Buyer } from './buyer.ts'
import type { House } from './house.ts'
import { randomOf } from './random.ts'

/** How many do at once what costs the server much: two password hashes for an account, a lease for a number. */
const AT_ONCE = 6

/** The access tokens of so many new accounts. */
export function signUp(url: string, count: number): Promise<string[]> {
  return inTurn(Array.from({ length: count }), async () => tokenOf(url, await newBuyer(url)))
}

export class Crowd {
  readonly #buyers: Buyer[]
  #buying: Promise<void>[] = []

  constructor(url: string, tokens: readonly string[], house: House) {
    this.#buyers = tokens.map((token, index) => new Buyer(url, token, house, randomOf(index + 1)))
  }

  /** Lets so many more join; from then on they act by themselves. */
  async join(count: number): Promise<void> {
    const next = this.#buyers.slice(this.#buying.length, this.#buying.length + count)
    await inTurn(next, async buyer => {
      await buyer.join()
      const buying = buyer.buy()
      // What goes wrong is thrown where the story waits for all of them.
      buying.catch(() => undefined)
      this.#buying.push(buying)
    })
  }

  get numbers(): number[] {
    return this.#buyers.map(buyer => buyer.number).filter(number => number > 0)
  }

  /** How many still wait. Each of them asked for their place, and has the number of before. */
  async look(): Promise<number> {
    const waiting = this.#buyers.filter(buyer => buyer.number > 0 && !buyer.inside)
    await inTurn(waiting, buyer => buyer.look())
    return waiting.length
  }

  /** Waits until all have paid and left. */
  async done(): Promise<void> {
    await Promise.all(this.#buying)
  }

  /** The seats of all, as the books say. */
  async seats(): Promise<string[]> {
    return (await inTurn(this.#buyers, buyer => buyer.seats())).flat()
  }
}

async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const some = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await act(items[index] as T)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, some))
  return results
}
