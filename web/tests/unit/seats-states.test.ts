/** Seat states: unpacking, changes and counts. */
import { expect, test } from 'vitest'
import { Board, type Changed } from '../../src/seats/board.ts'
import {
  AVAILABLE,
  applyChanges,
  countStates,
  decodeStates,
  freeInGrade,
  freeInSection,
  HELD,
  NOT_FOR_SALE,
  SOLD,
} from '../../src/seats/states.ts'
import { smallHouse, stadium } from './seats-houses.ts'

test('two bits a seat, the lowest first', () => {
  // 0b11_10_01_00, 0b00_00_00_10
  const packed = btoa(String.fromCharCode(0b11100100, 0b00000010))
  expect([...decodeStates(packed, 6)]).toEqual([AVAILABLE, HELD, SOLD, NOT_FOR_SALE, SOLD, AVAILABLE])
})

test('50,000 states are unpacked as they were packed', () => {
  const states = Uint8Array.from({ length: 50_000 }, (_, seat) => (seat * 7 + (seat >> 3)) & 3)
  let packed = ''
  for (let at = 0; at < states.length; at += 4) {
    const four = [0, 1, 2, 3].reduce((byte, place) => byte | ((states[at + place] ?? 0) << (2 * place)), 0)
    packed += String.fromCharCode(four)
  }
  expect(decodeStates(btoa(packed), 50_000)).toEqual(states)
})

test('a change returns the seats that differ, and counts stay right', () => {
  const plan = stadium()
  const states = new Uint8Array(plan.seatCount)
  const counts = countStates(plan, states)
  expect(freeInSection(counts, 0)).toBe(500)
  expect(freeInGrade(counts, 0)).toBe(10_000)
  const changed = applyChanges(plan, states, counts, [
    [0, HELD],
    [1, SOLD],
    [1, SOLD],
    [2, AVAILABLE],
    [99_999, SOLD],
    [0, AVAILABLE],
  ])
  expect(changed).toEqual([0, 1, 0])
  expect(freeInSection(counts, 0)).toBe(499)
  expect(counts).toEqual(countStates(plan, states))
})

test('a board tells which seats to paint', () => {
  const board = new Board(smallHouse())
  const told: Changed[] = []
  board.subscribe(changed => told.push(changed))
  board.replace(new Uint8Array(29), 4)
  board.change([[3, HELD]], 5)
  board.change([[3, HELD]], 6)
  board.choose([3, 4])
  board.choose([4])
  expect(told).toEqual(['all', [3], [3, 4], [3]])
  expect(board.version).toBe(6)
  expect([board.isOpen(3), board.isOpen(4), board.isOpen(5)]).toEqual([false, true, true])
})
