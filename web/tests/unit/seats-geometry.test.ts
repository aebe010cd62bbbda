/** Where places stand, what they are called, and what is special about them. */
import { expect, test } from 'vitest'
import { placed } from '../../src/manage/houses/model/placed.ts'
import {
  areNeighbours,
  gradeOf,
  isStanding,
  kindOf,
  labelOf,
  makePlan,
  nameOf,
  piecesOf,
  rowOf,
  seatNamed,
  sectionOf,
} from '../../src/seats/geometry.ts'
import { stadium as bowl, GRADES, layoutOf } from '../fixtures/houses.ts'
import { DRAWN, drawnHouse, planOf, smallHouse, stadium } from './seats-houses.ts'

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

test('seats stand where the server says, to the centimetre', () => {
  const plan = twoLines()
  for (let seat = 0; seat < 6; seat++)
    expect(Math.abs((plan.xs[seat] ?? 0) - (plan.xs[0] ?? 0) - seat * 0.55)).toBeLessThan(0.0101)
  expect(plan.ys[6]).toBeCloseTo((plan.ys[0] ?? 0) + 0.9)
  expect(plan.ys[0]).toBe(plan.ys[5])
  expect(Math.abs(plan.pitch - 0.55)).toBeLessThan(0.0101)
})

test('a shorter line of sections stands in the middle of the house', () => {
  const plan = twoLines()
  const [first, last] = [plan.xs[24] ?? 0, plan.xs[29] ?? 0]
  const { left, right } = plan.house
  expect((first + last) / 2).toBeCloseTo((left + right) / 2, 1)
})

test('a house whose stage is not drawn gets one in front', () => {
  const { shapes, house, bounds } = smallHouse()
  expect(shapes.map(({ kind }) => kind)).toEqual(['stage'])
  expect(shapes[0]?.bounds.bottom).toBeLessThan(house.top)
  expect(bounds.top).toBe(shapes[0]?.bounds.top)
})

test('what is drawn is drawn, floors below all else', () => {
  const { shapes } = drawnHouse()
  expect(shapes.map(({ kind, text }) => [kind, text])).toEqual([
    ['field', undefined],
    ['stage', undefined],
    ['text', 'Door'],
  ])
})

test('turned and curved rows are the sums of their steps', () => {
  const layout = placed(DRAWN)
  const plan = drawnHouse()
  const [row] = layout.sections[0]?.rows ?? []
  let [x, y, turn] = [row?.x ?? 0, row?.y ?? 0, row?.turn ?? 0]
  for (let place = 1; place < 8; place++) {
    x += row?.dx?.[place - 1] ?? row?.dx?.[0] ?? 0
    y += row?.dy?.[place - 1] ?? row?.dy?.[0] ?? 0
    turn += row?.dturn?.[place - 1] ?? row?.dturn?.[0] ?? 0
    expect(plan.xs[place]).toBeCloseTo(x / 100, 4)
    expect(plan.ys[place]).toBeCloseTo(y / 100, 4)
    expect(plan.turns[place]).toBeCloseTo((turn / 1800) * Math.PI, 4)
  }
})

test('a place has a name, and a name its place', () => {
  const plan = smallHouse()
  expect(nameOf(plan, 0)).toBe('A-1-1')
  expect(nameOf(plan, 23)).toBe('B-3-4')
  expect(labelOf(plan, 7)).toBe(2)
  expect(sectionOf(plan, 28).name).toBe('C')
  for (let seat = 0; seat < plan.seatCount; seat++) expect(seatNamed(plan, nameOf(plan, seat))).toBe(seat)
  for (const name of ['A-1-7', 'A-3-1', 'D-1-1', 'A', '']) expect(seatNamed(plan, name)).toBeUndefined()
})

test('words, descending numbers and entry numbers are names, too', () => {
  const plan = drawnHouse()
  expect([0, 8, 15, 16, 25].map(seat => nameOf(plan, seat))).toEqual([
    'A-1-가',
    'A-2-15',
    'A-2-1',
    'F-entry-1',
    'F-entry-10',
  ])
  for (let seat = 0; seat < plan.seatCount; seat++) expect(seatNamed(plan, nameOf(plan, seat))).toBe(seat)
  for (const name of ['F-entry-0', 'F-entry-11', 'F-entry-01', 'F-entry-x', 'A-2-2', 'A-1-1'])
    expect(seatNamed(plan, name)).toBeUndefined()
})

test('grades may be mixed, and each section counts them apart', () => {
  const plan = drawnHouse()
  expect([0, 13, 14, 15, 16].map(seat => gradeOf(plan, seat))).toEqual([0, 0, 1, 1, 1])
  expect(plan.parts).toEqual([
    { section: 0, grade: 0, seats: 14 },
    { section: 0, grade: 1, seats: 2 },
    { section: 1, grade: 1, seats: 10 },
  ])
  expect(plan.sections[0]?.grade).toBe(0)
})

test('what is special about places is known', () => {
  const plan = drawnHouse()
  expect([0, 1, 5, 2].map(seat => kindOf(plan, seat))).toEqual([
    'wheelchair',
    'companion',
    'restricted_view',
    undefined,
  ])
  expect(plan.companions.get(0)).toEqual([1])
  expect(plan.special.get(1)?.companionOf).toBe(0)
  expect(plan.special.get(5)?.note).toBe('A pillar')
  expect(plan.special.has(14)).toBe(false)
  expect([isStanding(plan, 15), isStanding(plan, 16)]).toEqual([false, true])
  expect(plan.sections.map(({ entrance }) => entrance)).toEqual(['E2', undefined])
})

test('an aisle parts a row', () => {
  const plan = drawnHouse()
  expect(piecesOf(rowOf(plan, 0))).toEqual([
    [0, 3],
    [3, 8],
  ])
  expect(areNeighbours(plan, 1, 2)).toBe(true)
  expect(areNeighbours(plan, 2, 3)).toBe(false)
  expect(areNeighbours(plan, 7, 8)).toBe(false)
  expect(piecesOf(rowOf(smallHouse(), 0))).toEqual([[0, 6]])
})

test('a plan of 100,000 places is whole', () => {
  const plan = makePlan(
    layoutOf(bowl()),
    GRADES.map(({ grade }) => grade),
  )
  expect(plan.seatCount).toBe(100_000)
  expect(plan.parts.reduce((sum, { seats }) => sum + seats, 0)).toBe(100_000)
  for (const seat of [0, 31_415, 99_999]) expect(seatNamed(plan, nameOf(plan, seat))).toBe(seat)
  expect(stadium().seatCount).toBe(50_000)
})
