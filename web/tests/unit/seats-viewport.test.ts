/** Moving and zooming. */
import { describe, expect, test } from 'vitest'
import {
  anchored,
  between,
  boxOf,
  fitting,
  kept,
  limitsOf,
  panned,
  pinched,
  rotated,
  toPlan,
  toWindow,
  twist,
  upright,
  zoomed,
} from '../../src/seats/map/viewport.ts'

const size = { width: 400, height: 600 }
const house = { left: 0, top: 0, right: 277, bottom: 280 }
const limits = limitsOf(house, size)
const view = { x: 100, y: 120, scale: 5, turn: 0 }

test('a point of the window is a point of the plan', () => {
  expect(toPlan(view, size, { x: 200, y: 300 })).toEqual({ x: 100, y: 120 })
  expect(toPlan(view, size, { x: 0, y: 0 })).toEqual({ x: 60, y: 60 })
})

test('all of the house fits', () => {
  const all = fitting(house, size)
  const box = boxOf(all, size)
  expect(box.left).toBeLessThan(house.left)
  expect(box.right).toBeGreaterThan(house.right)
  expect(box.top).toBeLessThan(house.top)
  expect(box.bottom).toBeGreaterThan(house.bottom)
  expect(kept(all, size, limits)).toEqual(all)
})

test('a house of a few seats is not enlarged without bound', () => {
  expect(fitting({ left: 0, top: 0, right: 2, bottom: 2 }, size).scale).toBe(44)
})

test('the point under the finger stays there', () => {
  const at = { x: 300, y: 100 }
  const before = toPlan(view, size, at)
  for (const factor of [0.9, 1.7, 1000, 0.0001]) {
    const after = zoomed(view, size, limits, factor, at)
    expect(toPlan(after, size, at).x).toBeCloseTo(before.x)
    expect(toPlan(after, size, at).y).toBeCloseTo(before.y)
    expect(after.scale).toBeGreaterThanOrEqual(limits.least)
    expect(after.scale).toBeLessThanOrEqual(limits.most)
  }
})

test('two fingers keep the points under them', () => {
  const before: [{ x: number; y: number }, { x: number; y: number }] = [
    { x: 100, y: 100 },
    { x: 200, y: 300 },
  ]
  const after: typeof before = [
    { x: 80, y: 90 },
    { x: 230, y: 390 },
  ]
  const next = pinched(view, size, limits, before, after)
  expect(next.scale).toBeCloseTo(view.scale * 1.5)
  for (const finger of [0, 1] as const) {
    const [was, is] = [toPlan(view, size, before[finger]), toPlan(next, size, after[finger])]
    expect(is.x).toBeCloseTo(was.x)
    expect(is.y).toBeCloseTo(was.y)
  }
})

describe('the house stays in the window', () => {
  test('however far it is moved', () => {
    for (const by of [
      { x: 1e6, y: 1e6 },
      { x: -1e6, y: -1e6 },
    ]) {
      const box = boxOf(kept(panned(view, by), size, limits), size)
      expect(box.left).toBeGreaterThan(-10)
      expect(box.right).toBeLessThan(house.right + 10)
      expect(box.top).toBeGreaterThan(-10)
      expect(box.bottom).toBeLessThan(house.bottom + 20)
    }
  })

  test('and all of it where all of it fits', () => {
    const small = { left: 0, top: 0, right: 5, bottom: 2 }
    for (const far of [-40, 40]) {
      const box = boxOf(kept({ x: far, y: far, scale: 44, turn: 0 }, size, limitsOf(small, size)), size)
      expect(box.left).toBeLessThan(0)
      expect(box.right).toBeGreaterThan(5)
      expect(box.top).toBeLessThan(0)
      expect(box.bottom).toBeGreaterThan(2)
    }
  })
})

test('the view stays in place when the window shrinks from below', () => {
  const shorter = { width: 400, height: 450 }
  const at = { x: 77, y: 33 }
  expect(toPlan(anchored(view, size, shorter), shorter, at)).toEqual(toPlan(view, size, at))
})

test('a glide begins here and ends there', () => {
  const to = { x: 10, y: 20, scale: 24, turn: 0 }
  expect(between(view, to, 0)).toEqual(view)
  expect(between(view, to, 1).scale).toBeCloseTo(24)
  expect(between(view, to, 1).x).toBeCloseTo(10)
  expect(between(view, { ...view, x: 200 }, 0.5).x).toBeCloseTo(150)
})

describe('a turned map', () => {
  const tilted = { ...view, turn: 0.7 }

  test('shows points where they are found again', () => {
    const at = { x: 31, y: 511 }
    const there = toPlan(tilted, size, at)
    expect(toWindow(tilted, size, there).x).toBeCloseTo(at.x)
    expect(toWindow(tilted, size, there).y).toBeCloseTo(at.y)
    // A quarter turn to the right brings what is on the left to the top.
    const up = toWindow({ ...view, turn: Math.PI / 2 }, size, { x: view.x - 10, y: view.y })
    expect([up.x, up.y]).toEqual([expect.closeTo(200), expect.closeTo(250)])
  })

  test('moves with the finger, and turns and zooms around it', () => {
    const at = { x: 300, y: 100 }
    const before = toPlan(tilted, size, at)
    const moved = panned(tilted, { x: 25, y: -40 })
    expect(toPlan(moved, size, { x: 325, y: 60 }).x).toBeCloseTo(before.x)
    expect(toPlan(moved, size, { x: 325, y: 60 }).y).toBeCloseTo(before.y)
    for (const after of [zoomed(tilted, size, limits, 1.7, at), rotated(tilted, size, -1.1, at)]) {
      expect(toPlan(after, size, at).x).toBeCloseTo(before.x)
      expect(toPlan(after, size, at).y).toBeCloseTo(before.y)
    }
  })

  test('keeps the points under two fingers that twist', () => {
    const before: Parameters<typeof pinched>[3] = [
      { x: 100, y: 100 },
      { x: 200, y: 300 },
    ]
    const after: typeof before = [
      { x: 120, y: 80 },
      { x: 120, y: 330 },
    ]
    const next = pinched(tilted, size, limits, before, after, true)
    expect(next.turn - tilted.turn).toBeCloseTo(twist(before, after))
    for (const finger of [0, 1] as const) {
      const [was, is] = [toPlan(tilted, size, before[finger]), toPlan(next, size, after[finger])]
      expect(is.x).toBeCloseTo(was.x)
      expect(is.y).toBeCloseTo(was.y)
    }
  })

  test('fits the window, and stays in it', () => {
    const all = fitting(house, size, 44, 1)
    for (const [x, y] of [
      [house.left, house.top],
      [house.right, house.top],
      [house.left, house.bottom],
      [house.right, house.bottom],
    ] as const) {
      const at = toWindow(all, size, { x, y })
      expect(at.x).toBeGreaterThan(0)
      expect(at.x).toBeLessThan(size.width)
      expect(at.y).toBeGreaterThan(0)
      expect(at.y).toBeLessThan(size.height)
    }
    const lost = kept(panned({ ...all, scale: 5 }, { x: 1e6, y: 1e6 }), size, limitsOf(house, size, 1, 1))
    const corners = [house.left, house.right].flatMap(x =>
      [house.top, house.bottom].map(y => toWindow(lost, size, { x, y })),
    )
    expect(Math.min(...corners.map(({ x }) => x))).toBeLessThan(size.width)
    expect(Math.min(...corners.map(({ y }) => y))).toBeLessThan(size.height)
  })

  test('glides the shorter way round', () => {
    const to = { ...view, turn: 6.2 }
    expect(between({ ...view, turn: 0.1 }, to, 0.5).turn).toBeCloseTo(0.1 + upright(6.1) / 2)
    expect(upright(3.5)).toBeCloseTo(3.5 - 2 * Math.PI)
  })
})
