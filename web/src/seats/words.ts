/** Seats, grades and prices in the reader's words. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Show } from '../shows/queries.ts'
import { useFormat } from '../ui/format.ts'
import type { Money } from './choice/amount.ts'
import { isStanding, labelOf, type Plan, rowOf, sectionOf } from './geometry.ts'
import type { MapWords } from './map/style.ts'

const UNKNOWN = '–'

export interface Words {
  seat(seat: number): string
  /** Names seats, those of one row together. */
  seats(seats: readonly number[]): string
  /** What is special about a place, with the organizer's note; `undefined` if nothing is. */
  special(seat: number): string | undefined
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
    isStanding(plan, seat)
      ? t('seat.standing', { section: sectionOf(plan, seat).name, number })
      : t('seat.full', { section: sectionOf(plan, seat).name, row: rowOf(plan, seat).row, number })
  return {
    seat: seat => named(seat, String(labelOf(plan, seat))),
    seats: seats =>
      byRow(plan, seats)
        .map(([first, numbers]) => named(first, numbers))
        .join(' · '),
    special: seat => {
      const { kind, note } = plan.special.get(seat) ?? {}
      const word = kind === undefined || kind === 'house' ? undefined : t(`kind.${kind}`)
      const both = [word, note].filter(each => each !== undefined)
      return both.length === 0 ? undefined : both.join(' · ')
    },
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
  return [...rows.values()].map(row => [row[0] ?? 0, spans(row.map(seat => labelOf(plan, seat)))])
}

/** Three and more labels that follow each other become a span. */
function spans(labels: readonly (number | string)[]): string {
  const runs: (number | string)[][] = []
  for (const label of labels) {
    const last = runs.at(-1)
    const before = last?.at(-1)
    if (typeof label === 'number' && typeof before === 'number' && before + 1 === label) last?.push(label)
    else runs.push([label])
  }
  return runs.map(run => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : run.join(', '))).join(', ')
}

/** The words that are written into a map. */
export function useMapWords(): MapWords {
  const { t } = useTranslation('seats')
  const format = useFormat()
  return useMemo(
    () => ({
      stage: t('map.stage'),
      standing: t('standing.word'),
      left: places => (places === 0 ? t('legend.soldOut') : t('map.left', { left: format.count(places) })),
    }),
    [t, format],
  )
}
