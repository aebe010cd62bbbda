/** Where seats stand, and which one a point means. */
import { expect, test } from 'vitest'
import {
  bendAt,
  nameOf,
  numberOf,
  ROW_PITCH,
  rowOf,
  seatAt,
  seatNamed,
  seatsIn,
  sectionAt,
  sectionOf,
} from '../../src/seats/geometry.ts'
import { planOf, smallHouse, stadium } from './seats-houses.ts'

/** Two lines of two sections, the second shorter. */
function twoLines() {
  const blocks = [
    { section: 'A', grade: 'R', rows: 2, seats: 6 },
    { section: 'B', grade: 'S', rows: 3, seats: 4 },
    { section: 'C', grade: 'S', rows: 1, seats: 5 },
    { section: 'D', grade: 'S', rows: 1, seats: 1 },
  ]
  return planOf(blocks, ['R', 'S'])
}

test('seats stand side by side in rows that bend around the stage', () => {
  const plan = twoLines()
  expect([...plan.xs.slice(0, 6)]).toEqual([0, 1, 2, 3, 4, 5])
  expect(plan.ys[6]).toBeCloseTo((plan.ys[0] ?? 0) + ROW_PITCH)
  expect(bendAt(plan.bend, plan.bend.middle)).toBe(plan.bend.depth)
  expect(bendAt(plan.bend, plan.bend.middle - 3)).toBeCloseTo(bendAt(plan.bend, plan.bend.middle + 3))
  expect(plan.ys[0]).toBeLessThan(plan.ys[5] ?? 0)
})

test('a shorter line of sections stands in the middle of the house', () => {
  const plan = twoLines()
  const [first, last] = [plan.xs[24] ?? 0, plan.xs[29] ?? 0]
  expect((first + last) / 2).toBeCloseTo(plan.bend.middle)
})

test('the stage is in front of the house', () => {
  const { stage, house, bounds } = smallHouse()
  expect(stage.top).toBeLessThan(house.top)
  expect(bounds.top).toBe(stage.top)
})

test('a seat has a name, and a name its seat', () => {
  const plan = smallHouse()
  expect(nameOf(plan, 0)).toBe('A-1-1')
  expect(nameOf(plan, 23)).toBe('B-3-4')
  expect(numberOf(plan, 7)).toBe(2)
  expect(sectionOf(plan, 28).name).toBe('C')
  for (let seat = 0; seat < plan.seatCount; seat++) expect(seatNamed(plan, nameOf(plan, seat))).toBe(seat)
  for (const name of ['A-1-7', 'A-3-1', 'D-1-1', 'A', '']) expect(seatNamed(plan, name)).toBeUndefined()
})

test('every one of 50,000 seats is found where it stands', () => {
  const plan = stadium()
  expect(plan.seatCount).toBe(50_000)
  for (let seat = 0; seat < plan.seatCount; seat++) {
    expect(seatAt(plan, (plan.xs[seat] ?? 0) + 0.2, (plan.ys[seat] ?? 0) - 0.3, 0.6)).toBe(seat)
  }
})

test('no seat is meant where none is within reach', () => {
  const plan = smallHouse()
  expect(seatAt(plan, 7.2, plan.ys[5] ?? 0, 0.6)).toBeUndefined()
  expect(seatAt(plan, 6, plan.ys[5] ?? 0, 1.2)).toBe(5)
  expect(seatAt(plan, 0, -5, 1)).toBeUndefined()
})

test('a point is in the section whose block surrounds it', () => {
  const plan = stadium()
  for (const seat of [0, 12_345, 49_999]) {
    expect(plan.sections[sectionAt(plan, plan.xs[seat] ?? 0, plan.ys[seat] ?? 0) ?? -1]).toBe(sectionOf(plan, seat))
  }
  const inAisle = (plan.xs[24] ?? 0) + 1.4
  expect(sectionAt(plan, inAisle, plan.ys[24] ?? 0)).toBeUndefined()
  expect(sectionAt(plan, inAisle, plan.ys[24] ?? 0, 2)).toBe(0)
})

test('a box visits all seats in it and few beyond', () => {
  const plan = stadium()
  const box = { left: 100, right: 130, top: 60, bottom: 90 }
  const inside = new Set<number>()
  for (let seat = 0; seat < plan.seatCount; seat++) {
    const [x, y] = [plan.xs[seat] ?? 0, plan.ys[seat] ?? 0]
    if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) inside.add(seat)
  }
  const given = new Set<number>()
  seatsIn(plan, box, (row, from, to) => {
    for (let seat = from; seat < to; seat++) {
      expect(rowOf(plan, seat)).toBe(row)
      given.add(seat)
    }
  })
  expect([...inside].every(seat => given.has(seat))).toBe(true)
  expect(given.size).toBeLessThan(inside.size * 1.4)
})

test('a house of one seat has a place, too', () => {
  const plan = smallHouse()
  expect(plan.grades).toEqual(['R', 'S'])
  const one = planOf([{ section: 'A', grade: 'X', rows: 1, seats: 1 }], ['X'])
  expect(one.seatCount).toBe(1)
})
