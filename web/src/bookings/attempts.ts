/**
 * One payment is tried under one key, however often: after a reload, a lost connection, a double tap. Only a clear refusal
 * begins another try, with a key of its own.
 */

const key = (bookingId: string) => `yemae.payment.${bookingId}`

/** What a try under this number is called: the `Idempotency-Key`. */
export function attemptKey(bookingId: string, attempt: number): string {
  return `pay-${bookingId}-${attempt}`
}

/** A payment as it was begun: the key alone decides whether it is the same, so what it pays with stays with it. */
export interface Attempt {
  number: number
  /** What was chosen for it; `undefined` before it was sent. */
  token?: string
}

export function attemptOf(bookingId: string): Attempt {
  const text = localStorage.getItem(key(bookingId))
  return text === null ? { number: 1 } : (JSON.parse(text) as Attempt)
}

/** The try that is sent now: one that was begun goes on as it was. */
export function begun(known: Attempt, token: string): Attempt {
  return known.token === undefined ? { number: known.number, token } : known
}

/** After a clear refusal. */
export function afterRefusal(known: Attempt): Attempt {
  return { number: known.number + 1 }
}

export function keepAttempt(bookingId: string, attempt: Attempt): void {
  localStorage.setItem(key(bookingId), JSON.stringify(attempt))
}

export function dropAttempts(bookingId: string): void {
  localStorage.removeItem(key(bookingId))
}
