/** Paints any square of a house at one scale and turn: blocks from afar, then dots, then seats with their numbers. */
import { type Box, meets, turnedBox } from '../boxes.ts'
import { gradeOf, labelOf, type Row, type Section } from '../geometry.ts'
import { seatsNear } from '../grid.ts'
import { AVAILABLE, freeInPart, freeInSection } from '../states.ts'
import type { Context } from './canvas.ts'
import { drawDots } from './dots.ts'
import { crowdPattern, markOf, patternOf } from './marks.ts'
import { mixed, readable } from './palette.ts'
import { bandsOf, outlineOf } from './paths.ts'
import type { Painted } from './picture.ts'
import { paintShapes } from './shapes.ts'
import { Sprites } from './sprites.ts'
import { DOTS_FROM, NUMBERS_FROM, ROW_NAMES_FROM, SEATS_FROM, type Style } from './style.ts'
import { Writer } from './writer.ts'

/** The strength of a block with no free places, and with all free. */
const LEAST = 0.3
const MOST = 0.92
/** A standing area is paler than seats, whatever is free. */
const STANDING = 0.62
/** Round corners reach half of this beyond a block's outline, in metres. */
export const ROUNDING = 0.3
/** How wide rows of a grade are drawn from afar, in metres. */
const ROW_DEPTH = 0.92
/** How far a seat, and the name of its row, reach from the seat's middle, in metres. */
const REACH_M = 1.5
/** How far words reach beyond what they name, in CSS pixels. */
const REACH_WORDS = 90

/** A square of the canvas, in device pixels from the origin of the turned plan. */
export interface Place {
  left: number
  top: number
  width: number
  height: number
}

export class Painter {
  readonly turn: number
  /** Device pixels per metre. */
  readonly zoom: number
  readonly level: 'blocks' | 'dots' | 'seats'
  readonly #board: Painted
  readonly #style: Style
  /** CSS pixels from seat to seat. */
  readonly #pitch: number
  readonly #sin: number
  readonly #cos: number
  readonly #writer: Writer
  #sprites: Sprites | undefined

  constructor(board: Painted, style: Style, zoom: number, turn: number) {
    this.turn = turn
    this.zoom = zoom
    this.#board = board
    this.#style = style
    this.#pitch = (zoom / style.ratio) * board.plan.pitch
    this.level = this.#pitch < DOTS_FROM ? 'blocks' : this.#pitch < SEATS_FROM ? 'dots' : 'seats'
    this.#sin = Math.sin(turn)
    this.#cos = Math.cos(turn)
    this.#writer = new Writer(board.plan, style, zoom, turn)
  }

  /** The part of the plan that a change of a place can show in. */
  touchedBy(seat: number): Box {
    const { plan } = this.#board
    const section = plan.sections[plan.rows[plan.rowOf[seat] ?? 0]?.section ?? 0]
    const [x, y] = [plan.xs[seat] ?? 0, plan.ys[seat] ?? 0]
    if (section !== undefined && (this.level !== 'seats' || section.standing))
      return turnedBox(section.bounds, this.turn)
    const [u, v] = [x * this.#cos - y * this.#sin, x * this.#sin + y * this.#cos]
    const reach = plan.pitch
    return { left: u - reach, right: u + reach, top: v - reach, bottom: v + reach }
  }

  paint(context: Context, place: Place): void {
    const { palette, clear, ratio } = this.#style
    context.setTransform(1, 0, 0, 1, 0, 0)
    if (clear) context.clearRect(0, 0, place.width, place.height)
    else {
      context.fillStyle = palette.paper
      context.fillRect(0, 0, place.width, place.height)
    }
    const box = this.#boxOf(place, REACH_M)
    const near = (reach: Box) => this.#board.plan.sections.filter(section => meets(section.bounds, reach))
    const sections = near(box)
    this.#plane(context, place)
    paintShapes(context, this.#board.plan.shapes, this.#style, this.zoom, box)
    for (const section of sections) this.#ground(context, section)
    context.setTransform(1, 0, 0, 1, 0, 0)
    if (this.level !== 'blocks') this.#places(context, place, box)
    context.setTransform(1, 0, 0, 1, -place.left, -place.top)
    const wide = this.#boxOf(place, REACH_M + (REACH_WORDS * ratio) / this.zoom)
    this.#words(context, near(wide), wide)
  }

  /** Lets the context take the plan's metres. */
  #plane(context: Context, { left, top }: Place): void {
    const [a, b] = [this.zoom * this.#cos, this.zoom * this.#sin]
    context.setTransform(a, b, -b, a, -left, -top)
  }

  /** The box of the unturned plan around a square and what reaches into it. */
  #boxOf({ left, top, width, height }: Place, reach: number): Box {
    const turned = {
      left: left / this.zoom - reach,
      top: top / this.zoom - reach,
      right: (left + width) / this.zoom + reach,
      bottom: (top + height) / this.zoom + reach,
    }
    return turnedBox(turned, -this.turn)
  }

  #ground(context: Context, section: Section): void {
    const { palette, ratio } = this.#style
    const outline = outlineOf(section)
    const blocks = this.level === 'blocks'
    const colour = this.groundOf(section)
    context.lineJoin = 'round'
    context.fillStyle = colour
    context.fill(outline)
    if (section.standing) {
      this.#standing(context, section, outline)
      return
    }
    if (blocks && section.parts.length > 1) this.#bands(context, section)
    if (blocks) this.#pattern(context, outline, markOf(section.grade, palette.forced), section.parts.length > 1)
    // From afar a thin line keeps sections apart that almost touch; nearer, their corners are round.
    context.strokeStyle = blocks ? palette.paper : colour
    context.lineWidth = blocks ? (1.1 * ratio) / this.zoom : ROUNDING
    context.stroke(outline)
  }

  #bands(context: Context, section: Section): void {
    const { palette } = this.#style
    context.save()
    context.clip(outlineOf(section))
    context.lineWidth = ROW_DEPTH
    for (const index of section.parts) {
      const part = this.#board.plan.parts[index]
      if (part === undefined) continue
      const free = freeInPart(this.#board.counts, index)
      context.strokeStyle = this.#strength(part.grade, free, part.seats)
      if (part.grade !== section.grade || context.strokeStyle !== palette.sunk)
        context.stroke(bandsOf(this.#board.plan, index))
    }
    context.restore()
  }

  #pattern(context: Context, outline: Path2D, mark: number, bands: boolean): void {
    if (mark === 0 || bands) return
    const { palette, ratio } = this.#style
    const pattern = patternOf(context, mark, ratio, palette.paper)
    if (pattern === null) return
    this.#fillOnPixels(context, outline, pattern, 0.6)
  }

  #standing(context: Context, section: Section, outline: Path2D): void {
    const { palette, ratio } = this.#style
    const colour = palette.grades[section.grade] ?? palette.ink
    const open = freeInSection(this.#board.counts, section.index) > 0 && !this.#isFaint(section.grade)
    const pattern = crowdPattern(context, ratio, open ? colour : palette.lineStrong)
    if (pattern !== null) this.#fillOnPixels(context, outline, pattern, open ? 0.34 : 0.25)
    this.#pattern(context, outline, markOf(section.grade, palette.forced), false)
    context.strokeStyle = open ? colour : palette.lineStrong
    context.lineWidth = (1.6 * ratio) / this.zoom
    context.stroke(outline)
  }

  /** Fills with a pattern that has the size of pixels, not of metres, and stays in place from tile to tile. */
  #fillOnPixels(context: Context, outline: Path2D, pattern: CanvasPattern, alpha: number): void {
    const { a, b, e, f } = context.getTransform()
    // The inverse of the plane without its shift: the pattern then counts from the plan's origin.
    pattern.setTransform(new DOMMatrix([a, b, -b, a, 0, 0]).inverse())
    context.save()
    context.globalAlpha = alpha
    context.fillStyle = pattern
    context.setTransform(a, b, -b, a, e, f)
    context.fill(outline)
    context.restore()
  }

  /** The colour below a section's places. */
  groundOf(section: Section): string {
    const { palette } = this.#style
    if (this.level !== 'blocks' && !section.standing) return mixed(palette.paper, palette.sunk, 0.8)
    const strength = this.#strength(section.grade, freeInSection(this.#board.counts, section.index), section.seats)
    return section.standing ? mixed(palette.paper, strength, STANDING * 0.6) : strength
  }

  #strength(grade: number, free: number, seats: number): string {
    const { palette } = this.#style
    if (free === 0 || this.#isFaint(grade)) return palette.sunk
    return mixed(
      palette.paper,
      palette.grades[grade] ?? palette.ink,
      LEAST + (MOST - LEAST) * (free / Math.max(seats, 1)),
    )
  }

  #isFaint(grade: number): boolean {
    return this.#style.only !== undefined && this.#style.only !== grade
  }

  #places(context: Context, place: Place, box: Box): void {
    if (this.level === 'dots') {
      drawDots(context, this.#board, this.#style, { ...place, zoom: this.zoom, sin: this.#sin, cos: this.#cos }, box)
      return
    }
    this.#sprites ??= new Sprites(this.#style.palette, this.zoom * this.#board.plan.pitch, this.#style.ratio)
    const { plan, states, mine } = this.#board
    const sprites = this.#sprites
    const reach = sprites.side
    const numbered: number[] = []
    seatsNear(plan, box, seat => {
      const [x, y] = this.#pixelOf(seat, place)
      if (x < -reach || y < -reach || x > place.width + reach || y > place.height + reach) return
      const [state, grade] = [states[seat] ?? 0, gradeOf(plan, seat)]
      const kind = plan.special.size === 0 ? undefined : plan.special.get(seat)?.kind
      const faint = this.#isFaint(grade)
      const isMine = mine.has(seat)
      sprites.draw(context, { state, mine: isMine, grade, kind, faint }, x, y, (plan.turns[seat] ?? 0) + this.turn)
      const plain = kind === undefined || kind === 'restricted_view'
      if (state === AVAILABLE && !isMine && !faint && plain) numbered.push(seat)
    })
    if (this.#pitch >= NUMBERS_FROM) this.#numbers(context, place, numbered)
  }

  #numbers(context: Context, place: Place, seats: readonly number[]): void {
    const { plan } = this.#board
    const size = this.zoom * plan.pitch
    this.#writer.font(context, 0.36 * size, this.#style.palette.card)
    for (const seat of seats) {
      const [x, y] = this.#pixelOf(seat, place)
      context.fillText(String(labelOf(plan, seat)), x, y + size * 0.02, size * 0.74)
    }
  }

  #pixelOf(seat: number, { left, top }: Place): [number, number] {
    const { xs, ys } = this.#board.plan
    const [x, y] = [xs[seat] ?? 0, ys[seat] ?? 0]
    return [(x * this.#cos - y * this.#sin) * this.zoom - left, (x * this.#sin + y * this.#cos) * this.zoom - top]
  }

  #words(context: Context, sections: readonly Section[], box: Box): void {
    const { plan, counts, version } = this.#board
    this.#writer.shapes(context, plan.shapes, box)
    for (const section of sections) {
      const free = version === undefined ? undefined : freeInSection(counts, section.index)
      if (section.standing || this.level !== 'seats') this.#writer.section(context, section, free, this.#inkOn(section))
      else this.#rowNames(context, section, box)
    }
  }

  #inkOn(section: Section): { ink: string; halo: string | undefined } {
    const { palette } = this.#style
    if (this.level === 'dots' && !section.standing) return { ink: palette.ink, halo: palette.paper }
    return { ink: readable(this.groundOf(section), palette.ink, palette.paper), halo: undefined }
  }

  /** Names rows at both ends, and the section in front of its first row. */
  #rowNames(context: Context, section: Section, box: Box): void {
    const [first] = section.rows
    if (first !== undefined) this.#writer.inFront(context, this.#board.plan, section, first)
    if (this.#pitch < ROW_NAMES_FROM) return
    for (const row of section.rows) {
      if (this.#isNear(row, box)) this.#writer.rowEnds(context, this.#board.plan, row)
    }
  }

  #isNear({ first, seats }: Row, box: Box): boolean {
    const { xs, ys } = this.#board.plan
    const isIn = (seat: number) => {
      const [x, y] = [xs[seat] ?? 0, ys[seat] ?? 0]
      return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
    }
    return isIn(first) || isIn(first + seats - 1)
  }
}
