/** The calls that hold and book seats, and this browser's memory of its hold. */
import { answer, api, type Schemas } from '../../api/client.ts'
import { patiently } from '../../api/queries.ts'
import { admissionHeader } from '../../queue/admission.ts'

export type Hold = Schemas['Hold']
export type Booking = Schemas['Booking']

/** What else the best seats must be. */
export interface Needs {
  /** How many of them are for wheelchairs. */
  wheelchair?: number
  /** Whether they may be in two rows behind each other. */
  split?: boolean
}

/** What a choice needs from outside. */
export interface HoldServer {
  /** Holds exactly these places; `wheelchair` of them are for wheelchairs. */
  hold(seats: string[], wheelchair?: number): Promise<Hold>
  best(count: number, grade: string, needs?: Needs): Promise<Hold>
  /** The next entry numbers of a standing area. */
  standing(section: string, count: number): Promise<Hold>
  read(holdId: string): Promise<Hold>
  release(holdId: string): Promise<void>
  book(holdId: string): Promise<Booking>
  /** This browser's last hold. */
  recall(): string | undefined
  remember(holdId: string | undefined): void
}

export const holdKey = (performanceId: string) => `yemae.hold.${performanceId}`

export function holdServer(performance_id: string): HoldServer {
  const key = holdKey(performance_id)
  const path = (hold_id: string) => ({ params: { path: { hold_id } } })
  const admitted = () => ({ params: { header: admissionHeader(performance_id) } })
  return {
    hold: (seats, wheelchair = 0) => {
      const body = { performance_id, seats, ...(wheelchair > 0 ? { wheelchair } : {}) }
      return patiently(() => answer(api.POST('/v1/holds', { ...admitted(), body })))
    },
    // Neither is repeated automatically: if only the response was lost, seats would be held twice.
    best: (count, grade, needs = {}) =>
      answer(api.POST('/v1/holds', { ...admitted(), body: { performance_id, best: { count, grade, ...needs } } })),
    standing: (section, count) =>
      answer(api.POST('/v1/holds', { ...admitted(), body: { performance_id, standing: { section, count } } })),
    read: holdId => patiently(() => answer(api.GET('/v1/holds/{hold_id}', path(holdId)))),
    release: async holdId => {
      await patiently(() => answer(api.DELETE('/v1/holds/{hold_id}', path(holdId))))
    },
    book: hold_id => {
      const header = { 'Idempotency-Key': `book-${hold_id}`, ...admissionHeader(performance_id) }
      return patiently(() => answer(api.POST('/v1/bookings', { params: { header }, body: { hold_id } })))
    },
    recall: () => localStorage.getItem(key) ?? undefined,
    remember: holdId => {
      if (holdId === undefined) localStorage.removeItem(key)
      else localStorage.setItem(key, holdId)
    },
  }
}
