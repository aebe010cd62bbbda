/**
 * A payment is always tried under the same key: after a reload, a lost connection, a double tap. Only a clear refusal starts a
 * new attempt under a new key.
 */

const key = (bookingId: string) => `yemae.payment.${bookingId}`

/** The `Idempotency-Key` of the attempt with this number. */
export function attemptKey(bookingId: string, attempt: number): string {
  return `pay-${bookingId}-${attempt}`
}

/** An attempt to pay. Its key alone says that a request is the same, so it keeps its payment method. */
export interface Attempt {
  number: number
  /** The payment method; `undefined` before it was sent. */
  token?: string
}

export function attemptOf(bookingId: string): Attempt {
  const text = localStorage.getItem(key(bookingId))
  return text === null ? { number: 1 } : (JSON.parse(text) as Attempt)
}

/** The attempt to send now: one that was begun goes on unchanged. */
export function begun(known: Attempt, token: string): Attempt {
  return known.token === undefined ? { number: known.number, token } : known
}

/** The attempt after a clear refusal. */
export function afterRefusal(known: Attempt): Attempt {
  return { number: known.number + 1 }
}

export function keepAttempt(bookingId: string, attempt: Attempt): void {
  localStorage.setItem(key(bookingId), JSON.stringify(attempt))
}

export function dropAttempts(bookingId: string): void {
  localStorage.removeItem(key(bookingId))
}
