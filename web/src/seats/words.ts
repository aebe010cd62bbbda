/** Seats, grades and prices in the reader's words. */
import { useTranslation } from 'react-i18next'
import type { Show } from '../shows/queries.ts'
import { useFormat } from '../ui/format.ts'
import type { Money } from './choice/amount.ts'
import { numberOf, type Plan, rowOf, sectionOf } from './geometry.ts'

const UNKNOWN = '–'

export interface Words {
  seat(seat: number): string
  /** Names seats, those of one row together. */
  seats(seats: readonly number[]): string
  grade(grade: number): string
  /** A dash if the price is not known, so that no seat seems free of charge. */
  price(grade: number): string
  priceOf(grade: number): number | undefined
  money(amount: Money): string
}

/** All grades of a show, the dearest first. */
export function gradesOf(show: Show): string[] {
  return [...show.grades].sort((a, b) => b.price - a.price).map(({ grade }) => grade)
}

export function useWords(plan: Plan, show: Show): Words {
  const { t } = useTranslation('seats')
  const format = useFormat()
  const known = new Map(show.grades.map(({ grade, price }) => [grade, price]))
  const priceOf = (grade: number) => known.get(plan.grades[grade] ?? '')
  const money = ({ amount, currency = show.currency }: Money) =>
    amount === undefined ? UNKNOWN : format.money(amount, currency)
  const named = (seat: number, number: string) =>
    t('seat.full', { section: sectionOf(plan, seat).name, row: rowOf(plan, seat).row, number })
  return {
    seat: seat => named(seat, String(numberOf(plan, seat))),
    seats: seats =>
      byRow(plan, seats)
        .map(([first, numbers]) => named(first, numbers))
        .join(' · '),
    grade: grade => t('grade', { grade: plan.grades[grade] ?? '' }),
    price: grade => money({ amount: priceOf(grade) }),
    priceOf,
    money,
  }
}

/** The first seat of each row with the numbers of all its seats. */
function byRow(plan: Plan, seats: readonly number[]): [number, string][] {
  const rows = new Map<number, number[]>()
  for (const seat of seats) {
    const row = plan.rowOf[seat] ?? 0
    rows.set(row, [...(rows.get(row) ?? []), seat])
  }
  return [...rows.values()].map(row => [row[0] ?? 0, row.map(seat => numberOf(plan, seat)).join(', ')])
}
