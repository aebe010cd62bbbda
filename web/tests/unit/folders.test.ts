/** The folders of the front end: each imports only from itself and earlier ones, so no two need each other. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')

/** `start` is what lies in no folder: main, the router and the shell. */
const FOLDERS = ['i18n', 'api', 'ui', 'account', 'shows', 'queue', 'seats', 'bookings', 'manage', 'start']

function folderOf(file: string): number {
  const [folder = '', ...inside] = relative(SRC, file).split('/')
  return FOLDERS.indexOf(inside.length === 0 ? 'start' : folder)
}

function importsOf(file: string): string[] {
  const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import) ?\(?'(\.[^']+)'/g)
  return [...imports].map(([, path = '']) => join(dirname(file), path))
}

test('a folder imports only from itself and earlier ones', () => {
  const names = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => /\.tsx?$/.test(name))
  expect(names.length).toBeGreaterThan(100)
  for (const file of names.map(name => join(SRC, name))) {
    expect(folderOf(file), file).not.toBe(-1)
    for (const target of importsOf(file))
      expect(folderOf(target), `${file} → ${target}`).toBeLessThanOrEqual(folderOf(file))
  }
})
