/** How the seats of one row are spaced: from seat to seat, and where aisles lead through. */
import { AISLE_M, PITCH_M } from '../plan.ts'

export interface Spacing {
  pitch: number
  /** How far the middle of the row is to the right of where lengths are counted from. */
  offset: number
  /** After how many seats. */
  aisles: number[]
}

/** A gap that is so much wider than the others leads somewhere. */
const GAP_M = 0.45

/** `along`: where the seats are, ascending, in metres. */
export function spacingOf(along: readonly number[]): Spacing {
  const aisles = gapsOf(along)
  const seats = along.length
  const shifts = along.map((_, place) => aisles.filter(after => after <= place).length * AISLE_M)
  const unbroken = along.map((at, place) => at - (shifts[place] ?? 0))
  const pitch = seats < 2 ? PITCH_M : Math.round(slopeOf(unbroken) * 100) / 100
  const length = (seats - 1) * pitch + aisles.length * AISLE_M
  const ideal = along.map((_, place) => place * pitch + (shifts[place] ?? 0) - length / 2)
  return { pitch, offset: centreOf(along.map((at, place) => at - (ideal[place] ?? 0))), aisles }
}

/** After how many seats there is a gap. */
export function gapsOf(along: readonly number[]): number[] {
  const steps = along.slice(1).map((at, index) => at - (along[index] ?? 0))
  const usual = median(steps)
  return steps.flatMap((step, index) => (step > usual + GAP_M ? [index + 1] : []))
}

/** The slope of the line through values 0, 1, 2 …, by least squares. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  let [sum, squares] = [0, 0]
  values.forEach((value, place) => {
    sum += (place - middle) * value
    squares += (place - middle) ** 2
  })
  return sum / squares
}

/** Halfway between the least and the most, so that the worst is as good as it can be. */
function centreOf(values: readonly number[]): number {
  const [least, most] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
  return values.length === 0 ? 0 : (least + most) / 2
}

export function median(values: readonly number[]): number {
  const ordered = values.toSorted((one, other) => one - other)
  return ordered[Math.floor((ordered.length - 1) / 2)] ?? 0
}
