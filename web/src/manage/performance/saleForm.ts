/** When and how a performance's seats are sold, checked as the server does. */
import type { Schemas } from '../../api/client.ts'
import { isWhole } from '../show/showForm.ts'
import { fromVenue, toVenue } from '../venueTime.ts'

type NewSale = Schemas['NewSale']

/** The form as it is typed, with times at the venue. */
export interface SaleForm {
  startsAt: string
  opensAt: string
  /** Empty means when the performance starts. */
  closesAt: string
  /** Whether seats are sold after the performance has started. */
  lateEntry: boolean
  mode: 'open' | 'queue'
  cap: string
  ratePerMin: string
  gathers: boolean
  prequeueAt: string
  /** When wheelchair places are sold like all others; empty means never. Missing in drafts of before. */
  accessibleReleaseAt?: string
}

export const CAP_MAX = 100_000
export const RATE_MAX = 1_000_000
const DAY_MS = 86_400_000
const GATHERS_BEFORE_MS = 30 * 60_000

export type SaleError =
  | 'time'
  | 'beforeClosing'
  | 'past'
  | 'afterOpening'
  | 'afterStart'
  | 'opensLate'
  | 'beforeOpening'
  | 'cap'
  | 'rate'
/** By the server's name for the field. */
export type SaleErrors = Partial<Record<string, SaleError>>

/** Suggests an evening in a month, on sale in a week at two in the afternoon. */
export function saleOf(now: number): SaleForm {
  const day = (days: number) => toVenue(now + days * DAY_MS).slice(0, 10)
  const opensAt = `${day(7)}T14:00`
  return {
    startsAt: `${day(30)}T19:30`,
    opensAt,
    closesAt: '',
    lateEntry: false,
    mode: 'queue',
    cap: '500',
    ratePerMin: '600',
    gathers: true,
    prequeueAt: gatheringBefore(opensAt),
  }
}

/** The gathering begins half an hour before the opening. */
export function gatheringBefore(opensAt: string): string {
  const moment = fromVenue(opensAt)
  return moment === undefined ? '' : toVenue(Date.parse(moment) - GATHERS_BEFORE_MS)
}

/** Moves the opening and, by as much, the gathering. */
export function withOpening(form: SaleForm, opensAt: string): SaleForm {
  const [before, after, gathers] = [form.opensAt, opensAt, form.prequeueAt].map(text => fromVenue(text))
  if (before === undefined || after === undefined || gathers === undefined) return { ...form, opensAt }
  const prequeueAt = toVenue(Date.parse(after) - (Date.parse(before) - Date.parse(gathers)))
  return { ...form, opensAt, prequeueAt }
}

export function toNewSale(form: SaleForm): NewSale {
  const closes = fromVenue(form.closesAt)
  const prequeue = form.mode === 'queue' && form.gathers ? fromVenue(form.prequeueAt) : undefined
  const released = fromVenue(form.accessibleReleaseAt ?? '')
  return {
    opens_at: fromVenue(form.opensAt) ?? '',
    ...(closes === undefined ? {} : { closes_at: closes }),
    ...(closes !== undefined && form.lateEntry ? { late_entry: true } : {}),
    ...(prequeue === undefined ? {} : { prequeue_at: prequeue }),
    ...(released === undefined ? {} : { accessible_release_at: released }),
    mode: form.mode,
    ...(form.mode === 'queue' ? { cap: Number(form.cap), rate_per_min: Number(form.ratePerMin) } : {}),
  }
}

/** Everything the server would refuse, and a start in the past. */
export function checkSale(form: SaleForm, now: number): SaleErrors {
  const moment = (text: string) => Date.parse(fromVenue(text) ?? '')
  const [starts, opens, prequeue] = [moment(form.startsAt), moment(form.opensAt), moment(form.prequeueAt)]
  const closes = form.closesAt === '' ? starts : moment(form.closesAt)
  const queue = form.mode === 'queue'
  const errors: [string, SaleError | undefined | false][] = [
    ['starts_at', Number.isNaN(starts) ? 'time' : starts <= now && 'past'],
    ['sale.opens_at', Number.isNaN(opens) ? 'time' : form.closesAt === '' && opens >= starts && 'opensLate'],
    ['sale.closes_at', form.closesAt !== '' && closingError(closes, opens, form.lateEntry ? Infinity : starts)],
    ['sale.prequeue_at', queue && form.gathers && gatheringError(prequeue, opens)],
    [
      'sale.accessible_release_at',
      Boolean(form.accessibleReleaseAt) && releaseError(moment(form.accessibleReleaseAt ?? ''), closes),
    ],
    ['sale.cap', queue && !isWhole(form.cap, 1, CAP_MAX) && 'cap'],
    ['sale.rate_per_min', queue && !isWhole(form.ratePerMin, 1, RATE_MAX) && 'rate'],
  ]
  return Object.fromEntries(errors.filter(([, error]) => error)) as SaleErrors
}

function closingError(closes: number, opens: number, latest: number): SaleError | undefined {
  if (Number.isNaN(closes)) return 'time'
  if (closes <= opens) return 'afterOpening'
  return closes > latest ? 'afterStart' : undefined
}

function releaseError(released: number, closes: number): SaleError | undefined {
  if (Number.isNaN(released)) return 'time'
  return released >= closes ? 'beforeClosing' : undefined
}

function gatheringError(prequeue: number, opens: number): SaleError | undefined {
  if (Number.isNaN(prequeue)) return 'time'
  return prequeue >= opens ? 'beforeOpening' : undefined
}
