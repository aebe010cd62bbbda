/** Which place or section a point means: held to going through all of them. */
import { expect, test } from 'vitest'
import { contains, insideOf, turnedBox } from '../../src/seats/boxes.ts'
import { makePlan, type Plan, sectionOf } from '../../src/seats/geometry.ts'
import { seatAt, seatsIn, sectionAt } from '../../src/seats/grid.ts'
import { boxOf, toPlan, toWindow, turned } from '../../src/seats/map/viewport.ts'
import { arena, stadium as bowl, GRADES, layoutOf, theatre } from '../fixtures/houses.ts'
import { drawnHouse, smallHouse, stadium } from './seats-houses.ts'

const named = GRADES.map(({ grade }) => grade)
const HOUSES = { theatre, arena, bowl }
const planned = (house: keyof typeof HOUSES) => makePlan(layoutOf(HOUSES[house]()), named)

/** The same numbers each time, from 0 to 1. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function nearest(plan: Plan, x: number, y: number, reach: number): number | undefined {
  let [found, least] = [undefined as number | undefined, reach ** 2]
  for (const row of plan.rows) {
    if (row.labels === undefined) continue
    for (let seat = row.first; seat < row.first + row.seats; seat++) {
      const distance = ((plan.xs[seat] ?? 0) - x) ** 2 + ((plan.ys[seat] ?? 0) - y) ** 2
      if (distance < least || (distance === least && found === undefined)) [found, least] = [seat, distance]
    }
  }
  return found
}

test.each(Object.keys(HOUSES) as (keyof typeof HOUSES)[])('in the %s, a point means the nearest seat', house => {
  const plan = planned(house)
  const next = random(7)
  const { left, right, top, bottom } = plan.bounds
  for (let round = 0; round < (house === 'bowl' ? 200 : 1_000); round++) {
    const [x, y] = [left - 2 + next() * (right - left + 4), top - 2 + next() * (bottom - top + 4)]
    const reach = 0.2 + next() * 3
    expect(seatAt(plan, x, y, reach)).toBe(nearest(plan, x, y, reach))
  }
})

test.each([0, 0.4, Math.PI / 2, -2.7])('turned by %s and zoomed, the finger on a seat means that seat', turn => {
  const plan = planned('theatre')
  const size = { width: 390, height: 520 }
  const next = random(11)
  for (let round = 0; round < 500; round++) {
    const seat = Math.floor(next() * plan.seatCount)
    const [x, y] = [plan.xs[seat] ?? 0, plan.ys[seat] ?? 0]
    const view = { x: x + next() * 4 - 2, y: y + next() * 4 - 2, scale: 20 + next() * 50, turn }
    const at = toWindow(view, size, { x, y })
    const finger = { x: at.x + next() * 4 - 2, y: at.y + next() * 4 - 2 }
    const point = toPlan(view, size, finger)
    expect(seatAt(plan, point.x, point.y, 22 / view.scale)).toBe(seat)
    // What is seen is what the turned box holds.
    const { x: u, y: v } = turned({ x, y }, turn)
    const box = boxOf(view, size)
    const seen = at.x >= 0 && at.x <= size.width && at.y >= 0 && at.y <= size.height
    expect(u >= box.left - 1e-9 && u <= box.right + 1e-9 && v >= box.top - 1e-9 && v <= box.bottom + 1e-9).toBe(seen)
  }
})

test('every one of 50,000 seats is found where it stands', () => {
  const plan = stadium()
  expect(plan.seatCount).toBe(50_000)
  for (let seat = 0; seat < plan.seatCount; seat++) {
    expect(seatAt(plan, (plan.xs[seat] ?? 0) + 0.1, (plan.ys[seat] ?? 0) - 0.16, 0.33)).toBe(seat)
  }
})

test('no seat is meant where none is within reach', () => {
  const plan = smallHouse()
  const [x, y] = [plan.xs[5] ?? 0, plan.ys[5] ?? 0]
  expect(seatAt(plan, x + 1.2, y, 0.6)).toBeUndefined()
  expect(seatAt(plan, x + 0.5, y, 0.6)).toBe(5)
  expect(seatAt(plan, x, y - 5, 1)).toBeUndefined()
  expect(seatAt(plan, 1e6, -1e6, 1)).toBeUndefined()
})

test('standing places have no place of their own: their area is meant', () => {
  const plan = drawnHouse()
  const { x, y } = plan.sections[1]?.middle ?? { x: 0, y: 0 }
  expect(seatAt(plan, x, y, 1)).toBeUndefined()
  expect(sectionAt(plan, x, y)).toBe(1)
  expect(sectionAt(plan, -2, 1.5)).toBe(1)
  expect(sectionAt(plan, -1.5, 1.5)).toBeUndefined()
  expect(sectionAt(plan, -1.5, 1.5, 0.6)).toBe(1)
})

test.each(Object.keys(HOUSES) as (keyof typeof HOUSES)[])('in the %s, a seat is in its own section', house => {
  const plan = planned(house)
  const next = random(3)
  for (let round = 0; round < 500; round++) {
    const seat = Math.floor(next() * plan.seatCount)
    const found = sectionAt(plan, plan.xs[seat] ?? 0, plan.ys[seat] ?? 0)
    expect(plan.sections[found ?? -1]).toBe(sectionOf(plan, seat))
  }
})

test('a point is in the section whose outline surrounds it', () => {
  const plan = stadium()
  const beside = (plan.xs[24] ?? 0) + 0.75
  expect(sectionAt(plan, beside, plan.ys[24] ?? 0)).toBeUndefined()
  expect(sectionAt(plan, beside, plan.ys[24] ?? 0, 1)).toBe(0)
})

test('a box visits exactly the seats in it, each once', () => {
  const plan = planned('arena')
  const box = { left: -30, right: -8, top: 20, bottom: 41 }
  const inside: number[] = []
  for (const row of plan.rows) {
    if (row.labels === undefined) continue
    for (let seat = row.first; seat < row.first + row.seats; seat++) {
      const [x, y] = [plan.xs[seat] ?? 0, plan.ys[seat] ?? 0]
      if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) inside.push(seat)
    }
  }
  const visited: number[] = []
  seatsIn(plan, box, seat => visited.push(seat))
  expect(visited.sort((a, b) => a - b)).toEqual(inside)
  expect(inside.length).toBeGreaterThan(100)
})

test('words have room in the middle of a shape, however it is bent', () => {
  const bent = [0, 0, 10, 0, 10, 10, 8, 10, 8, 2, 0, 2]
  const { x, y } = insideOf(bent)
  expect(contains(bent, x, y)).toBe(true)
  expect(contains(bent, 4, 5)).toBe(false)
  expect(turnedBox({ left: 0, top: 0, right: 2, bottom: 1 }, Math.PI / 2)).toMatchObject({ bottom: 2 })
})
