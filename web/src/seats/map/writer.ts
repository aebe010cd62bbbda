/** Writes words and names into a house. They stay upright however the house is turned, and are left out where they do not fit. */
import { type Box, meets } from '../boxes.ts'
import type { Plan, Point, Row, Section, Shape } from '../geometry.ts'
import type { Context } from './canvas.ts'
import { Room } from './room.ts'
import type { Style } from './style.ts'

/** CSS pixels. */
const NAME_MIN = 8
const NAME_MAX = 15
const STANDING_NAME_MAX = 21
const FIGURE_MIN = 9
const FIGURE_MAX = 11.5
const STANDING_FIGURE_MAX = 14
/** Free space around words as a part of their size. */
const AIR = 1.22
/** From line to line as a part of the size. */
const LINE = 1.22
const WORD_MIN = 8
const WORD_MAX = 17

/** The size at which words are measured. */
const MEASURED = 100

/** How large words are, in device pixels; 0 if they do not fit. */
interface Sizes {
  name: number
  figures: number
  /** How many lines of figures fit. */
  lines: number
}

/** Expects a context in device pixels whose origin is that of the turned plan. */
export class Writer {
  readonly #style: Style
  readonly #zoom: number
  readonly #turn: number
  readonly #sin: number
  readonly #cos: number
  readonly #sizes = new Map<Section | Shape, Sizes>()
  readonly #widths = new Map<string, number>()
  #measuring: number | undefined

  constructor(style: Style, zoom: number, turn: number) {
    this.#style = style
    this.#zoom = zoom
    this.#turn = turn
    this.#sin = Math.sin(turn)
    this.#cos = Math.cos(turn)
  }

  font(context: Context, size: number, colour: string, weight = 600): void {
    this.#measuring = undefined
    context.fillStyle = colour
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.font = `${weight} ${Math.max(1, Math.round(size))}px ${this.#style.palette.font}`
  }

  shapes(context: Context, shapes: readonly Shape[], box: Box): void {
    const { palette, ratio, words } = this.#style
    for (const shape of shapes) {
      const text = shape.text ?? (shape.kind === 'stage' ? words.stage : undefined)
      if (text === undefined || !meets(shape.bounds, box)) continue
      const [x, y] = this.#pixelOf(shape.at)
      const main = shape.kind === 'stage' || shape.kind === 'field'
      const size = this.#wordSize(context, shape, text, main)
      if (size < WORD_MIN * ratio) continue
      this.font(context, size, main ? palette.ink : palette.inkSoft, main ? 700 : 500)
      context.fillText(text, x, y)
    }
  }

  #wordSize(context: Context, shape: Shape, text: string, main: boolean): number {
    const { ratio } = this.#style
    const known = this.#sizes.get(shape)
    if (known !== undefined) return known.name
    const drawn = shape.outline.length > 0
    const wanted = Math.min((main ? WORD_MAX : 13) * ratio, drawn ? Infinity : 0.85 * this.#zoom)
    const width = this.#widthOf(context, text, wanted, main ? 700 : 500)
    const room = drawn ? new Room(shape.outline, shape.at, this.#turn) : undefined
    const size = wanted * (room?.fit((width * 1.1) / this.#zoom, (wanted * 1.4) / this.#zoom) ?? 1)
    this.#sizes.set(shape, { name: size, figures: 0, lines: 0 })
    return size
  }

  /** The name of a section, and how many are left where there is room to say it. */
  section(
    context: Context,
    section: Section,
    free: number | undefined,
    { ink, halo }: { ink: string; halo: string | undefined },
  ): void {
    const { ratio, words } = this.#style
    const { name, figures, lines } = this.#sizesOf(context, section)
    if (name < NAME_MIN * ratio) return
    const [x, y] = this.#pixelOf(section.middle)
    const said = free === undefined || lines === 0 ? [] : [words.left(free)]
    if (lines > 1 && said.length > 0) said.unshift(words.standing)
    const middle = y - (said.length * figures * LINE) / 2
    this.#write(context, section.name, x, middle, name, 700, ink, halo)
    if (free === 0) {
      const half = this.#widthOf(context, section.name, name, 700) / 2 + name * 0.2
      this.#strike(context, x, middle, half, name, ink)
    }
    for (const [index, line] of said.entries())
      this.#write(context, line, x, middle + name * 0.6 + figures * (0.62 + LINE * index), figures, 500, ink, halo)
  }

  /** How large a section's name can be, and with how many lines of figures below. */
  #sizesOf(context: Context, section: Section): Sizes {
    const known = this.#sizes.get(section)
    if (known !== undefined) return known
    const { ratio, words } = this.#style
    const room = new Room(section.outline, section.middle, this.#turn)
    const most = (section.standing ? STANDING_NAME_MAX : NAME_MAX) * ratio
    const width = this.#widthOf(context, section.name, most, 700)
    const name = most * room.fit((width * AIR) / this.#zoom, (most * AIR) / this.#zoom)
    let sizes: Sizes = { name, figures: 0, lines: 0 }
    const texts = [words.left(section.seats), ...(section.standing ? [words.standing] : [])]
    const longest = Math.max(...texts.map(text => this.#widthOf(context, text, 100, 500))) / 100
    const wanted = Math.min((section.standing ? STANDING_FIGURE_MAX : FIGURE_MAX) * ratio, name * 0.85)
    for (const lines of section.standing ? [2, 1] : [1]) {
      const across = Math.max(longest * wanted, (width / most) * name) * AIR
      const part = room.fit(across / this.#zoom, ((name + lines * wanted * LINE) * AIR) / this.#zoom)
      if (wanted * part < FIGURE_MIN * ratio || name * part < NAME_MIN * ratio) continue
      sizes = { name: name * part, figures: wanted * part, lines }
      break
    }
    this.#sizes.set(section, sizes)
    return sizes
  }

  /** A section's name in front of its first row. */
  inFront(context: Context, plan: Plan, { name }: Section, row: Row): void {
    const { palette, ratio } = this.#style
    const { middle, turn } = middleOf(plan, row)
    const [x, y] = this.#pixelOf({ x: middle.x + Math.sin(turn) * 0.92, y: middle.y - Math.cos(turn) * 0.92 })
    this.#write(context, name, x, y, Math.min(0.78 * this.#zoom, 17 * ratio), 700, palette.ink, palette.paper)
  }

  /** A row's name beside its first seat and its last. */
  rowEnds(context: Context, plan: Plan, { row, first, seats }: Row): void {
    const { palette, ratio } = this.#style
    const size = Math.min(0.62 * plan.pitch * this.#zoom, 13 * ratio)
    this.font(context, size, palette.inkSoft, 500)
    for (const [seat, side] of [
      [first, -1],
      [first + seats - 1, 1],
    ] as const) {
      const turn = plan.turns[seat] ?? 0
      const off = side * plan.pitch * 1.12
      const [x, y] = this.#pixelOf({
        x: (plan.xs[seat] ?? 0) + Math.cos(turn) * off,
        y: (plan.ys[seat] ?? 0) + Math.sin(turn) * off,
      })
      context.fillText(row, x, y)
    }
  }

  #write(
    context: Context,
    text: string,
    x: number,
    y: number,
    size: number,
    weight: number,
    ink: string,
    halo: string | undefined,
  ): void {
    this.font(context, size, ink, weight)
    if (halo !== undefined) {
      context.strokeStyle = halo
      context.lineWidth = Math.max(2, size * 0.26)
      context.lineJoin = 'round'
      context.strokeText(text, x, y)
    }
    context.fillText(text, x, y)
  }

  #strike(context: Context, x: number, y: number, half: number, size: number, ink: string): void {
    context.fillStyle = ink
    context.fillRect(x - half, y - size * 0.04, 2 * half, Math.max(1, size * 0.08))
  }

  #widthOf(context: Context, text: string, size: number, weight: number): number {
    const key = `${weight} ${text}`
    let width = this.#widths.get(key)
    if (width === undefined) {
      // All are measured at one size: to set a font takes longer than to measure.
      if (this.#measuring !== weight) this.font(context, MEASURED, this.#style.palette.ink, weight)
      this.#measuring = weight
      width = context.measureText(text).width / MEASURED
      this.#widths.set(key, width)
    }
    return width * size
  }

  #pixelOf({ x, y }: Point): [number, number] {
    return [(x * this.#cos - y * this.#sin) * this.#zoom, (x * this.#sin + y * this.#cos) * this.#zoom]
  }
}

function middleOf({ xs, ys, turns }: Plan, { first, seats }: Row): { middle: Point; turn: number } {
  const [low, high] = [first + ((seats - 1) >> 1), first + (seats >> 1)]
  const middle = { x: ((xs[low] ?? 0) + (xs[high] ?? 0)) / 2, y: ((ys[low] ?? 0) + (ys[high] ?? 0)) / 2 }
  return { middle, turn: ((turns[low] ?? 0) + (turns[high] ?? 0)) / 2 }
}
