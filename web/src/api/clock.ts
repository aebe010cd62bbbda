/**
 * The server's clock, learned from the `Date` of its answers. A phone's clock may be minutes wrong, and a sale opens by the
 * server's.
 *
 * `Date` counts whole seconds: an answer says that the server's clock was within one second while the request was on its
 * way. Each answer narrows the range of what the difference can be; a few are enough for a fraction of a second.
 */
import { useEffect, useSyncExternalStore } from 'react'

/** What the server's clock is ahead of ours, milliseconds: from the least to the most that it can be. */
export interface Offset {
  least: number
  most: number
}

/** What is known after one more answer; what contradicts it (somebody set a clock) is forgotten. */
export function narrowed(known: Offset | undefined, date: number, askedAt: number, answeredAt: number): Offset {
  const told = { least: date - answeredAt, most: date + 1000 - askedAt }
  if (known === undefined) return told
  const both = { least: Math.max(known.least, told.least), most: Math.min(known.most, told.most) }
  return both.least <= both.most ? both : told
}

let offset: Offset | undefined
const ASKED_TIMES = 4
const BETWEEN_MS = 330
const AGAIN_AFTER_MS = 60_000
let learnedAt = Number.NEGATIVE_INFINITY

/** Now by the server's clock, milliseconds since 1970; by ours until the server has answered. */
export function serverNow(): number {
  return Date.now() + (offset === undefined ? 0 : (offset.least + offset.most) / 2)
}

/** What any answer says, while nothing better is known: a phone that is an hour off should not believe itself for a moment. */
export function noteServerTime(response: Response): void {
  const date = Date.parse(response.headers.get('date') ?? '')
  const fresh = response.headers.get('cache-control')?.includes('no-store') ?? false
  if (offset === undefined && fresh && !Number.isNaN(date)) offset = narrowed(undefined, date, Date.now(), Date.now())
}

/** Asks the server a few times, unless that was done a moment ago. */
export async function learnServerTime(): Promise<void> {
  if (performance.now() - learnedAt < AGAIN_AFTER_MS) return
  learnedAt = performance.now()
  for (let asked = 0; asked < ASKED_TIMES; asked++) {
    if (asked > 0) await new Promise(resolve => setTimeout(resolve, BETWEEN_MS))
    const askedAt = Date.now()
    const response = await fetch('/healthz', { method: 'HEAD', cache: 'no-store' }).catch(() => undefined)
    const date = Date.parse(response?.headers.get('date') ?? '')
    if (!Number.isNaN(date)) offset = narrowed(offset, date, askedAt, Date.now())
  }
}

/** Now by the server's clock, whole seconds, and again each second. */
export function useServerSeconds(): number {
  useEffect(() => {
    void learnServerTime()
  }, [])
  return useSyncExternalStore(everySecond, () => Math.floor(serverNow() / 1000))
}

function everySecond(tell: () => void): () => void {
  const timer = setInterval(tell, 200)
  return () => clearInterval(timer)
}
