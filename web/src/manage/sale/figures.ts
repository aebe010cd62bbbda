/** The figures of the console, derived from what the server reports, and their recent history. */
import type { LiveSale } from '../queries.ts'

/** Every seat in one of four states, in the order of the bar. */
export function shares({
  seat_count,
  sold,
  reserved,
  held,
}: LiveSale): { state: Share; seats: number; part: number }[] {
  const free = Math.max(0, seat_count - sold - reserved - held)
  const seats = { sold, reserved, held, free }
  return SHARES.map(state => ({ state, seats: seats[state], part: seat_count === 0 ? 0 : seats[state] / seat_count }))
}

export const SHARES = ['sold', 'reserved', 'held', 'free'] as const
export type Share = (typeof SHARES)[number]

export type Control = 'open' | 'paused' | 'closed'

/** The last order given by hand: the state of a sale that has not begun does not show it. */
export function controlOf({ state, changes }: LiveSale): Control {
  if (state === 'open' || state === 'sold_out') return 'open'
  if (state === 'paused') return 'paused'
  const ordered = changes.find(change => change.after.state != null)?.after.state
  return ordered === 'paused' || ordered === 'closed' ? ordered : 'open'
}

export interface Sample {
  /** When it was read, in milliseconds since 1970. */
  at: number
  sold: number
  inside: number
}

const KEPT_MS = 15 * 60_000

/** Adds a sample and keeps those of the last quarter of an hour. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  return [...samples.filter(({ at }) => at > sample.at - KEPT_MS && at < sample.at), sample]
}

/** A line through the samples: the newest at the right edge of the box, the greatest at its top. */
export function lineOf(samples: readonly { at: number; value: number }[], width: number, height: number): string {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined) return ''
  const span = Math.max(last.at - first.at, 1)
  const values = samples.map(({ value }) => value)
  const least = Math.min(...values)
  const range = Math.max(Math.max(...values) - least, 1)
  const point = ({ at, value }: { at: number; value: number }) =>
    `${round(((at - first.at) / span) * width)},${round(height - ((value - least) / range) * height)}`
  return samples.map(point).join(' ')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
