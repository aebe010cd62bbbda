/**
 * The plan cut into square tiles at one scale and turn: panning only copies them and draws nothing.
 *
 * A tile that a change touches is shown as it was until its turn to be redrawn.
 */
import type { Box } from '../boxes.ts'
import { type Canvas, type Context, contextOf, newCanvas } from './canvas.ts'
import { Painter } from './painter.ts'
import type { Painted } from './picture.ts'
import type { Style } from './style.ts'

interface Tile {
  picture: Canvas
  column: number
  row: number
  dirty: boolean
  usedAt: number
}

/** CSS pixels per side. */
const SIDE = 192
/** Of all tiles together: 48 million bytes. */
const PIXELS_MAX = 12_000_000
const TILES_MIN = 48
const ROWS_MAX = 10_000

export class Tiles {
  readonly painter: Painter
  readonly side: number
  readonly #style: Style
  readonly #most: number
  readonly #tiles = new Map<number, Tile>()
  #clock = 0

  constructor(board: Painted, style: Style, zoom: number, turn: number) {
    this.painter = new Painter(board, style, zoom, turn)
    this.#style = style
    this.side = Math.round(SIDE * style.ratio)
    this.#most = Math.max(TILES_MIN, Math.floor(PIXELS_MAX / this.side ** 2))
  }

  /** The same tiles for another house, such as this one after a change. */
  with(board: Painted): Tiles {
    const next = new Tiles(board, this.#style, this.painter.zoom, this.painter.turn)
    for (const [key, tile] of this.#tiles) next.#tiles.set(key, tile)
    return next
  }

  /** Marks the tiles of a place that changed. */
  touch(seat: number): void {
    this.touchBox(this.painter.touchedBy(seat))
  }

  /** Marks the tiles of a part of the turned plan. */
  touchBox(box: Box): void {
    for (const tile of this.#tiles.values()) {
      const [left, top] = [tile.column * this.side, tile.row * this.side]
      const { zoom } = this.painter
      const apart =
        left > box.right * zoom ||
        left + this.side < box.left * zoom ||
        top > box.bottom * zoom ||
        top + this.side < box.top * zoom
      if (!apart) tile.dirty = true
    }
  }

  touchAll(): void {
    for (const tile of this.#tiles.values()) tile.dirty = true
  }

  /**
   * Copies the tiles of a part of the turned plan, given its origin on the canvas; `zoom` is how much larger than they are.
   * The context may be turned.
   */
  copy(context: Context, box: Box, origin: { x: number; y: number }, zoom: number): void {
    const side = this.side * zoom
    this.#clock += 1
    for (const [column, row] of this.#covering(box)) {
      const tile = this.#tiles.get(keyOf(column, row))
      if (tile === undefined) continue
      tile.usedAt = this.#clock
      const [x, y] = [origin.x + column * side, origin.y + row * side]
      if (zoom === 1) context.drawImage(tile.picture, x, y)
      else context.drawImage(tile.picture, x, y, side, side)
    }
  }

  /** Draws missing and outdated tiles of a part of the turned plan until the time is up; returns whether all are done. */
  draw(box: Box, until: number): boolean {
    for (const [column, row] of this.#covering(box)) {
      const tile = this.#tiles.get(keyOf(column, row))
      if (tile !== undefined && !tile.dirty) continue
      if (performance.now() >= until) return false
      this.#render(tile ?? this.#add(column, row))
    }
    return true
  }

  *#covering(box: Box): Generator<[number, number]> {
    const at = (value: number) => Math.floor((value * this.painter.zoom) / this.side)
    for (let row = at(box.top); row <= at(box.bottom); row++) {
      for (let column = at(box.left); column <= at(box.right); column++) yield [column, row]
    }
  }

  #add(column: number, row: number): Tile {
    const oldest = this.#tiles.size < this.#most ? undefined : this.#oldest()
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
    const context = contextOf(tile.picture, { alpha: this.#style.clear })
    const { side } = this
    this.painter.paint(context, { left: tile.column * side, top: tile.row * side, width: side, height: side })
    tile.dirty = false
  }
}

function keyOf(column: number, row: number): number {
  return column * ROWS_MAX + row
}
