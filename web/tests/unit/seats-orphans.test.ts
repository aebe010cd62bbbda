/** Single seats that a choice would leave, and what to choose instead. */
import { expect, test } from 'vitest'
import { newOrphans } from '../../src/seats/choice/orphans.ts'
import { withoutOrphans } from '../../src/seats/choice/regroup.ts'
import { drawnHouse, openBut, smallHouse } from './seats-houses.ts'

// A: rows of six, 0–5 and 6–11. B: rows of four, 12–15, 16–19, 20–23. C: 24–28.
const plan = smallHouse()

test.each([
  { chosen: [0], taken: [], orphans: [] },
  { chosen: [1], taken: [], orphans: [0] },
  { chosen: [1, 2], taken: [], orphans: [0] },
  { chosen: [1, 4], taken: [], orphans: [0, 5] },
  { chosen: [0, 2], taken: [], orphans: [1] },
  { chosen: [2, 3], taken: [], orphans: [] },
  { chosen: [2], taken: [4], orphans: [3] },
  { chosen: [5, 6], taken: [], orphans: [] },
  { chosen: [0, 1, 2, 3, 4, 5], taken: [], orphans: [] },
])('choosing $chosen with $taken taken leaves $orphans alone', ({ chosen, taken, orphans }) => {
  expect(newOrphans(plan, openBut(...taken), chosen)).toEqual(orphans)
})

test('a seat that was single before does not count', () => {
  expect(newOrphans(plan, openBut(1), [2, 3])).toEqual([])
  expect(newOrphans(plan, openBut(1, 3), [4])).toEqual([5])
})

test.each([
  { chosen: [1], taken: [], better: [0] },
  { chosen: [1, 2], taken: [], better: [0, 1] },
  { chosen: [3, 4], taken: [], better: [2, 3] },
  { chosen: [0, 2], taken: [], better: [0, 1] },
  { chosen: [1, 4], taken: [], better: [0, 3] },
])('$chosen becomes $better', ({ chosen, taken, better }) => {
  expect(withoutOrphans(plan, openBut(...taken), chosen)).toEqual(better)
})

test('if moving does not help, the nearest of the same grade are offered', () => {
  const chosen = [12, 13, 14]
  expect(newOrphans(plan, openBut(), chosen)).toEqual([15])
  const better = withoutOrphans(plan, openBut(), chosen) ?? []
  expect(better).toHaveLength(3)
  expect(newOrphans(plan, openBut(), better)).toEqual([])
  expect(better.every(seat => seat >= 24)).toBe(true)
})

test('another price is no better', () => {
  expect(newOrphans(plan, openBut(5, 11), [0, 1, 2, 3])).toEqual([4])
  expect(withoutOrphans(plan, openBut(5, 11), [0, 1, 2, 3])).toBeUndefined()
})

test('if nothing helps, nothing is offered', () => {
  const all = Array.from({ length: plan.seatCount }, (_, seat) => seat)
  const taken = all.filter(seat => ![0, 1, 2].includes(seat))
  expect(newOrphans(plan, openBut(...taken), [1])).toEqual([0, 2])
  expect(withoutOrphans(plan, openBut(...taken), [0, 1])).toBeUndefined()
})

test('a seat beside an aisle is single without a neighbour on its own side', () => {
  const house = drawnHouse()
  // Row 1 of A: 0–2, an aisle, 3–7.
  expect(newOrphans(house, openBut(), [1])).toEqual([0, 2])
  expect(newOrphans(house, openBut(), [0, 1])).toEqual([2])
  expect(newOrphans(house, openBut(), [3])).toEqual([])
  expect(newOrphans(house, openBut(), [4])).toEqual([3])
  expect(newOrphans(house, openBut(), [16])).toEqual([])
})

test('a move stays on its side of an aisle and in its grade', () => {
  const house = drawnHouse()
  expect(withoutOrphans(house, openBut(), [4, 5])).toEqual([3, 4])
  // 11–15 are one side of row 2; 14 and 15 have another price.
  expect(withoutOrphans(house, openBut(), [12, 13])).toEqual([11, 12])
  for (const better of [withoutOrphans(house, openBut(11), [12])])
    expect(better?.every(seat => seat < 14)).not.toBe(false)
})
