/** Seats as dots: tens of thousands, blended into pixels by hand, because a canvas takes a microsecond for each shape. */
import type { Box } from '../boxes.ts'
import { seatsNear } from '../grid.ts'
import { AVAILABLE } from '../states.ts'
import { type Canvas, type Context, contextOf, newCanvas } from './canvas.ts'
import { channels } from './palette.ts'
import type { Painted } from './picture.ts'
import type { Style } from './style.ts'

/** A square of the turned plan, in device pixels. */
export interface Square {
  left: number
  top: number
  width: number
  height: number
  zoom: number
  sin: number
  cos: number
}

/** A dot's place within a pixel is rounded to one of so many, each way. */
const PHASES = 4
/** The sizes of dots as parts of the pitch: those that can be had are largest. */
const FREE = 0.4
const TAKEN = 0.19
const MINE = 0.62

/** How much of each pixel a dot covers, from 0 to 255, for each phase. */
interface Stamp {
  side: number
  covers: readonly Uint8Array[]
}

let scratch: { canvas: Canvas; data: ImageData; pixels: Uint32Array } | undefined

export function drawDots(context: Context, board: Painted, style: Style, square: Square, box: Box): void {
  const { width, height, zoom, sin, cos, left, top } = square
  const { plan, states, mine } = board
  const { canvas, data, pixels } = scratchOf(context, width, height)
  pixels.fill(0)
  const pitch = zoom * plan.pitch
  const stamps = { free: stampOf(pitch * FREE), taken: stampOf(pitch * TAKEN), mine: stampOf(pitch * MINE) }
  const inks = style.palette.grades.map((colour, grade) =>
    inkOf(colour, style.only === undefined || style.only === grade ? 1 : 0.25),
  )
  const [soft, accent] = [inkOf(style.palette.lineStrong, 0.7), inkOf(style.palette.accent, 1)]
  const { xs, ys, gradeOf } = plan
  const reach = stamps.mine.side
  seatsNear(plan, box, seat => {
    const [px, py] = [xs[seat] ?? 0, ys[seat] ?? 0]
    const x = (px * cos - py * sin) * zoom - left
    const y = (px * sin + py * cos) * zoom - top
    if (x < -reach || y < -reach || x > width + reach || y > height + reach) return
    if (mine.has(seat)) stamp(pixels, width, height, stamps.mine, x, y, accent)
    else if (states[seat] === AVAILABLE)
      stamp(pixels, width, height, stamps.free, x, y, inks[gradeOf[seat] ?? 0] ?? soft)
    else stamp(pixels, width, height, stamps.taken, x, y, soft)
  })
  contextOf(canvas).putImageData(data, 0, 0)
  context.drawImage(canvas, 0, 0)
}

function scratchOf(context: Context, width: number, height: number) {
  if (scratch?.data.width !== width || scratch.data.height !== height) {
    const data = context.createImageData(width, height)
    const canvas = newCanvas(width, height)
    contextOf(canvas, { willReadFrequently: true })
    scratch = { canvas, data, pixels: new Uint32Array(data.data.buffer) }
  }
  return scratch
}

/** A colour as the lower three bytes of a pixel, and its strength. */
interface Ink {
  colour: number
  strength: number
}

function inkOf(colour: string, strength: number): Ink {
  const [red = 0, green = 0, blue = 0] = channels(colour)
  return { colour: red | (green << 8) | (blue << 16), strength: Math.round(strength * 256) }
}

const stamps = new Map<number, Stamp>()

function stampOf(radius: number): Stamp {
  const known = stamps.get(radius)
  if (known !== undefined) return known
  const half = Math.ceil(radius + 0.5)
  const side = 2 * half + 1
  const covers: Uint8Array[] = []
  for (let down = 0; down < PHASES; down++) {
    for (let across = 0; across < PHASES; across++) {
      covers.push(coverOf(side, half + (across + 0.5) / PHASES, half + (down + 0.5) / PHASES, radius))
    }
  }
  // A pinch goes through many scales.
  if (stamps.size > 64) stamps.clear()
  const made = { side, covers }
  stamps.set(radius, made)
  return made
}

function coverOf(side: number, x: number, y: number, radius: number): Uint8Array {
  const cover = new Uint8Array(side * side)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y)
      cover[row * side + column] = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - distance)))
    }
  }
  return cover
}

/** Colours the pixels that a dot covers. Where dots overlap, the stronger wins. */
function stamp(
  pixels: Uint32Array,
  width: number,
  height: number,
  { side, covers }: Stamp,
  x: number,
  y: number,
  ink: Ink,
): void {
  const [column, row] = [Math.floor(x), Math.floor(y)]
  const phase = Math.floor((y - row) * PHASES) * PHASES + Math.floor((x - column) * PHASES)
  const cover = covers[phase]
  if (cover === undefined) return
  const half = side >> 1
  for (let down = 0; down < side; down++) {
    const line = row - half + down
    if (line < 0 || line >= height) continue
    for (let across = 0; across < side; across++) {
      const at = column - half + across
      const covered = cover[down * side + across] ?? 0
      if (covered === 0 || at < 0 || at >= width) continue
      const alpha = (covered * ink.strength) >> 8
      const index = line * width + at
      if (alpha > (pixels[index] ?? 0) >>> 24) pixels[index] = ink.colour | (alpha << 24)
    }
  }
}
