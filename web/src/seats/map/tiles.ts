/**
 * The plan cut into square tiles at one scale: panning only copies them and draws nothing.
 *
 * A tile that a change touches is shown as it was until its turn to be redrawn.
 */
import type { Board } from '../board.ts'
import { type Box, bendAt, numberOf, ROW_PITCH, type Row, seatsIn } from '../geometry.ts'
import { AVAILABLE } from '../states.ts'
import { mixed, type Palette } from './palette.ts'
import { type Canvas, type Context, columnOf, contextOf, makeSprites, newCanvas, type Sprites } from './sprites.ts'

interface Tile {
  picture: Canvas
  column: number
  row: number
  dirty: boolean
  usedAt: number
}

/** CSS pixels per side. */
const SIDE = 256
const TILES_MAX = 140
/** How far the names of rows and sections reach beyond seats. */
const REACH = 3.5
/** Round corners reach half of this beyond a block's outline. */
export const ROUNDING = 0.6
const ROW_NAMES_FROM = 13
const NUMBERS_FROM = 21
const ROWS_MAX = 10_000

export class Tiles {
  /** Device pixels per unit. */
  readonly pitch: number
  readonly side: number
  readonly #board: Board
  readonly #palette: Palette
  readonly #ratio: number
  readonly #sprites: Sprites
  readonly #grade: number | undefined
  readonly #tiles = new Map<number, Tile>()
  #clock = 0

  /** `grade`: the one that is filtered for. */
  constructor(board: Board, palette: Palette, scale: number, ratio: number, grade: number | undefined) {
    this.#board = board
    this.#palette = palette
    this.#ratio = ratio
    this.#grade = grade
    this.pitch = scale * ratio
    this.side = Math.round(SIDE * ratio)
    this.#sprites = makeSprites(palette, this.pitch)
  }

  /** Marks the tiles of a seat that changed. */
  touch(seat: number): void {
    const { xs, ys } = this.#board.plan
    const [x, y] = [(xs[seat] ?? 0) * this.pitch, (ys[seat] ?? 0) * this.pitch]
    const reach = this.pitch
    for (let row = Math.floor((y - reach) / this.side); row <= Math.floor((y + reach) / this.side); row++) {
      for (let column = Math.floor((x - reach) / this.side); column <= Math.floor((x + reach) / this.side); column++) {
        const tile = this.#tiles.get(keyOf(column, row))
        if (tile !== undefined) tile.dirty = true
      }
    }
  }

  touchAll(): void {
    for (const tile of this.#tiles.values()) tile.dirty = true
  }

  /** Copies the tiles of a part of the plan, given its origin on the canvas; returns whether none was missing. */
  copy(context: Context, box: Box, origin: { x: number; y: number }, zoom: number): boolean {
    const side = this.side * zoom
    let complete = true
    this.#clock += 1
    for (const [column, row] of this.#covering(box)) {
      const tile = this.#tiles.get(keyOf(column, row))
      if (tile === undefined) {
        complete = false
        continue
      }
      tile.usedAt = this.#clock
      const [x, y] = [origin.x + column * side, origin.y + row * side]
      if (zoom === 1) context.drawImage(tile.picture, x, y)
      else context.drawImage(tile.picture, x, y, side, side)
    }
    return complete
  }

  /** Draws missing and outdated tiles of a part of the plan until the time is up; returns whether all are done. */
  draw(box: Box, until: number): boolean {
    for (const [column, row] of this.#covering(box)) {
      const tile = this.#tiles.get(keyOf(column, row))
      if (tile !== undefined && !tile.dirty) continue
      this.#render(tile ?? this.#add(column, row))
      if (performance.now() >= until) return false
    }
    return true
  }

  *#covering(box: Box): Generator<[number, number]> {
    const at = (value: number) => Math.floor((value * this.pitch) / this.side)
    for (let row = at(box.top); row <= at(box.bottom); row++) {
      for (let column = at(box.left); column <= at(box.right); column++) yield [column, row]
    }
  }

  #add(column: number, row: number): Tile {
    const oldest = this.#tiles.size < TILES_MAX ? undefined : this.#oldest()
    if (oldest !== undefined) this.#tiles.delete(keyOf(oldest.column, oldest.row))
    const picture = oldest?.picture ?? newCanvas(this.side, this.side)
    const tile = { picture, column, row, dirty: true, usedAt: this.#clock }
    this.#tiles.set(keyOf(column, row), tile)
    return tile
  }

  #oldest(): Tile | undefined {
    let oldest: Tile | undefined
    for (const tile of this.#tiles.values()) {
      if (oldest === undefined || tile.usedAt < oldest.usedAt) oldest = tile
    }
    return oldest
  }

  #render(tile: Tile): void {
    const context = contextOf(tile.picture, { alpha: false })
    const [left, top] = [tile.column * this.side, tile.row * this.side]
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.fillStyle = this.#palette.paper
    context.fillRect(0, 0, this.side, this.side)
    const box = this.#boxOf(left, top)
    context.translate(-left, -top)
    this.#blocks(context, box)
    const names: Row[] = []
    seatsIn(this.#board.plan, box, (row, from, to) => {
      this.#seats(context, row, from, to)
      names.push(row)
    })
    this.#names(context, names)
    tile.dirty = false
  }

  #boxOf(left: number, top: number): Box {
    const reach = REACH * this.pitch
    return {
      left: (left - reach) / this.pitch,
      top: (top - reach) / this.pitch,
      right: (left + this.side + reach) / this.pitch,
      bottom: (top + this.side + reach) / this.pitch,
    }
  }

  /** Draws the background of each section. */
  #blocks(context: Context, box: Box): void {
    context.fillStyle = mixed(this.#palette.paper, this.#palette.sunk, 0.8)
    context.strokeStyle = context.fillStyle
    context.lineJoin = 'round'
    context.lineWidth = ROUNDING * this.pitch
    for (const { bounds, outline } of this.#board.plan.sections) {
      if (bounds.left > box.right || bounds.right < box.left || bounds.top > box.bottom || bounds.bottom < box.top)
        continue
      context.beginPath()
      for (let point = 0; point < outline.length; point += 2) {
        context.lineTo((outline[point] ?? 0) * this.pitch, (outline[point + 1] ?? 0) * this.pitch)
      }
      context.closePath()
      context.fill()
      context.stroke()
    }
  }

  #seats(context: Context, row: Row, from: number, to: number): void {
    const { plan, states, mine } = this.#board
    const { picture, side } = this.#sprites
    const grade = plan.sections[row.section]?.grade ?? 0
    const faint = this.#grade !== undefined && this.#grade !== grade
    for (let seat = from; seat < to; seat++) {
      const column = columnOf(states[seat] ?? 0, mine.has(seat), grade, faint)
      const x = Math.round((plan.xs[seat] ?? 0) * this.pitch - side / 2)
      const y = Math.round((plan.ys[seat] ?? 0) * this.pitch - side / 2)
      context.drawImage(picture, column * side, 0, side, side, x, y, side, side)
    }
    if (this.pitch / this.#ratio >= NUMBERS_FROM && !faint) this.#numbers(context, from, to)
  }

  #numbers(context: Context, from: number, to: number): void {
    const { plan, states, mine } = this.#board
    this.#font(context, 0.36, this.#palette.card)
    for (let seat = from; seat < to; seat++) {
      if (states[seat] !== AVAILABLE || mine.has(seat)) continue
      const [x, y] = [(plan.xs[seat] ?? 0) * this.pitch, (plan.ys[seat] ?? 0) * this.pitch]
      context.fillText(String(numberOf(plan, seat)), x, y + this.pitch * 0.02)
    }
  }

  /** Names rows at both ends, and sections above their first row. */
  #names(context: Context, rows: readonly Row[]): void {
    const { plan } = this.#board
    for (const row of rows) {
      const section = plan.sections[row.section]
      if (section?.rows[0] === row) {
        const middle = row.x + (row.seats - 1) / 2
        this.#font(context, Math.min(1.6, (17 * this.#ratio) / this.pitch), this.#palette.ink, 700)
        this.#text(context, section.name, middle, row.line - 1.55)
      }
      if (this.pitch / this.#ratio < ROW_NAMES_FROM) continue
      this.#font(context, Math.min(0.62, (13 * this.#ratio) / this.pitch), this.#palette.inkSoft, 500)
      this.#text(context, row.row, row.x - 1.4, row.line)
      this.#text(context, row.row, row.x + row.seats + 0.4, row.line)
    }
  }

  #text(context: Context, text: string, x: number, line: number): void {
    const y = line * ROW_PITCH + bendAt(this.#board.plan.bend, x)
    context.fillText(text, x * this.pitch, y * this.pitch)
  }

  #font(context: Context, size: number, colour: string, weight = 600): void {
    context.fillStyle = colour
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.font = `${weight} ${Math.round(size * this.pitch)}px ${this.#palette.font}`
  }
}

function keyOf(column: number, row: number): number {
  return column * ROWS_MAX + row
}
