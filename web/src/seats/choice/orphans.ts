/** Single seats that a choice would leave: they are hard to sell, so the buyer is warned first. */
import { isStanding, type Plan, piecesOf, type Row, rowOf } from '../geometry.ts'

/** Whether this buyer can choose a seat, or has chosen it. */
export type IsOpen = (seat: number) => boolean

/** The seats that only this choice leaves single. Seats on both sides of an aisle are not together. */
export function newOrphans(plan: Plan, isOpen: IsOpen, chosen: readonly number[]): number[] {
  const taken = new Set(chosen)
  const rows = new Set(chosen.filter(seat => !isStanding(plan, seat)).map(seat => rowOf(plan, seat)))
  return [...rows].flatMap(row => orphansOf(row, isOpen, taken))
}

function orphansOf(row: Row, isOpen: IsOpen, taken: ReadonlySet<number>): number[] {
  return piecesOf(row).flatMap(([first, end]) => {
    const openBefore = (seat: number) => seat >= first && seat < end && isOpen(seat)
    const openAfter = (seat: number) => openBefore(seat) && !taken.has(seat)
    const alone = (seat: number, open: IsOpen) => open(seat) && !open(seat - 1) && !open(seat + 1)
    const seats = Array.from({ length: end - first }, (_, place) => first + place)
    return seats.filter(seat => alone(seat, openAfter) && !alone(seat, openBefore))
  })
}
