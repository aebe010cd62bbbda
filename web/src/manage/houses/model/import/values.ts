/** Reads values of JSON whose shape nothing promises. What is wrong is said with its path. */
import { ImportError } from './imported.ts'

export type Json = Readonly<Record<string, unknown>>
type Reader<T> = (value: unknown, path: string) => T

export function object(value: unknown, path: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw wrong(path, '{}')
}

export function list<T>(value: unknown, path: string, read: Reader<T>): T[] {
  if (!Array.isArray(value)) throw wrong(path, '[]')
  return value.map((item, index) => read(item, `${path}[${index}]`))
}

export function text(value: unknown, path: string): string {
  if (typeof value === 'string') return value
  throw wrong(path, '"…"')
}

export function number(max: number): Reader<number> {
  return (value, path) => {
    if (typeof value === 'number' && Math.abs(value) <= max) return value
    throw wrong(path, `${-max} – ${max}`)
  }
}

export function whole(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 1_000_000) return value
  throw wrong(path, '1, 2, 3 …')
}

export function count(max: number): Reader<number> {
  return (value, path) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value
    throw wrong(path, `1 – ${max}`)
  }
}

export function oneOf<T extends string>(known: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = known.find(word => word === value)
    if (found === undefined) throw wrong(path, known.join(' | '))
    return found
  }
}

export function optional<T>(value: unknown, path: string, read: Reader<T>): T | undefined {
  return value === undefined || value === null ? undefined : read(value, path)
}

function wrong(path: string, wanted: string): ImportError {
  return new ImportError('json', { path: path === '' ? '.' : path }, { wanted })
}
