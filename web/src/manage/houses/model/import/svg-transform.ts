/** Transforms of SVG: how a group moves, scales and turns what is in it. */
import type { Point } from '../plan.ts'

/** x → a·x + c·y + e, y → b·x + d·y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]

export function applied([a, b, c, d, e, f]: Matrix, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f }
}

/** The inner transform first. */
export function times([a, b, c, d, e, f]: Matrix, inner: Matrix): Matrix {
  const [p, q, r, s, t, u] = inner
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f]
}

/** `translate(10 20) rotate(30)` and the like. What is not understood changes nothing. */
export function matrixOf(transform: string): Matrix {
  const steps = transform.slice(0, 2_000).matchAll(/(\w+)\s*\(([^)]*)\)/g)
  return [...steps].reduce((matrix, [, name = '', list = '']) => times(matrix, stepOf(name, numbersIn(list))), IDENTITY)
}

export function numbersIn(list: string): number[] {
  return (list.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? []).map(Number)
}

function stepOf(name: string, values: readonly number[]): Matrix {
  const [one = 0, two] = values
  if (name === 'translate') return [1, 0, 0, 1, one, two ?? 0]
  if (name === 'scale') return [one, 0, 0, two ?? one, 0, 0]
  if (name === 'rotate') return rotation(one, two ?? 0, values[2] ?? 0)
  if (name === 'skewX') return [1, 0, Math.tan((one * Math.PI) / 180), 1, 0, 0]
  if (name === 'skewY') return [1, Math.tan((one * Math.PI) / 180), 0, 1, 0, 0]
  const [a, b, c, d, e, f] = values
  const isMatrix = name === 'matrix' && f !== undefined
  return isMatrix ? [a ?? 1, b ?? 0, c ?? 0, d ?? 1, e ?? 0, f] : IDENTITY
}

function rotation(angle: number, x: number, y: number): Matrix {
  const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)]
  return times(times([1, 0, 0, 1, x, y], [cos, sin, -sin, cos, 0, 0]), [1, 0, 0, 1, -x, -y])
}
