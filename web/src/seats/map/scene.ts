/** Paints a board on a canvas, frame by frame, and only when something visible has changed. */
import type { Board, Changed } from '../board.ts'
import { type Box, type Section, sectionOf } from '../geometry.ts'
import { drawBlockNames, drawBlocks, drawStage } from './blocks.ts'
import { type Palette, readPalette } from './palette.ts'
import { contextOf } from './sprites.ts'
import { Tiles } from './tiles.ts'
import {
  anchored,
  between,
  boxOf,
  fitting,
  kept,
  type Limits,
  limitsOf,
  type Point,
  type Size,
  toPlan,
  type View,
  zoomed,
} from './viewport.ts'

/** At this many pixels a seat, seats are drawn singly; below, sections are blocks. */
const SEATS_FROM = 6.5
/** The size of seats after zooming to a section: large enough for a finger. */
export const SEATS_GOOD = 24
const RATIO_MAX = 2
const GLIDE_MS = 280
/** How long until a scale counts as settled. */
const RESTED_MS = 90
/** Beyond this ratio, tiles of another scale look too rough to wait for the end of a gesture. */
const ROUGH = 1.7
/** The part of each frame for drawing tiles. */
const BUDGET_MS = 5
/** The margin of tiles around the view that is drawn when idle. */
const AHEAD = 0.6

export class Scene {
  readonly board: Board
  view: View = { x: 0, y: 0, scale: 1 }
  size: Size = { width: 0, height: 0 }
  limits: Limits
  /** Called after each complete frame; after the first the map is ready. */
  onComplete: () => void = () => {}
  /** Called when the view has changed. */
  onView: () => void = () => {}
  readonly #canvas: HTMLCanvasElement
  readonly #stageWord: string
  #ratio = 1
  #palette: Palette
  #grade: number | undefined
  #tiles: Tiles | undefined
  #before: Tiles | undefined
  #scaledAt = 0
  #glide: { from: View; to: View; at: number } | undefined
  #frame: number | undefined
  #fitted = true
  #stop: () => void

  constructor(canvas: HTMLCanvasElement, board: Board, stageWord: string) {
    this.board = board
    this.#canvas = canvas
    this.#stageWord = stageWord
    this.#palette = readPalette(document.body, board.plan.grades.length)
    this.limits = limitsOf(board.plan.bounds, this.size)
    this.#stop = board.subscribe(changed => this.#changed(changed))
  }

  close(): void {
    this.#stop()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
  }

  resize(width: number, height: number): void {
    const ratio = Math.min(devicePixelRatio, RATIO_MAX)
    if (ratio !== this.#ratio) this.#dropTiles()
    this.#ratio = ratio
    const before = this.size
    this.size = { width, height }
    this.limits = limitsOf(this.board.plan.bounds, this.size)
    this.#canvas.width = Math.round(width * this.#ratio)
    this.#canvas.height = Math.round(height * this.#ratio)
    // Seats must not move under a finger when the bar below grows.
    const all = fitting(this.board.plan.bounds, this.size)
    const refit = this.#fitted && !(this.near && this.view.scale <= all.scale && before.width === width)
    this.look(refit ? all : anchored(this.view, before, this.size))
    // Resizing empties a canvas, so it is painted again within the same frame.
    this.#paint()
  }

  /** Takes the colours of a new theme. */
  recolour(): void {
    this.#palette = readPalette(document.body, this.board.plan.grades.length)
    this.#dropTiles()
    this.ask()
  }

  /** The grade that is filtered for. */
  highlight(grade: number | undefined): void {
    if (grade === this.#grade) return
    this.#grade = grade
    this.#dropTiles()
    this.ask()
  }

  get near(): boolean {
    return this.view.scale >= SEATS_FROM
  }

  /** Shows a view at once. */
  look(view: View): void {
    const next = kept(view, this.size, this.limits)
    if (next.scale !== this.view.scale) this.#scaledAt = performance.now()
    this.#fitted = next.scale === this.limits.least
    this.view = next
    this.onView()
    this.ask()
  }

  /** Glides to a view, unless the user prefers reduced motion. */
  glideTo(view: View): void {
    const to = kept(view, this.size, this.limits)
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.look(to)
    else this.#glide = { from: this.view, to, at: performance.now() }
    this.ask()
  }

  halt(): void {
    this.#glide = undefined
  }

  all(): void {
    this.glideTo(fitting(this.board.plan.bounds, this.size))
  }

  zoomBy(factor: number, at: Point = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    this.glideTo(zoomed(this.#glide?.to ?? this.view, this.size, this.limits, factor, at))
  }

  /** Zooms to a section until its seats can be chosen, and shows all of it if that is near enough. */
  approach(section: Section, at: Point): void {
    const whole = fitting(section.bounds, this.size, this.limits.most)
    const { x, y } = toPlan(this.view, this.size, at)
    this.glideTo(whole.scale >= SEATS_GOOD * 0.8 ? whole : { x, y, scale: SEATS_GOOD })
  }

  /** Brings a seat into view. */
  showSeat(seat: number): void {
    const { xs, ys } = this.board.plan
    const [x, y] = [xs[seat] ?? 0, ys[seat] ?? 0]
    const box = boxOf(this.view, this.size)
    const seen = x > box.left && x < box.right && y > box.top && y < box.bottom
    if (seen && this.view.scale >= SEATS_GOOD * 0.35) return
    const whole = fitting(sectionOf(this.board.plan, seat).bounds, this.size, this.limits.most)
    this.glideTo({ x, y, scale: Math.max(whole.scale, SEATS_GOOD) })
  }

  /** Requests a frame. */
  ask(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      this.#paint()
    })
  }

  #changed(changed: Changed): void {
    for (const tiles of [this.#tiles, this.#before]) {
      if (changed === 'all') tiles?.touchAll()
      else for (const seat of changed) tiles?.touch(seat)
    }
    this.ask()
  }

  #dropTiles(): void {
    this.#tiles = undefined
    this.#before = undefined
  }

  #paint(): void {
    this.#step()
    const context = contextOf(this.#canvas, { alpha: false })
    context.setTransform(1, 0, 0, 1, 0, 0)
    const box = boxOf(this.view, this.size)
    const complete = this.near ? this.#paintNear(context, box) : this.#paintFar(context, box)
    drawStage(context, this.board.plan, this.#palette, this.#stageWord, this.#place())
    if (this.#glide !== undefined || !complete) this.ask()
    if (complete && this.board.version !== undefined) this.onComplete()
  }

  #step(): void {
    const glide = this.#glide
    if (glide === undefined) return
    const part = Math.min(1, (performance.now() - glide.at) / GLIDE_MS)
    const eased = 1 - (1 - part) ** 3
    this.look(part === 1 ? glide.to : between(glide.from, glide.to, eased))
    if (part === 1) this.#glide = undefined
  }

  /** The plan's origin on the canvas, in whole pixels so that copies stay sharp. */
  #place() {
    const pitch = this.view.scale * this.#ratio
    const x = Math.round(this.#canvas.width / 2 - this.view.x * pitch)
    const y = Math.round(this.#canvas.height / 2 - this.view.y * pitch)
    return { x, y, pitch, ratio: this.#ratio }
  }

  #paintFar(context: Context2D, box: Box): boolean {
    this.#clear(context)
    this.#paintBlocks(context, box)
    drawBlockNames(context, this.board, this.#palette, box, this.#grade, this.#place())
    return true
  }

  #paintNear(context: Context2D, box: Box): boolean {
    const now = performance.now()
    const resting = this.#glide === undefined && now - this.#scaledAt > RESTED_MS
    const tiles = this.#tilesFor(resting)
    const exact = tiles.pitch === this.view.scale * this.#ratio
    const drawn = tiles.draw(box, now + BUDGET_MS)
    if (!drawn) this.#paintBefore(context, box)
    tiles.copy(context, box, this.#place(), this.#zoomOf(tiles))
    if (drawn) this.#before = undefined
    if (drawn && exact && resting) this.#drawAhead(tiles, box)
    return drawn && exact
  }

  /** Fills what the new tiles do not cover yet with blocks and the tiles of the previous scale. */
  #paintBefore(context: Context2D, box: Box): void {
    this.#clear(context)
    this.#paintBlocks(context, box)
    this.#before?.copy(context, box, this.#place(), this.#zoomOf(this.#before))
  }

  #tilesFor(resting: boolean): Tiles {
    const { scale } = this.view
    const known = this.#tiles
    const zoom = known === undefined ? Number.POSITIVE_INFINITY : this.#zoomOf(known)
    const rough = zoom > ROUGH || zoom < 1 / ROUGH
    if (known !== undefined && (zoom === 1 || !(rough || resting))) return known
    this.#before = known ?? this.#before
    this.#tiles = new Tiles(this.board, this.#palette, scale, this.#ratio, this.#grade)
    return this.#tiles
  }

  #zoomOf(tiles: Tiles): number {
    return (this.view.scale * this.#ratio) / tiles.pitch
  }

  #drawAhead(tiles: Tiles, box: Box): void {
    const [across, down] = [(box.right - box.left) * AHEAD, (box.bottom - box.top) * AHEAD]
    const { left, right, top, bottom } = this.limits.bounds
    const wide = {
      left: Math.max(box.left - across, left),
      right: Math.min(box.right + across, right),
      top: Math.max(box.top - down, top),
      bottom: Math.min(box.bottom + down, bottom),
    }
    if (!tiles.draw(wide, performance.now() + BUDGET_MS)) setTimeout(() => this.ask(), 0)
  }

  #paintBlocks(context: Context2D, box: Box): void {
    const { x, y, pitch } = this.#place()
    context.setTransform(pitch, 0, 0, pitch, x, y)
    drawBlocks(context, this.board, this.#palette, box, this.#grade)
    context.setTransform(1, 0, 0, 1, 0, 0)
  }

  #clear(context: Context2D): void {
    context.fillStyle = this.#palette.paper
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height)
  }
}

type Context2D = ReturnType<typeof contextOf>
