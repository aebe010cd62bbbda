/** The queue ticket of an account for a performance, kept until the browser's storage is cleared. */
import { currentUser } from '../account/session.ts'

interface Kept {
  user_id: string
  ticket: string
  /** How many people were ahead when it was issued; progress is measured from there. */
  ahead: number | null
}

const key = (performanceId: string) => `yemae.ticket.${performanceId}`

/** The signed-in account's own ticket, never another's in the same browser. */
export function ticketOf(performanceId: string): Kept | undefined {
  const text = localStorage.getItem(key(performanceId))
  const kept = text === null ? undefined : (JSON.parse(text) as Kept)
  return kept?.user_id === currentUser()?.user_id ? kept : undefined
}

/** Keeps a ticket; a renewed one keeps the start of its progress. */
export function keepTicket(performanceId: string, ticket: string, ahead: number | null): void {
  const user_id = currentUser()?.user_id
  if (user_id === undefined) return
  const first = ticketOf(performanceId)?.ahead ?? ahead
  localStorage.setItem(key(performanceId), JSON.stringify({ user_id, ticket, ahead: first } satisfies Kept))
}

export function dropTicket(performanceId: string): void {
  localStorage.removeItem(key(performanceId))
}
