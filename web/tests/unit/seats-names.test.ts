/** Names of sections on the map: how large they are, and where they stand. */
import { expect, test } from 'vitest'
import type { Plan, Section } from '../../src/seats/geometry.ts'
import type { Context } from '../../src/seats/map/canvas.ts'
import { Letters } from '../../src/seats/map/letters.ts'
import { Names } from '../../src/seats/map/names.ts'
import type { Palette } from '../../src/seats/map/palette.ts'
import { Room } from '../../src/seats/map/room.ts'

/** Each letter is half as wide as it is high. */
const context = { measureText: (text: string) => ({ width: text.length * 50 }) } as unknown as Context
const style = {
  palette: { font: 'sans-serif', ink: 'black' } as Palette,
  words: { stage: '무대', standing: '스탠딩', left: () => 'far too long to be written here' },
  ratio: 1,
  only: undefined,
  clear: false,
}

/** A section that leaves a square of so many metres around its middle. */
function section(name: string, side: number): Section {
  const half = side / 2
  const outline = Float32Array.of(-half, -half, half, -half, half, half, -half, half)
  return { name, standing: false, seats: 100, outline, middle: { x: 0, y: 0 } } as Section
}

/** The sizes of names where a metre is a pixel. */
function sizesOf(sections: readonly Section[]): number[] {
  const names = new Names({ sections } as Plan, style, 1, 0, new Letters(style.palette))
  return sections.map(each => names.of(context, each).name)
}

test('the names of a series have one size, that of the tight ones', () => {
  const floor = Array.from({ length: 30 }, (_, index) => section(`F${index + 1}`, 20))
  const tier = [section('101', 100), section('102', 100)]
  const sizes = sizesOf([...floor, ...tier])
  expect(new Set(sizes.slice(0, 30)).size).toBe(1)
  expect(sizes[0]).toBeGreaterThanOrEqual(9)
  expect(sizes[0]).toBeLessThan(15)
  expect(sizes.slice(30)).toEqual([15, 15])
})

test('one narrow section does not make the names of all others small', () => {
  const sizes = sizesOf([section('201', 15), ...[2, 3, 4, 5, 6, 7].map(each => section(`20${each}`, 100))])
  expect(sizes.slice(1)).toEqual([15, 15, 15, 15, 15, 15])
  expect(sizes[0]).toBeLessThan(9)
})

test('a name without room is left out', () => {
  expect(sizesOf([section('301', 5)])).toEqual([0])
})

test('words stay at the point where they fit, and else stand in the middle of the room beside it', () => {
  const outline = Float32Array.of(-2, -5, 10, -5, 10, 5, -2, 5)
  const room = new Room(outline, { x: 0, y: 0 }, 0)
  expect(room.fit(4, 2)).toEqual({ part: 1, shift: 0 })
  expect(room.fit(10, 2)).toEqual({ part: 1, shift: 4 })
  expect(room.fit(24, 2).part).toBeCloseTo(0.5, 1)
  expect(new Room(outline, { x: 20, y: 0 }, 0).fit(1, 1).part).toBe(0)
})
