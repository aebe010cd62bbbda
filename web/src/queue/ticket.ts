/** The queue ticket of an account for a performance, kept so that it survives everything but a cleared browser. */
import { currentUser } from '../account/session.ts'

interface Kept {
  user_id: string
  ticket: string
  /** How many were before it when it was given: what progress is measured from. */
  ahead: number | null
}

const key = (performanceId: string) => `yemae.ticket.${performanceId}`

/** One's own; another account's on the same browser is none. */
export function ticketOf(performanceId: string): Kept | undefined {
  const text = localStorage.getItem(key(performanceId))
  const kept = text === null ? undefined : (JSON.parse(text) as Kept)
  return kept?.user_id === currentUser()?.user_id ? kept : undefined
}

/** A ticket that is renewed keeps where it began. */
export function keepTicket(performanceId: string, ticket: string, ahead: number | null): void {
  const user_id = currentUser()?.user_id
  if (user_id === undefined) return
  const first = ticketOf(performanceId)?.ahead ?? ahead
  localStorage.setItem(key(performanceId), JSON.stringify({ user_id, ticket, ahead: first } satisfies Kept))
}

export function dropTicket(performanceId: string): void {
  localStorage.removeItem(key(performanceId))
}
