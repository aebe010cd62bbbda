/**
 * Wheelchair places and those of companions. Until the sale releases them they are for those who need them: a wheelchair place
 * for a wheelchair, a companion's place together with its wheelchair place. The server refuses anything else.
 */
import { kindOf, type Plan } from '../geometry.ts'

/** Whether they are sold like all others by now. A sale without such a moment never releases them. */
export function isReleased(releaseAt: string | null | undefined, now: number): boolean {
  return releaseAt != null && Date.parse(releaseAt) <= now
}

export function isAccessible(plan: Plan, seat: number): boolean {
  const kind = kindOf(plan, seat)
  return kind === 'wheelchair' || kind === 'companion'
}

/** How many of these are for wheelchairs. */
export function wheelchairsIn(plan: Plan, seats: readonly number[]): number {
  return seats.filter(seat => kindOf(plan, seat) === 'wheelchair').length
}

/** Without a place, and without the companions who came with it. */
export function withoutPlace(plan: Plan, seats: readonly number[], gone: number): number[] {
  const companions = plan.companions.get(gone) ?? []
  return seats.filter(seat => seat !== gone && !companions.includes(seat))
}

/** The wheelchair place that a companion's place needs, if it is not among these. */
export function missingFor(plan: Plan, seats: readonly number[], seat: number): number | undefined {
  if (kindOf(plan, seat) !== 'companion') return undefined
  const of = plan.special.get(seat)?.companionOf
  return of === undefined || seats.includes(of) ? undefined : of
}
