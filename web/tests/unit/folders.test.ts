/** The rooms of the front end: each imports from those before it alone, so no two of them need each other. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')

/** `start` is what stands in no room: main, the router and the shell. */
const ROOMS = ['i18n', 'api', 'ui', 'account', 'shows', 'queue', 'seats', 'bookings', 'manage', 'start']

function roomOf(file: string): number {
  const [room = '', ...inside] = relative(SRC, file).split('/')
  return ROOMS.indexOf(inside.length === 0 ? 'start' : room)
}

function importsOf(file: string): string[] {
  const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import) ?\(?'(\.[^']+)'/g)
  return [...imports].map(([, path = '']) => join(dirname(file), path))
}

test('a room imports from earlier ones alone', () => {
  const names = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => /\.tsx?$/.test(name))
  expect(names.length).toBeGreaterThan(100)
  for (const file of names.map(name => join(SRC, name))) {
    expect(roomOf(file), file).not.toBe(-1)
    for (const target of importsOf(file))
      expect(roomOf(target), `${file} → ${target}`).toBeLessThanOrEqual(roomOf(file))
  }
})
