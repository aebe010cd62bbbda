/** What is offered when another buyer was faster. */
import { expect, test } from 'vitest'
import { alternatives, together } from '../../src/seats/choice/alternatives.ts'
import { longestRuns } from '../../src/seats/choice/runs.ts'
import { gradeOf, piecesOf, rowOf, sectionOf } from '../../src/seats/geometry.ts'
import { drawnHouse, openBut, smallHouse, stadium } from './seats-houses.ts'

test('the nearest of the same grade come first, and never overlap', () => {
  const plan = smallHouse()
  const offers = alternatives(plan, openBut(2), [2, 3], 3)
  expect(offers[0]).toEqual([8, 9])
  expect(offers).toHaveLength(3)
  expect(new Set(offers.flat()).size).toBe(6)
  for (const offer of offers) expect(offer).not.toContain(2)
})

test('another grade is offered if the same has nothing left', () => {
  const plan = smallHouse()
  const taken = Array.from({ length: 12 }, (_, seat) => seat)
  const [offer] = alternatives(plan, openBut(...taken), [4, 5], 3)
  expect(sectionOf(plan, offer?.[0] ?? 0).grade).toBe(1)
})

test('nothing is offered if nothing is left', () => {
  expect(alternatives(smallHouse(), () => false, [0, 1], 3)).toEqual([])
  expect(alternatives(smallHouse(), () => true, [], 3)).toEqual([])
})

test('in a stadium, offers are in the same row or next to it', () => {
  const plan = stadium()
  const wanted = [25_012, 25_013, 25_014]
  const offers = alternatives(plan, openBut(25_013), wanted, 3)
  expect(offers).toHaveLength(3)
  for (const offer of offers) {
    expect(offer).toHaveLength(3)
    expect(Math.abs((plan.xs[offer[1] ?? 0] ?? 0) - (plan.xs[25_013] ?? 0)) / plan.pitch).toBeLessThan(5)
    expect(Math.abs((plan.ys[offer[0] ?? 0] ?? 0) - (plan.ys[25_013] ?? 0)) / 0.9).toBeLessThan(3)
  }
})

test('grades that still have seats together are listed', () => {
  const plan = smallHouse()
  const isOpen = openBut(1, 4, 7, 10)
  expect(longestRuns(plan, isOpen)).toEqual([2, 5])
  expect(together(plan, isOpen, 3, 0)).toEqual([
    { grade: 0, count: 2 },
    { grade: 1, count: 3 },
  ])
  expect(together(plan, () => false, 2, 0)).toEqual([])
})

test('no offer reaches across an aisle or mixes grades', () => {
  const plan = drawnHouse()
  for (let count = 2; count <= 4; count++) {
    for (const offer of alternatives(plan, openBut(0), [0, 1, 2, 3].slice(0, count), 12)) {
      const [first = 0] = offer
      const piece = piecesOf(rowOf(plan, first)).find(([from, to]) => first >= from && first < to)
      expect(offer.at(-1)).toBeLessThan(piece?.[1] ?? 0)
      expect(new Set(offer.map(seat => gradeOf(plan, seat))).size).toBe(1)
    }
  }
})

test('runs end at an aisle and where the grade changes', () => {
  // A: rows of eight with an aisle after the third, the last two seats of row 2 of another grade.
  expect(longestRuns(drawnHouse(), () => true)).toEqual([5, 2])
})

test('standing places are neither offered nor replaced by seats', () => {
  const plan = drawnHouse()
  expect(alternatives(plan, () => true, [16, 17], 3)).toEqual([])
  expect(
    alternatives(plan, () => true, [0, 1], 20)
      .flat()
      .every(seat => seat < 16),
  ).toBe(true)
})
