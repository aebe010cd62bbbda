/** Paints a house on a canvas, frame by frame, and only when something visible has changed. */
import type { Box } from '../boxes.ts'
import { turnedBox } from '../boxes.ts'
import { type Section, sectionOf } from '../geometry.ts'
import { type Context, contextOf } from './canvas.ts'
import { readPalette } from './palette.ts'
import type { Painted } from './picture.ts'
import { type MapWords, SEATS_FROM, type Style } from './style.ts'
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
  rotated,
  type Size,
  toPlan,
  toWindow,
  upright,
  type View,
  zoomed,
} from './viewport.ts'

/** The size of seats after zooming to a section, in CSS pixels: large enough for a finger. */
export const SEATS_GOOD = 26
const RATIO_MAX = 2
const GLIDE_MS = 280
/** How long until a scale counts as settled. */
const RESTED_MS = 90
/** Beyond this ratio, tiles of another scale look too rough to wait for the end of a gesture. */
const ROUGH = 1.9
/** The part of each frame for drawing tiles; nothing moves yet in the first. */
const BUDGET_MS = 5
const FIRST_BUDGET_MS = 60
const PATIENT_MS = 150
/** A view that is larger than the whole house by this factor shows a part of it. */
const PART = 1.5
/** The margin of tiles around the view that is drawn when idle. */
const AHEAD = 0.5

/** What is drawn above the house, or below it, in each frame. The context takes the plan's metres. */
export type Layer = (context: Context, frame: { zoom: number; ratio: number; view: View; size: Size }) => void

export class Scene {
  view: View = { x: 0, y: 0, scale: 1, turn: 0 }
  size: Size = { width: 0, height: 0 }
  limits: Limits
  /** Called after each complete frame; after the first the map is ready. */
  onComplete: () => void = () => {}
  /** Called when the view has changed. */
  onView: () => void = () => {}
  /** Drawn above the house, such as what is selected. */
  overlay: Layer | undefined
  readonly #canvas: HTMLCanvasElement
  readonly #words: MapWords
  #board: Painted
  #underlay: Layer | undefined
  #style: Style
  #tiles: Tiles | undefined
  #before: Tiles | undefined
  #scaledAt = 0
  #glide: { from: View; to: View; at: number } | undefined
  #frame: number | undefined
  #fitted = true
  #first = true
  #timer: ReturnType<typeof setTimeout> | undefined
  /** The house is not painted twice if the states of its places come at once. */
  readonly #patientUntil = performance.now() + PATIENT_MS

  constructor(canvas: HTMLCanvasElement, board: Painted, words: MapWords) {
    this.#board = board
    this.#canvas = canvas
    this.#words = words
    this.#style = this.#styleOf(1, undefined)
    this.limits = this.#limits()
  }

  get board(): Painted {
    return this.#board
  }

  get style(): Style {
    return this.#style
  }

  close(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
    this.#dropTiles()
  }

  /** Shows another house in the same view, such as this one after a change; only a part of the plan if only that differs. */
  show(board: Painted, changed?: Box): void {
    const known = this.#tiles
    this.#board = board
    this.limits = this.#limits()
    if (changed === undefined || known === undefined) this.#dropTiles()
    else {
      this.#before = undefined
      this.#tiles = known.with(board)
      this.#tiles.touchBox(turnedBox(changed, this.#tiles.painter.turn))
    }
    this.ask()
  }

  /** What lies below the house, such as a picture to trace. */
  set underlay(layer: Layer | undefined) {
    this.#underlay = layer
    this.#style = { ...this.#style, clear: layer !== undefined }
    this.#dropTiles()
    this.ask()
  }

  resize(width: number, height: number): void {
    const ratio = Math.min(devicePixelRatio, RATIO_MAX)
    if (ratio !== this.#style.ratio) {
      this.#style = { ...this.#style, ratio }
      this.#dropTiles()
    }
    const before = this.size
    this.size = { width, height }
    this.limits = this.#limits()
    this.#canvas.width = Math.round(width * ratio)
    this.#canvas.height = Math.round(height * ratio)
    // Seats must not move under a finger when the bar below grows.
    const all = this.#whole()
    const refit = this.#fitted && !(this.near && this.view.scale <= all.scale && before.width === width)
    this.look(refit ? all : anchored(this.view, before, this.size))
    // Resizing empties a canvas, so it is painted again within the same frame.
    this.#paint()
  }

  /** Takes the colours of a new theme. */
  recolour(): void {
    this.#style = { ...this.#styleOf(this.#style.ratio, this.#style.only), clear: this.#style.clear }
    this.#dropTiles()
    this.ask()
  }

  /** The grade that is filtered for. */
  highlight(grade: number | undefined): void {
    if (grade === this.#style.only) return
    this.#style = { ...this.#style, only: grade }
    this.#dropTiles()
    this.ask()
  }

  /** Repaints places that changed, or all of them. */
  changed(changed: readonly number[] | 'all'): void {
    if (changed === 'all') this.#first = true
    for (const tiles of [this.#tiles, this.#before]) {
      if (changed === 'all') tiles?.touchAll()
      else for (const seat of changed) tiles?.touch(seat)
    }
    this.ask()
  }

  /** CSS pixels from seat to seat. */
  get pitch(): number {
    return this.view.scale * this.#board.plan.pitch
  }

  get near(): boolean {
    return this.pitch >= SEATS_FROM
  }

  /** Shows a view at once. */
  look(view: View): void {
    if (view.turn !== this.view.turn) this.limits = this.#limits(view.turn)
    const next = kept(view, this.size, this.limits)
    if (next.scale !== this.view.scale || next.turn !== this.view.turn) this.#scaledAt = performance.now()
    this.#fitted = next.scale === this.limits.least
    this.view = next
    this.onView()
    this.ask()
  }

  /** Glides to a view, unless the user prefers reduced motion. */
  glideTo(view: View): void {
    const to = kept(view, this.size, this.#limits(view.turn))
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.look(to)
    else this.#glide = { from: this.view, to, at: performance.now() }
    this.ask()
  }

  halt(): void {
    this.#glide = undefined
  }

  /** Shows the whole house, as it was drawn. */
  all(): void {
    this.glideTo(this.#whole(0))
  }

  /** Whether only a part of the house is shown. */
  get zoomedIn(): boolean {
    return this.view.scale > this.limits.least * PART
  }

  zoomBy(factor: number, at: Point = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    this.glideTo(zoomed(this.#glide?.to ?? this.view, this.size, this.limits, factor, at))
  }

  /** Turns around the middle of the window. */
  turnBy(turn: number): void {
    const { width, height } = this.size
    const from = this.#glide?.to ?? this.view
    const to = rotated(from, this.size, turn, { x: width / 2, y: height / 2 })
    const even = { ...to, turn: upright(to.turn) }
    this.glideTo(from.scale <= this.limits.least ? this.#whole(even.turn) : even)
  }

  toPlan(at: Point): Point {
    return toPlan(this.view, this.size, at)
  }

  toWindow(at: Point): Point {
    return toWindow(this.view, this.size, at)
  }

  /** Zooms to a section until its seats can be chosen, and shows all of it if that is near enough. */
  approach(section: Section, at: Point): void {
    const whole = fitting(section.bounds, this.size, this.limits.most, this.view.turn)
    const { x, y } = this.toPlan(at)
    const good = SEATS_GOOD / this.#board.plan.pitch
    this.glideTo(whole.scale >= good ? whole : { ...whole, x, y, scale: good })
  }

  /** Zooms in until the seats at a point can be chosen. */
  enlarge(at: Point): void {
    this.zoomBy(SEATS_GOOD / this.#board.plan.pitch / this.view.scale, at)
  }

  /** Brings a seat into view. */
  showSeat(seat: number): void {
    const { xs, ys } = this.#board.plan
    const point = { x: xs[seat] ?? 0, y: ys[seat] ?? 0 }
    const { x, y } = this.toWindow(point)
    const seen = x > 0 && x < this.size.width && y > 0 && y < this.size.height
    if (seen && this.pitch >= SEATS_GOOD * 0.35) return
    const section = sectionOf(this.#board.plan, seat)
    const whole = fitting(section.bounds, this.size, this.limits.most, this.view.turn)
    if (section.standing) {
      if (!seen) this.glideTo({ ...whole, scale: Math.min(whole.scale, Math.max(this.view.scale, this.limits.least)) })
      return
    }
    this.glideTo({ ...point, turn: this.view.turn, scale: Math.max(whole.scale, SEATS_GOOD / this.#board.plan.pitch) })
  }

  /** Requests a frame. */
  ask(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      this.#paint()
    })
  }

  #later(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.ask(), ms)
  }

  #styleOf(ratio: number, only: number | undefined): Style {
    const palette = readPalette(document.body, this.#board.plan.grades.length)
    return { palette, words: this.#words, ratio, only, clear: this.#underlay !== undefined }
  }

  #limits(turn = this.view.turn): Limits {
    const { bounds, pitch } = this.#board.plan
    return limitsOf(bounds, this.size, pitch, turn)
  }

  #whole(turn = this.view.turn): View {
    return fitting(this.#board.plan.bounds, this.size, this.limits.most, turn)
  }

  #dropTiles(): void {
    this.#tiles = undefined
    this.#before = undefined
  }

  #paint(): void {
    if (this.size.width === 0 || this.size.height === 0) return
    if (this.#board.version === undefined && performance.now() < this.#patientUntil) {
      this.#clear(contextOf(this.#canvas, { alpha: false }))
      this.#later(this.#patientUntil - performance.now())
      return
    }
    this.#step()
    const context = contextOf(this.#canvas, { alpha: false })
    context.setTransform(1, 0, 0, 1, 0, 0)
    const complete = this.#paintHouse(context)
    if (this.overlay !== undefined) this.#paintLayer(context, this.overlay)
    if (this.#glide !== undefined || !complete) this.ask()
    if (complete && this.#board.version !== undefined) this.onComplete()
  }

  #step(): void {
    const glide = this.#glide
    if (glide === undefined) return
    const part = Math.min(1, (performance.now() - glide.at) / GLIDE_MS)
    const eased = 1 - (1 - part) ** 3
    this.look(part === 1 ? glide.to : between(glide.from, glide.to, eased))
    if (part === 1) this.#glide = undefined
  }

  #paintHouse(context: Context): boolean {
    const now = performance.now()
    const resting = this.#glide === undefined && now - this.#scaledAt > RESTED_MS
    const tiles = this.#tilesFor(resting)
    const exact = this.#isExact(tiles)
    const { view } = this
    const box = tiles.painter.turn === view.turn ? boxOf(view, this.size) : this.#boxTurned(tiles.painter.turn)
    const drawn = tiles.draw(box, now + (this.#first ? FIRST_BUDGET_MS : BUDGET_MS))
    if (!drawn || !exact || this.#style.clear) this.#clear(context)
    if (this.#underlay !== undefined) this.#paintLayer(context, this.#underlay)
    if (!drawn && this.#before !== undefined) this.#copy(context, this.#before)
    this.#copy(context, tiles)
    if (drawn) this.#first = false
    if (drawn && exact) this.#before = undefined
    if (drawn && exact && resting) this.#drawAhead(tiles, box)
    return drawn && exact
  }

  #isExact(tiles: Tiles): boolean {
    return this.#zoomOf(tiles) === 1 && tiles.painter.turn === this.view.turn
  }

  #tilesFor(resting: boolean): Tiles {
    const { scale, turn } = this.view
    const known = this.#tiles
    const zoom = known === undefined ? Number.POSITIVE_INFINITY : this.#zoomOf(known)
    const rough = zoom > ROUGH || zoom < 1 / ROUGH
    if (known !== undefined && (this.#isExact(known) || !(rough || resting))) return known
    this.#before = known ?? this.#before
    this.#tiles = new Tiles(this.#board, this.#style, scale * this.#style.ratio, turn)
    return this.#tiles
  }

  #zoomOf(tiles: Tiles): number {
    return (this.view.scale * this.#style.ratio) / tiles.painter.zoom
  }

  #copy(context: Context, tiles: Tiles): void {
    const { view, size } = this
    const { turn } = tiles.painter
    const zoom = view.scale * this.#style.ratio
    const [width, height] = [this.#canvas.width, this.#canvas.height]
    if (turn === view.turn) {
      const { left, top } = boxOf(view, size)
      // Whole pixels, so that copies stay sharp.
      const origin = { x: Math.round(-left * zoom), y: Math.round(-top * zoom) }
      tiles.copy(context, boxOf(view, size), origin, this.#zoomOf(tiles))
      return
    }
    const centre = boxOf({ ...view, turn }, { width: 0, height: 0 })
    context.translate(width / 2, height / 2)
    context.rotate(view.turn - turn)
    tiles.copy(context, this.#boxTurned(turn), { x: -centre.left * zoom, y: -centre.top * zoom }, this.#zoomOf(tiles))
    context.setTransform(1, 0, 0, 1, 0, 0)
  }

  /** The visible part of the plan in the frame of another turn. */
  #boxTurned(turn: number): Box {
    return turnedBox(boxOf(this.view, this.size), turn - this.view.turn)
  }

  #drawAhead(tiles: Tiles, box: Box): void {
    const [across, down] = [(box.right - box.left) * AHEAD, (box.bottom - box.top) * AHEAD]
    const { left, right, top, bottom } = turnedBox(this.limits.bounds, tiles.painter.turn)
    const wide = {
      left: Math.max(box.left - across, left),
      right: Math.min(box.right + across, right),
      top: Math.max(box.top - down, top),
      bottom: Math.min(box.bottom + down, bottom),
    }
    if (!tiles.draw(wide, performance.now() + BUDGET_MS)) this.#later(0)
  }

  #paintLayer(context: Context, layer: Layer): void {
    const { ratio } = this.#style
    const zoom = this.view.scale * ratio
    const [a, b] = [zoom * Math.cos(this.view.turn), zoom * Math.sin(this.view.turn)]
    const { left, top } = boxOf(this.view, this.size)
    context.save()
    context.setTransform(a, b, -b, a, -left * zoom, -top * zoom)
    layer(context, { zoom, ratio, view: this.view, size: this.size })
    context.restore()
  }

  #clear(context: Context): void {
    context.fillStyle = this.#style.palette.paper
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height)
  }
}
