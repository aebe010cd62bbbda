/**
 * The server's clock, learned from the `Date` of its responses. A phone's clock may be minutes off, but a sale opens by the
 * server's.
 *
 * `Date` counts whole seconds: a response says in which second the server's clock was at some moment of the request.
 * Each response narrows the range of the difference; a few narrow it to a fraction of a second.
 */
import { useEffect, useSyncExternalStore } from 'react'

/** How far the server's clock can be ahead of ours, in milliseconds. */
export interface Offset {
  least: number
  most: number
}

/** The range after one more response. A range that contradicts it is dropped: one of the clocks was set. */
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

/** Milliseconds since 1970 by the server's clock, or by ours until the server has answered. */
export function serverNow(): number {
  return Date.now() + (offset === undefined ? 0 : (offset.least + offset.most) / 2)
}

/** Takes a first estimate from any fresh response, so that a phone that is an hour off is never believed. */
export function noteServerTime(response: Response): void {
  const date = Date.parse(response.headers.get('date') ?? '')
  const fresh = response.headers.get('cache-control')?.includes('no-store') ?? false
  if (offset === undefined && fresh && !Number.isNaN(date)) offset = narrowed(undefined, date, Date.now(), Date.now())
}

/** Asks the server a few times, unless it was asked a moment ago. */
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

/** Whole seconds by the server's clock, updated every second. */
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
