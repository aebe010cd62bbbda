/** The history of a sale: how points join, gaps, conversion, and the shapes of the charts. */
import { describe, expect, test } from 'vitest'
import { areaOf, HEIGHT, lineOver, nearest, scaleOf, WIDTH, xOf, yOf } from '../../src/manage/history/geometry.ts'
import {
  added,
  beginOf,
  funnel,
  joined,
  lastBefore,
  missing,
  type Point,
  type SaleHistory,
  since,
  stretches,
} from '../../src/manage/history/points.ts'

const BEGIN = Date.parse('2026-11-27T05:00:00Z')

/** The look of a minute; by then so many have joined, and half of those have gone on at each step. */
function point(minute: number, people = minute): Point {
  const part = (step: number) => Math.floor(people / 2 ** step)
  return {
    at: new Date(BEGIN + minute * 60_000).toISOString(),
    seats: { sold: people, reserved: 2, held: 1 },
    room: { waiting: people * 10, inside: 5, cap: 8 },
    reached: { joined: people, called: part(1), entered: part(2), held: part(3), booked: part(4), paid: part(5) },
  }
}

const history = (points: Point[], step_min: SaleHistory['step_min'] = 1): SaleHistory => ({
  performance_id: 'p',
  seats_for_sale: 100,
  step_min,
  points,
})

describe('points', () => {
  test('only what follows the last known point is asked for', () => {
    expect(missing(undefined, 'whole', BEGIN)).toEqual({})
    expect(missing(undefined, 'hour', BEGIN)).toEqual({ from: new Date(BEGIN - 3_600_000).toISOString() })
    const known = history([point(0), point(15)], 15)
    expect(missing(known, 'whole', BEGIN)).toEqual({ from: point(15).at, step_min: 15 })
    expect(missing(history([]), 'whole', BEGIN)).toEqual({})
  })

  test('newer points are appended, and replace those of their step', () => {
    const known = history([point(0), point(1), point(2)])
    const newer = history([point(2, 7), point(3)])
    expect(joined(known, newer).points).toEqual([point(0), point(1), point(2, 7), point(3)])
    expect(joined(known, history([])).points).toEqual(known.points)
    expect(joined(undefined, newer)).toEqual(newer)
    const coarse = history([point(0), point(16)], 15)
    expect(joined(coarse, history([point(22)], 15)).points).toEqual([point(0), point(22)])
    expect(joined(coarse, newer)).toEqual(newer)
  })

  test('a period ends now', () => {
    const points = [point(0), point(30), point(61)]
    expect(since(points, beginOf('hour', BEGIN + 61 * 60_000))).toEqual(points.slice(1))
    expect(since(points, beginOf('whole', BEGIN))).toEqual(points)
  })

  test('what happened in the first point of a period belongs to the period', () => {
    const points = [point(0, 0), point(30, 64), point(61, 128)]
    const begin = beginOf('hour', BEGIN + 65 * 60_000)
    expect(since(points, begin)).toEqual(points.slice(1))
    const joinedIn = (base: Point | undefined) => funnel(base, points[2], true)[0]?.count
    expect(lastBefore(points, begin)).toEqual(points[0])
    expect(joinedIn(lastBefore(points, begin))).toBe(128)
    expect(joinedIn(lastBefore(points, BEGIN + 31 * 60_000))).toBe(64)
    expect(lastBefore(points, BEGIN)).toBeUndefined()
    expect(lastBefore(points, undefined)).toBeUndefined()
  })

  test('a late look is no gap, a missing one is', () => {
    const points = [0, 1, 3, 4, 7, 8].map(minute => point(minute))
    expect(stretches(points, 1).map(stretch => stretch.length)).toEqual([4, 2])
    expect(stretches(points, 15).length).toBe(1)
    expect(stretches([], 1)).toEqual([])
  })
})

describe('conversion', () => {
  test('of the whole sale, each step against the one before', () => {
    expect(funnel(undefined, point(0, 64), true).map(({ step, count, share }) => [step, count, share])).toEqual([
      ['joined', 64, undefined],
      ['called', 32, 0.5],
      ['entered', 16, 0.5],
      ['held', 8, 0.5],
      ['booked', 4, 0.5],
      ['paid', 2, 0.5],
    ])
  })

  test('of a period, without a queue, and of no one', () => {
    const [held, booked] = funnel(point(0, 64), point(1, 128), false)
    expect([held, booked]).toEqual([
      { step: 'held', count: 8, share: undefined },
      { step: 'booked', count: 4, share: 0.5 },
    ])
    expect(funnel(undefined, point(0, 0), true).map(({ share }) => share)).toEqual(Array(6).fill(undefined))
    expect(added(point(5), point(3), 'joined')).toBe(0)
  })
})

describe('charts', () => {
  const sold = ({ seats }: Point) => seats.sold
  const points = [point(0, 0), point(1, 5), point(2, 10)]

  test('time goes from left to right, and the greatest value is at the top', () => {
    const scale = scaleOf(points, [sold])
    expect(scale).toEqual({ from: BEGIN, to: BEGIN + 120_000, top: 10 })
    expect([xOf(scale, BEGIN), xOf(scale, BEGIN + 60_000), xOf(scale, scale.to)]).toEqual([0, WIDTH / 2, WIDTH])
    expect([yOf(scale, 0), yOf(scale, 10), yOf(scale, 99)]).toEqual([HEIGHT, 0, 0])
    expect(lineOver(scale, points, 1, sold)).toBe('M0,200L500,100L1000,0')
    expect(areaOf(scale, points, 1, () => 0, sold)).toBe('M0,200L500,100L1000,0L1000,200L500,200L0,200Z')
  })

  test('a gap is left open, and a single look shows', () => {
    const scale = scaleOf([point(0), point(10)], [sold])
    expect(lineOver(scale, [point(0), point(10)], 1, sold)).toBe('M0,200L0,200M997,0L1000,0')
    const alone = scaleOf([point(4)], [sold])
    expect(lineOver(alone, [point(4)], 1, sold)).toBe('M997,0L1000,0')
    expect(scaleOf([], [sold]).top).toBe(1)
    expect(lineOver(scaleOf([], [sold]), [], 1, sold)).toBe('')
  })

  test('a place across the chart finds the nearest point', () => {
    const scale = scaleOf(points, [sold])
    expect([0, 0.24, 0.26, 0.8, 2].map(across => nearest(points, scale, across))).toEqual([0, 0, 1, 2, 2])
  })
})
