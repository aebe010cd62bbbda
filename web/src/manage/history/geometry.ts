/** The geometry of the charts: a box of 1,000 by 200 units that the page stretches, time from left to right. */
import { type Point, stretches, timeOf } from './points.ts'

export const WIDTH = 1_000
export const HEIGHT = 200

export interface Scale {
  /** The first and the last moment, ms. */
  from: number
  to: number
  /** The value at the top, at least 1. */
  top: number
}

export type Value = (point: Point) => number

export function scaleOf(points: readonly Point[], values: readonly Value[]): Scale {
  const [first, last] = [points[0], points.at(-1)]
  const from = first === undefined ? 0 : timeOf(first)
  const to = last === undefined ? 0 : timeOf(last)
  const top = points.reduce((most, point) => Math.max(most, ...values.map(value => value(point))), 1)
  return { from, to, top }
}

/** Where a moment is. A single point is at the right edge, where time goes on. */
export function xOf({ from, to }: Scale, at: number): number {
  return to === from ? WIDTH : round(((at - from) / (to - from)) * WIDTH)
}

export function yOf({ top }: Scale, value: number): number {
  return round(HEIGHT - (Math.min(value, top) / top) * HEIGHT)
}

/** The outline of what lies between two values, one shape for each stretch without a gap. */
export function areaOf(scale: Scale, points: readonly Point[], stepMin: number, low: Value, high: Value): string {
  return shapes(scale, points, stepMin)
    .map(places => {
      const upper = places.map(({ x, point }) => `${x},${yOf(scale, high(point))}`)
      const lower = places.map(({ x, point }) => `${x},${yOf(scale, low(point))}`).reverse()
      return `M${upper.join('L')}L${lower.join('L')}Z`
    })
    .join('')
}

/** A line, one for each stretch without a gap. */
export function lineOver(scale: Scale, points: readonly Point[], stepMin: number, value: Value): string {
  return shapes(scale, points, stepMin)
    .map(places => `M${places.map(({ x, point }) => `${x},${yOf(scale, value(point))}`).join('L')}`)
    .join('')
}

/** The point nearest to a place across the box, 0 to 1. */
export function nearest(points: readonly Point[], scale: Scale, across: number): number {
  const at = scale.from + across * (scale.to - scale.from)
  const distance = (point: Point) => Math.abs(timeOf(point) - at)
  return points.reduce((best, point, index) => {
    const known = points[best]
    return known === undefined || distance(point) < distance(known) ? index : best
  }, 0)
}

/** The places of each stretch. One without a length gets the width of a hair, so that it shows. */
function shapes(scale: Scale, points: readonly Point[], stepMin: number) {
  return stretches(points, stepMin).map(stretch => {
    const places = stretch.map(point => ({ x: xOf(scale, timeOf(point)), point }))
    const [only] = places
    return places.length === 1 && only !== undefined ? [{ ...only, x: Math.max(0, only.x - 3) }, only] : places
  })
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
