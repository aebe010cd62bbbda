/** How long the demo's shots last, and what each of their frames shows. */
import { expect, test } from 'vitest'
import { lastAt, momentsOf, type Shot } from '../film/timeline.ts'

const shot = (seconds: number): Shot<string> => ({
  caption: `${seconds} s`,
  from: 10_000,
  to: 10_000 + seconds * 1000,
  seconds: { least: 2, most: 4, short: 1 },
})
const frames = (seconds: number, edition: 'film' | 'picture') => momentsOf([shot(seconds)], edition, 10)

test('a shot that fits is shown as it was', () => {
  const shown = frames(3, 'film')
  expect(shown.length).toBe(30)
  expect(shown.map(({ at }) => at)).toEqual(Array.from({ length: 30 }, (_, frame) => 10_000 + frame * 100))
})

test('a long one is sped up, and nothing of it is cut off', () => {
  const shown = frames(40, 'film')
  expect(shown.length).toBe(40)
  expect(shown.at(-1)?.at).toBe(49_000)
})

test('a short one stands still at its end', () => {
  const shown = frames(1, 'film')
  expect(shown.length).toBe(20)
  expect(shown.at(-1)?.at).toBe(11_000)
})

test('the picture shows each for a time of its own', () => {
  expect(momentsOf([shot(3), shot(40)], 'picture', 10).map(({ caption }) => caption)).toEqual([
    ...Array.from({ length: 10 }, () => '3 s'),
    ...Array.from({ length: 10 }, () => '40 s'),
  ])
})

test('a frame shows what was last seen', () => {
  const times = [100, 200, 300]
  expect([50, 100, 199, 200, 999].map(at => lastAt(times, at))).toEqual([0, 0, 0, 1, 2])
})
