/** The price of the chosen seats: the server's for a hold of exactly these, or else the sum of their grades' prices. */
import { gradeOf, nameOf, type Plan } from '../geometry.ts'
import type { Chosen } from './choice.ts'

export interface Money {
  /** Minor units; `undefined` if a price is not known. */
  amount: number | undefined
  /** The show's currency by default. */
  currency?: string
}

export function amountOf(
  { seats, hold }: Pick<Chosen, 'seats' | 'hold'>,
  plan: Plan,
  priceOf: (grade: number) => number | undefined,
): Money {
  if (hold !== undefined && hold.seats.length === seats.length) {
    const names = new Set(hold.seats)
    if (seats.every(seat => names.has(nameOf(plan, seat)))) return { amount: hold.amount, currency: hold.currency }
  }
  const prices = seats.map(seat => priceOf(gradeOf(plan, seat)))
  return {
    amount: prices.reduce((sum, price) => (sum === undefined || price === undefined ? undefined : sum + price), 0),
  }
}
