/** A picture of each kind of seat at one size and turn, to be copied thousands of times. */
import type { Kind } from '../geometry.ts'
import { AVAILABLE, HELD, SOLD } from '../states.ts'
import { type Canvas, type Context, contextOf, newCanvas } from './canvas.ts'
import { drawMark, markOf } from './marks.ts'
import type { Palette } from './palette.ts'
import { drawSymbol } from './symbols.ts'

export interface Seat {
  state: number
  mine: boolean
  grade: number
  kind: Kind | undefined
  /** Filtered out. */
  faint: boolean
}

const MINE = 4
const KINDS = 5
const SPECIAL = ['wheelchair', 'companion', 'restricted_view', 'house'] as const
/** Turns are rounded to one of so many: two degrees cannot be seen. */
const TURNS = 90
/** CSS pixels from seat to seat. Below, taken seats are dots: their signs would be specks. */
const SMALL = 10
/** The size of a seat as a part of the pitch. */
const SEAT_SIZE = 0.82
/** The side of a picture as a part of the pitch: a turned seat is wider. */
const ROOM = 1.3

/** The pictures of all kinds of seat, each made when it is first needed. */
export class Sprites {
  /** Device pixels per side. */
  readonly side: number
  readonly #palette: Palette
  readonly #pitch: number
  readonly #small: boolean
  readonly #pictures = new Map<number, Canvas>()

  /** `pitch`: device pixels from seat to seat. */
  constructor(palette: Palette, pitch: number, ratio: number) {
    this.#palette = palette
    this.#pitch = pitch
    this.#small = pitch < SMALL * ratio
    this.side = Math.max(3, Math.ceil(pitch * ROOM))
  }

  /** Draws a seat around a point, turned by radians. */
  draw(context: Context, seat: Seat, x: number, y: number, turn: number): void {
    const step = Math.round((turn / (2 * Math.PI)) * TURNS)
    const bucket = ((step % TURNS) + TURNS) % TURNS
    const picture = this.#pictureOf(seat, bucket)
    const [left, top] = [x - this.side / 2, y - this.side / 2]
    // Straight seats stay sharp on whole pixels; turned ones stay evenly apart.
    if (bucket === 0) context.drawImage(picture, Math.round(left), Math.round(top))
    else context.drawImage(picture, left, top)
  }

  #pictureOf(seat: Seat, bucket: number): Canvas {
    const key = keyOf(seat) * TURNS + bucket
    const known = this.#pictures.get(key)
    if (known !== undefined) return known
    const picture = newCanvas(this.side, this.side)
    const context = contextOf(picture)
    context.translate(this.side / 2, this.side / 2)
    context.globalAlpha = seat.faint && !seat.mine ? 0.2 : 1
    drawSeat(context, seat, this.#palette, this.#pitch * SEAT_SIZE, (bucket / TURNS) * 2 * Math.PI, this.#small)
    this.#pictures.set(key, picture)
    return picture
  }
}

function keyOf({ state, mine, grade, kind, faint }: Seat): number {
  const special = kind === undefined ? 0 : SPECIAL.indexOf(kind) + 1
  const known = grade * KINDS + (mine ? MINE : state)
  return (known * (SPECIAL.length + 1) + special) * 2 + (faint && !mine ? 1 : 0)
}

function drawSeat(context: Context, seat: Seat, palette: Palette, size: number, turn: number, small: boolean): void {
  const half = size / 2
  const colour = palette.grades[seat.grade] ?? palette.ink
  context.lineWidth = Math.max(1, size * 0.1)
  context.save()
  context.rotate(turn)
  if (seat.mine) {
    context.fillStyle = palette.accent
    context.strokeStyle = palette.ink
    chair(context, half * 1.12)
    context.fill()
    context.stroke()
  } else if (seat.state === AVAILABLE) {
    context.fillStyle = colour
    if (seat.kind === 'wheelchair') square(context, half * 1.08)
    else chair(context, half)
    context.fill()
    drawMark(context, markOf(seat.grade, palette.forced), half, palette.card)
    if (seat.kind === 'restricted_view') notch(context, half, palette)
  } else if (small) {
    dot(context, size * 0.17, palette, 0.7)
  } else if (seat.state === HELD) {
    context.strokeStyle = palette.lineStrong
    chair(context, half - context.lineWidth / 2)
    context.stroke()
    context.fillStyle = palette.lineStrong
    context.beginPath()
    context.arc(0, 0, Math.max(0.8, size * 0.14), 0, 2 * Math.PI)
    context.fill()
  } else if (seat.state === SOLD) {
    cross(context, half * 0.55, palette)
  } else {
    dot(context, size * 0.11, palette, 0.6)
  }
  context.restore()
  // What is to be read stays upright, however the seat is turned.
  if (seat.mine) check(context, half, palette.onAccent)
  else if (seat.state === AVAILABLE && (seat.kind === 'wheelchair' || seat.kind === 'companion'))
    drawSymbol(context, seat.kind, size * (seat.kind === 'wheelchair' ? 0.92 : 0.8), palette.card)
}

function dot(context: Context, radius: number, palette: Palette, alpha: number): void {
  context.fillStyle = palette.lineStrong
  context.globalAlpha *= alpha
  context.beginPath()
  context.arc(0, 0, Math.max(0.6, radius), 0, 2 * Math.PI)
  context.fill()
}

function cross(context: Context, reach: number, palette: Palette): void {
  context.strokeStyle = palette.lineStrong
  context.globalAlpha *= 0.6
  context.beginPath()
  context.moveTo(-reach, -reach)
  context.lineTo(reach, reach)
  context.moveTo(reach, -reach)
  context.lineTo(-reach, reach)
  context.stroke()
}

/** A seat from above, its back away from the stage. */
function chair(context: Context, half: number): void {
  context.beginPath()
  context.roundRect(-half, -half, 2 * half, 2 * half, [half * 0.35, half * 0.35, half * 0.8, half * 0.8])
}

function square(context: Context, half: number): void {
  context.beginPath()
  context.roundRect(-half, -half, 2 * half, 2 * half, half * 0.22)
}

/** Cuts off the corner towards the stage: part of the view is missing. */
function notch(context: Context, half: number, palette: Palette): void {
  context.fillStyle = palette.sunk
  context.beginPath()
  context.moveTo(half * 1.05, -half * 1.05)
  context.lineTo(half * 1.05, half * 0.25)
  context.lineTo(-half * 0.25, -half * 1.05)
  context.fill()
  context.strokeStyle = palette.ink
  context.lineWidth = Math.max(1, half * 0.16)
  context.beginPath()
  context.moveTo(half, half * 0.25)
  context.lineTo(-half * 0.25, -half)
  context.stroke()
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
