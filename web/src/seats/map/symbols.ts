/** The signs of special places, in a square of 16 units: the map and the legend draw the same paths. */
import type { Context } from './canvas.ts'

export const SYMBOLS = {
  /** A person in a wheelchair, from the side. */
  wheelchair: {
    solid: 'M6.6 1.2a1.55 1.55 0 1 1 0 3.1a1.55 1.55 0 1 1 0-3.1z',
    lines: 'M6.7 5.4v4.2h3.9l1.9 3.8M6.8 7.2h3.4M4.9 7.6a4 4 0 1 0 5.2 5.2',
  },
  /** A person and a plus. */
  companion: {
    solid: 'M6.3 2.2a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 1 1 0-4.6zM1.9 13.6c0-3.4 1.8-5.4 4.4-5.4s4.4 2 4.4 5.4z',
    lines: 'M12.8 5v4M10.8 7h4',
  },
} as const

export type Symbol = keyof typeof SYMBOLS

const paths = new Map<string, Path2D>()

/** Draws a sign around the origin. */
export function drawSymbol(context: Context, symbol: Symbol, size: number, colour: string): void {
  const { solid, lines } = SYMBOLS[symbol]
  context.save()
  context.scale(size / 16, size / 16)
  context.translate(-8, -8)
  context.fillStyle = colour
  context.strokeStyle = colour
  context.lineWidth = 1.5
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.fill(pathOf(solid))
  context.stroke(pathOf(lines))
  context.restore()
}

function pathOf(words: string): Path2D {
  const known = paths.get(words) ?? new Path2D(words)
  paths.set(words, known)
  return known
}
