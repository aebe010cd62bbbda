/** How many units of a drawing are a metre. */
import { PITCH_M } from '../plan.ts'
import type { FoundSeat } from './assemble.ts'
import type { Remark } from './imported.ts'
import { median } from './spacing.ts'

export interface Scale {
  /** Units of the drawing in a metre. */
  unitsPerMetre?: number
  /** If that is not known: how far neighbours are apart, in metres. */
  seatPitch_m?: number
}

export interface FoundScale {
  perMetre: number
  /** From each seat of a row to the nearest other, in units. */
  median: number | undefined
  remarks: Remark[]
}

/** As given, or so that neighbours in a row are as far apart as seats usually are. */
export function perMetreOf(seats: readonly FoundSeat[], { unitsPerMetre, seatPitch_m = PITCH_M }: Scale): FoundScale {
  const usual = medianStep(seats)
  if (unitsPerMetre !== undefined && unitsPerMetre > 0) return { perMetre: unitsPerMetre, median: usual, remarks: [] }
  const perMetre = usual === undefined || usual === 0 ? 1 : usual / seatPitch_m
  const values = { perMetre: Number(perMetre.toPrecision(4)), pitch: seatPitch_m }
  return { perMetre, median: usual, remarks: [{ code: 'scale', values }] }
}

/** Neighbours follow each other in a row: along its longer side, so that the order in the file does not matter. */
function medianStep(seats: readonly FoundSeat[]): number | undefined {
  const rows = new Map<string, FoundSeat[]>()
  for (const seat of seats) {
    const key = `${seat.section}\n${seat.row}`
    const row = rows.get(key)
    if (row === undefined) rows.set(key, [seat])
    else row.push(seat)
  }
  const steps = [...rows.values()].flatMap(stepsOf)
  return steps.length === 0 ? undefined : median(steps)
}

function stepsOf(row: readonly FoundSeat[]): number[] {
  const span = (of: (seat: FoundSeat) => number) => {
    const [least, most] = row.reduce(
      ([least, most], seat) => [Math.min(least, of(seat)), Math.max(most, of(seat))],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    )
    return most - least
  }
  const along = span(({ x }) => x) >= span(({ y }) => y) ? ({ x }: FoundSeat) => x : ({ y }: FoundSeat) => y
  const ordered = row.toSorted((one, other) => along(one) - along(other))
  return ordered.slice(1).map((seat, index) => {
    const before = ordered[index] ?? seat
    return Math.hypot(seat.x - before.x, seat.y - before.y)
  })
}
