/**
 * What tells grades apart besides their colour: nothing for the first six, whose colours differ, then a pattern for each six more.
 * Where the system forces its own colours, each grade has a pattern.
 */
import { type Context, contextOf, newCanvas } from './canvas.ts'
import { gradeToken } from './palette.ts'

const GRADES = 6
const MARKS = 6

export function areColoursForced(): boolean {
  return globalThis.matchMedia?.('(forced-colors: active)').matches ?? false
}

/** The pattern of a grade, from 0, which is none. */
export function markOf(grade: number, forced: boolean): number {
  return (forced ? grade : Math.floor(grade / GRADES)) % MARKS
}

/** Gradients that show the same patterns in a legend. */
const GRADIENTS = [
  [],
  ['repeating-linear-gradient(45deg, transparent 0 3px, var(--card) 3px 4.5px)'],
  ['radial-gradient(var(--card) 1.2px, transparent 1.6px) 0 0 / 5px 5px'],
  ['repeating-linear-gradient(0deg, transparent 0 3px, var(--card) 3px 4.5px)'],
  ['repeating-linear-gradient(90deg, transparent 0 3px, var(--card) 3px 4.5px)'],
  [
    'repeating-linear-gradient(45deg, transparent 0 4px, var(--card) 4px 5px)',
    'repeating-linear-gradient(-45deg, transparent 0 4px, var(--card) 4px 5px)',
  ],
] as const

/** The style of a grade's swatch. */
export function gradeFill(grade: number): { background: string; forcedColorAdjust: 'none' } {
  const gradients = GRADIENTS[markOf(grade, areColoursForced())] ?? []
  const layers = [...gradients, `linear-gradient(var(${gradeToken(grade)}) 0 0)`]
  return { background: layers.join(', '), forcedColorAdjust: 'none' }
}

/** Draws the pattern of a mark on one seat. */
export function drawMark(context: Context, mark: number, half: number, colour: string): void {
  if (mark === 0) return
  context.save()
  context.beginPath()
  context.rect(-half, -half, 2 * half, 2 * half)
  context.clip()
  context.strokeStyle = colour
  context.fillStyle = colour
  context.lineWidth = Math.max(1, half * 0.18)
  context.beginPath()
  if (mark === 2) {
    for (const x of [-0.55, 0.55]) {
      for (const y of [-0.55, 0.55]) {
        context.moveTo(x * half, y * half)
        context.arc(x * half, y * half, Math.max(0.7, half * 0.16), 0, 2 * Math.PI)
      }
    }
    context.fill()
  }
  if (mark === 1 || mark === 5) line(context, half, -0.9, 0.3, 0.3, -0.9)
  if (mark === 1 || mark === 5) line(context, half, -0.3, 0.9, 0.9, -0.3)
  if (mark === 5) line(context, half, -0.3, -0.9, 0.9, 0.3)
  if (mark === 5) line(context, half, -0.9, -0.3, 0.3, 0.9)
  if (mark === 3) for (const at of [-0.6, 0.6]) line(context, half, -1, at, 1, at)
  if (mark === 4) for (const at of [-0.6, 0.6]) line(context, half, at, -1, at, 1)
  context.stroke()
  context.restore()
}

function line(context: Context, half: number, x0: number, y0: number, x1: number, y1: number): void {
  context.moveTo(x0 * half, y0 * half)
  context.lineTo(x1 * half, y1 * half)
}

/** A pattern to fill whole sections with, on top of their colour. */
export function patternOf(context: Context, mark: number, ratio: number, colour: string): CanvasPattern | null {
  if (mark === 0) return null
  const side = Math.round(7 * ratio)
  const canvas = newCanvas(side, side)
  const small = contextOf(canvas)
  small.translate(side / 2, side / 2)
  if (mark === 2) {
    small.fillStyle = colour
    small.beginPath()
    small.arc(0, 0, 1.2 * ratio, 0, 2 * Math.PI)
    small.fill()
  } else {
    small.strokeStyle = colour
    small.lineWidth = ratio
    small.beginPath()
    if (mark === 3) small.rect(-side, -ratio / 4, 2 * side, ratio / 2)
    if (mark === 4) small.rect(-ratio / 4, -side, ratio / 2, 2 * side)
    // Each diagonal also crosses two corners, so that the copies fit together.
    if (mark === 1 || mark === 5)
      for (const by of [-side, 0, side]) line(small, side / 2, -1, 1 + (2 * by) / side, 1, -1 + (2 * by) / side)
    if (mark === 5)
      for (const by of [-side, 0, side]) line(small, side / 2, -1, -1 + (2 * by) / side, 1, 1 + (2 * by) / side)
    small.stroke()
  }
  return context.createPattern(canvas, 'repeat')
}

/** A crowd seen from above, for standing areas. */
export function crowdPattern(context: Context, ratio: number, colour: string): CanvasPattern | null {
  const side = Math.round(22 * ratio)
  const canvas = newCanvas(side, side)
  const small = contextOf(canvas)
  small.fillStyle = colour
  for (const [x, y] of [
    [0.2, 0.22],
    [0.68, 0.1],
    [0.45, 0.55],
    [0.9, 0.62],
    [0.12, 0.8],
    [0.62, 0.88],
  ] as const) {
    small.beginPath()
    small.arc(x * side, y * side, 1.35 * ratio, 0, 2 * Math.PI)
    small.fill()
  }
  return context.createPattern(canvas, 'repeat')
}
