/** Writes words and names into a house. They stay upright however the house is turned, and are left out where they do not fit. */
import { type Box, meets } from '../boxes.ts'
import type { Plan, Point, Row, Section, Shape } from '../geometry.ts'
import type { Context } from './canvas.ts'
import { Letters } from './letters.ts'
import { LINE, Names } from './names.ts'
import { Room } from './room.ts'
import type { Style } from './style.ts'

/** CSS pixels. */
const WORD_MIN = 10
const WORD_MAX = 17
const IN_FRONT = 15

/** Expects a context in device pixels whose origin is that of the turned plan. */
export class Writer {
  readonly #style: Style
  readonly #zoom: number
  readonly #turn: number
  readonly #sin: number
  readonly #cos: number
  readonly #letters: Letters
  readonly #names: Names
  readonly #sizes = new Map<Shape, number>()

  constructor(plan: Plan, style: Style, zoom: number, turn: number) {
    this.#style = style
    this.#zoom = zoom
    this.#turn = turn
    this.#sin = Math.sin(turn)
    this.#cos = Math.cos(turn)
    this.#letters = new Letters(style.palette)
    this.#names = new Names(plan, style, zoom, turn, this.#letters)
  }

  font(context: Context, size: number, colour: string, weight?: number): void {
    this.#letters.font(context, size, colour, weight)
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
    if (known !== undefined) return known
    const drawn = shape.outline.length > 0
    const wanted = Math.min((main ? WORD_MAX : 13) * ratio, drawn ? Infinity : 0.85 * this.#zoom)
    const width = this.#letters.widthOf(context, text, wanted, main ? 700 : 500)
    const room = drawn ? new Room(shape.outline, shape.at, this.#turn) : undefined
    const size = wanted * (room?.fit((width * 1.1) / this.#zoom, (wanted * 1.4) / this.#zoom).part ?? 1)
    this.#sizes.set(shape, size)
    return size
  }

  /** The name of a section, and how many are left where there is room to say it. */
  section(
    context: Context,
    section: Section,
    free: number | undefined,
    { ink, halo }: { ink: string; halo: string | undefined },
  ): void {
    const { words } = this.#style
    const { name, figures, lines, shift } = this.#names.of(context, section)
    if (name === 0) return
    const [middleX, y] = this.#pixelOf(section.middle)
    const x = middleX + shift
    const said = free === undefined || lines === 0 ? [] : [words.left(free)]
    if (lines > 1 && said.length > 0) said.unshift(words.standing)
    const middle = y - (said.length * figures * LINE) / 2
    this.#write(context, section.name, x, middle, name, 700, ink, halo)
    if (free === 0) {
      const half = this.#letters.widthOf(context, section.name, name, 700) / 2 + name * 0.2
      this.#strike(context, x, middle, half, name, ink)
    }
    for (const [index, line] of said.entries())
      this.#write(context, line, x, middle + name * 0.6 + figures * (0.62 + LINE * index), figures, 500, ink, halo)
  }

  /** A section's name in front of its first row. */
  inFront(context: Context, plan: Plan, { name }: Section, row: Row): void {
    const { palette, ratio } = this.#style
    const { middle, turn } = middleOf(plan, row)
    const size = IN_FRONT * ratio
    const off = Math.max(0.92, 0.5 * plan.pitch + (0.6 * size) / this.#zoom)
    const [x, y] = this.#pixelOf({ x: middle.x + Math.sin(turn) * off, y: middle.y - Math.cos(turn) * off })
    this.#write(context, name, x, y, size, 700, palette.ink, palette.paper)
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

  #pixelOf({ x, y }: Point): [number, number] {
    return [(x * this.#cos - y * this.#sin) * this.#zoom, (x * this.#sin + y * this.#cos) * this.#zoom]
  }
}

function middleOf({ xs, ys, turns }: Plan, { first, seats }: Row): { middle: Point; turn: number } {
  const [low, high] = [first + ((seats - 1) >> 1), first + (seats >> 1)]
  const middle = { x: ((xs[low] ?? 0) + (xs[high] ?? 0)) / 2, y: ((ys[low] ?? 0) + (ys[high] ?? 0)) / 2 }
  return { middle, turn: ((turns[low] ?? 0) + (turns[high] ?? 0)) / 2 }
}
