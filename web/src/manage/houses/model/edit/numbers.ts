/** What rows and seats are called. What is special about places follows its seats to their new names. */
import { type LabelKind, labelOf } from '../names.ts'
import { type HousePlan, NUMBER_MAX, type Row, type RowsRef, sectionNamed } from '../plan.ts'
import { type ChangedRow, isChosen, patched, withRows } from './change.ts'
import { numbersOf } from './rows.ts'

export interface NumberRule {
  /** Where the first number is. From the middle: … 5 3 1 2 4 6 … */
  order: 'left' | 'right' | 'middle'
  /** The first number, or letter counted from 1. */
  start: number
  /** From each number to the next: 2 for odd or even ones. */
  step: number
  labels: LabelKind
}

/** The usual ways to number a row. */
export const NUMBER_RULES = {
  leftToRight: { order: 'left', start: 1, step: 1, labels: 'numbers' },
  rightToLeft: { order: 'right', start: 1, step: 1, labels: 'numbers' },
  odd: { order: 'left', start: 1, step: 2, labels: 'numbers' },
  even: { order: 'left', start: 2, step: 2, labels: 'numbers' },
  fromMiddle: { order: 'middle', start: 1, step: 1, labels: 'numbers' },
} as const satisfies Record<string, NumberRule>

export function renumber(plan: HousePlan, { section: name, rows }: RowsRef, rule: NumberRule): HousePlan {
  const section = sectionNamed(plan, name)
  if (section?.kind !== 'seats') return plan
  const chosen = isChosen(rows)
  return withRows(
    plan,
    section,
    section.rows.map(row => (chosen(row) ? { row: renumbered(row, rule), was: row } : { row, was: row })),
  )
}

/** The labels of a row of so many seats, from left to right. */
export function labelsBy(rule: NumberRule, seats: number): string[] {
  return orders[rule.order](seats).map(nth => labelOf(rule.labels, numberAt(rule, nth)))
}

function renumbered(row: Row, rule: NumberRule): Row {
  const last = numberAt(rule, row.seats - 1)
  const [least, most] = [Math.min(rule.start, last), Math.max(rule.start, last)]
  if (rule.step === 0 || least < 1 || most > NUMBER_MAX) return row
  return patched(row, { numbers: numbersOf(labelsBy(rule, row.seats)) })
}

function numberAt({ start, step }: NumberRule, nth: number): number {
  return Math.round(start) + Math.round(step) * nth
}

/** How many numbers come before that of each seat, from left to right. */
const orders: Record<NumberRule['order'], (seats: number) => number[]> = {
  left: seats => Array.from({ length: seats }, (_, place) => place),
  right: seats => Array.from({ length: seats }, (_, place) => seats - 1 - place),
  middle: seats => {
    const middle = Math.floor((seats - 1) / 2)
    return Array.from({ length: seats }, (_, place) =>
      place <= middle ? 2 * (middle - place) : 2 * (place - middle) - 1,
    )
  },
}

export interface RowRule {
  labels: LabelKind
  /** The first name, counted from 1. */
  start: number
  from: 'front' | 'back'
}

/** Names all rows of a section in order. */
export function renameRows(plan: HousePlan, name: string, { labels, start, from }: RowRule): HousePlan {
  const section = sectionNamed(plan, name)
  if (section?.kind !== 'seats' || start < 1) return plan
  const count = section.rows.length
  const renamed = section.rows.map((row, index): ChangedRow => {
    const nth = from === 'front' ? index : count - 1 - index
    return { row: patched(row, { row: labelOf(labels, Math.round(start) + nth) }), was: row }
  })
  return withRows(plan, section, renamed)
}

/** Gives one row another name. */
export function renameRow(plan: HousePlan, name: string, row: string, to: string): HousePlan {
  const section = sectionNamed(plan, name)
  if (section?.kind !== 'seats') return plan
  const rows = section.rows.map(was => ({ row: was.row === row ? patched(was, { row: to }) : was, was }))
  return withRows(plan, section, rows)
}
