/** Writes words and names into a house. They stay upright however the house is turned, and are left out where they do not fit. */
import { type Box, meets } from '../boxes.ts'
import type { Plan, Point, Row, Section, Shape } from '../geometry.ts'
import type { Context } from './canvas.ts'
import { roomAround } from './room.ts'
import type { Style } from './style.ts'

/** CSS pixels. */
const NAME_MIN = 8
const NAME_MAX = 18
const FIGURE_MIN = 9
const FIGURE_MAX = 12
const WORD_MIN = 8
const WORD_MAX = 17

/** Expects a context in device pixels whose origin is that of the turned plan. */
export class Writer {
  readonly #style: Style
  readonly #zoom: number
  readonly #turn: number
  readonly #sin: number
  readonly #cos: number
  readonly #rooms = new Map<Section | Shape, Box>()

  constructor(style: Style, zoom: number, turn: number) {
    this.#style = style
    this.#zoom = zoom
    this.#turn = turn
    this.#sin = Math.sin(turn)
    this.#cos = Math.cos(turn)
  }

  font(context: Context, size: number, colour: string, weight = 600): void {
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
      const { width, height } =
        shape.outline.length > 0 ? this.#roomOf(shape, shape.at) : { width: Infinity, height: 1.3 * this.#zoom }
      const wanted = Math.min((main ? WORD_MAX : 13) * ratio, height * 0.62)
      const size = this.#fitted(context, text, wanted, width * 0.86, main ? 700 : 500)
      if (size < WORD_MIN * ratio) continue
      this.font(context, size, main ? palette.ink : palette.inkSoft, main ? 700 : 500)
      context.fillText(text, x, y)
    }
  }

  /** The name of a section, and how many are left where there is room to say it. */
  section(
    context: Context,
    section: Section,
    free: number | undefined,
    { ink, halo }: { ink: string; halo: string | undefined },
  ): void {
    const { ratio, words } = this.#style
    const { width, height } = this.#roomOf(section, section.middle)
    const wanted = Math.min((section.standing ? 22 : NAME_MAX) * ratio, height * 0.7)
    const size = this.#fitted(context, section.name, wanted, width * 0.84, 700)
    if (size < NAME_MIN * ratio) return
    const [x, y] = this.#pixelOf(section.middle)
    const figures =
      free === undefined ? undefined : this.#figures(context, section, words.left(free), size, width, height)
    const up = figures === undefined ? 0 : figures.height / 2
    this.#write(context, section.name, x, y - up, size, 700, ink, halo)
    if (free === 0) this.#strike(context, x, y - up, Math.min(width * 0.42, size * 0.9), size)
    figures?.lines.forEach((line, index) => {
      this.#write(
        context,
        line,
        x,
        y - up + size * 0.62 + figures.size * (0.62 + 1.2 * index),
        figures.size,
        500,
        ink,
        halo,
      )
    })
  }

  #figures(context: Context, section: Section, left: string, name: number, width: number, height: number) {
    const { ratio, words } = this.#style
    const lines = section.standing ? [words.standing, left] : [left]
    const wanted = Math.min((section.standing ? 14 : FIGURE_MAX) * ratio, name * 0.8)
    const size = Math.min(...lines.map(line => this.#fitted(context, line, wanted, width * 0.88, 500)))
    const total = size * 1.24 * lines.length
    if (size < FIGURE_MIN * ratio || name * 1.1 + total > height * 0.92) return undefined
    return { lines, size, height: total }
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

  #strike(context: Context, x: number, y: number, half: number, size: number): void {
    context.fillRect(x - half, y - size * 0.04, 2 * half, Math.max(1, size * 0.08))
  }

  /** The size at which a text fits into a width, or less if it is wanted so. */
  #fitted(context: Context, text: string, wanted: number, width: number, weight: number): number {
    if (wanted < 1) return 0
    this.font(context, wanted, '#000', weight)
    const needed = context.measureText(text).width
    return needed <= width ? wanted : (wanted * width) / needed
  }

  /** The free width and height around a point of an outline, in device pixels. */
  #roomOf(of: Section | Shape, at: Point): { width: number; height: number } {
    const room = this.#rooms.get(of) ?? roomAround(of.outline, at, this.#turn)
    this.#rooms.set(of, room)
    const [across, down] = [Math.min(-room.left, room.right), Math.min(-room.top, room.bottom)]
    return { width: 2 * across * this.#zoom, height: 2 * down * this.#zoom }
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
