/** A picture of each kind of seat at one size, to be copied thousands of times. */
import { AVAILABLE, HELD, NOT_FOR_SALE, SOLD } from '../states.ts'
import type { Palette } from './palette.ts'

export type Canvas = OffscreenCanvas | HTMLCanvasElement
export type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

export interface Sprites {
  picture: Canvas
  /** Device pixels per side. */
  side: number
}

const MINE = 4
const KINDS = 5
/** The size of a seat as a part of the pitch. */
const SEAT_SIZE = 0.8

export function newCanvas(width: number, height: number): Canvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height)
  return Object.assign(document.createElement('canvas'), { width, height })
}

export function contextOf(canvas: Canvas, options?: CanvasRenderingContext2DSettings): Context {
  const context = canvas.getContext('2d', options) as Context | null
  if (context === null) throw new Error('this browser cannot draw')
  return context
}

/** The column of a kind of seat: the kinds of each grade, then all of them again, faint, for grades filtered out. */
export function columnOf(state: number, mine: boolean, grade: number, faint: boolean): number {
  const kind = mine ? MINE : state
  return grade * KINDS * 2 + (faint && !mine ? KINDS : 0) + kind
}

/** `pitch`: device pixels from seat to seat. */
export function makeSprites(palette: Palette, pitch: number): Sprites {
  const side = Math.max(2, Math.ceil(pitch))
  const picture = newCanvas(side * palette.grades.length * KINDS * 2, side)
  const context = contextOf(picture)
  palette.grades.forEach((colour, grade) => {
    for (const faint of [false, true]) {
      for (const kind of [AVAILABLE, HELD, SOLD, NOT_FOR_SALE, MINE]) {
        context.save()
        context.translate(columnOf(kind, kind === MINE, grade, faint) * side + side / 2, side / 2)
        context.globalAlpha = faint && kind !== MINE ? 0.22 : 1
        drawSeat(context, kind, colour, palette, pitch * SEAT_SIZE)
        context.restore()
      }
    }
  })
  return { picture, side }
}

function drawSeat(context: Context, kind: number, colour: string, palette: Palette, size: number): void {
  const half = size / 2
  context.lineWidth = Math.max(1, size * 0.1)
  if (kind === AVAILABLE) {
    context.fillStyle = colour
    chair(context, half)
    context.fill()
  } else if (kind === MINE) {
    context.fillStyle = palette.accent
    context.strokeStyle = palette.ink
    chair(context, half * 1.12)
    context.fill()
    context.stroke()
    check(context, half, palette.onAccent)
  } else if (kind === HELD) {
    context.strokeStyle = palette.lineStrong
    chair(context, half - context.lineWidth / 2)
    context.stroke()
    context.fillStyle = palette.lineStrong
    context.beginPath()
    context.arc(0, 0, Math.max(0.8, size * 0.14), 0, 2 * Math.PI)
    context.fill()
  } else if (kind === SOLD) {
    context.strokeStyle = palette.lineStrong
    context.globalAlpha *= 0.75
    const reach = half * 0.55
    context.beginPath()
    context.moveTo(-reach, -reach)
    context.lineTo(reach, reach)
    context.moveTo(reach, -reach)
    context.lineTo(-reach, reach)
    context.stroke()
  } else {
    context.fillStyle = palette.line
    context.beginPath()
    context.arc(0, 0, Math.max(0.6, size * 0.1), 0, 2 * Math.PI)
    context.fill()
  }
}

/** A seat from above, its back away from the stage. */
function chair(context: Context, half: number): void {
  context.beginPath()
  context.roundRect(-half, -half, 2 * half, 2 * half, [half * 0.35, half * 0.35, half * 0.8, half * 0.8])
}

function check(context: Context, half: number, colour: string): void {
  context.strokeStyle = colour
  context.lineWidth = Math.max(1, half * 0.3)
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.beginPath()
  context.moveTo(-half * 0.45, half * 0.02)
  context.lineTo(-half * 0.1, half * 0.38)
  context.lineTo(half * 0.5, -half * 0.35)
  context.stroke()
}
