/** Draws sections: blocks from afar, rows as lines nearer, and seats nearer still. */

import { mixed, readable } from '../../../seats/map/palette.ts'
import { labelAt } from '../model/names.ts'
import { DEPTH_M, type Place, type Shape } from '../model/plan.ts'
import { type Box, type Camera, meets, type Point } from './camera.ts'
import type { DrawnRow, DrawnSection } from './drawn.ts'
import type { Look } from './look.ts'
import { drawSymbol } from './symbols.ts'

type Context = CanvasRenderingContext2D

/** Pixels from seat to seat. */
const LINES_FROM = 2
export const SEATS_FROM = 4.5
const ROW_NAMES_FROM = 12
const NUMBERS_FROM = 18
const ROUND_FROM = 6

export interface Ground {
  context: Context
  camera: Camera
  /** The visible part of the house. */
  box: Box
  look: Look
}

/** Draws a section, in metres: the context is scaled by the camera. */
export function drawSection(
  ground: Ground,
  section: DrawnSection,
  special: ReadonlyMap<number, Place> | undefined,
): void {
  const { box, camera, look } = ground
  if (!meets(grown(section.bounds, 2), box)) return
  if (section.plan.kind === 'standing') {
    drawStanding(ground, section)
    return
  }
  const narrow = section.rows.reduce((least, row) => Math.min(least, row.pitch), Infinity) * camera.scale
  if (narrow < LINES_FROM) {
    drawBlock(ground, section, special)
    return
  }
  fillOutline(ground, section, look.ground(section.plan.grade, 0.13))
  if (narrow < SEATS_FROM) drawLines(ground, section)
  else drawSeats(ground, section, special)
}

function drawBlock(ground: Ground, section: DrawnSection, special: ReadonlyMap<number, Place> | undefined): void {
  const { look } = ground
  fillOutline(ground, section, look.ground(section.plan.grade, 0.85))
  const isMixed = special !== undefined || section.rows.some(row => row.grade !== section.plan.grade)
  if (isMixed) drawLines(ground, section, DEPTH_M)
}

function drawStanding({ context, camera, look }: Ground, section: DrawnSection): void {
  const colour = look.ground(section.plan.grade, 0.3)
  context.fillStyle = colour
  trace(context, section.outline)
  context.fill()
  context.setLineDash([6 / camera.scale, 4 / camera.scale])
  context.lineWidth = 1.5 / camera.scale
  context.strokeStyle = look.grade(section.plan.grade)
  context.stroke()
  context.setLineDash([])
}

function fillOutline({ context }: Ground, section: DrawnSection, colour: string): void {
  context.fillStyle = colour
  trace(context, section.outline)
  context.fill()
}

export function trace(context: Context, outline: ArrayLike<number>): void {
  context.beginPath()
  for (let corner = 0; corner < outline.length; corner += 2)
    context.lineTo(outline[corner] ?? 0, outline[corner + 1] ?? 0)
  context.closePath()
}

/** Rows as lines, broken at their aisles. */
function drawLines({ context, look, box }: Ground, { rows, xs, ys }: DrawnSection, width?: number): void {
  context.lineCap = 'butt'
  for (const row of rows) {
    if (!meets(grown(row.bounds, 1), box)) continue
    context.strokeStyle = look.grade(row.grade)
    context.lineWidth = width ?? row.pitch * 0.72
    context.beginPath()
    const aisles = new Set(row.row.aisles)
    for (let seat = 0; seat < row.seats; seat++) {
      const [x, y] = [xs[row.first + seat] ?? 0, ys[row.first + seat] ?? 0]
      if (seat === 0 || aisles.has(seat)) context.moveTo(x - (row.seats === 1 ? row.pitch / 2 : 0), y)
      else context.lineTo(x, y)
      if (row.seats === 1) context.lineTo(x + row.pitch / 2, y)
    }
    context.stroke()
  }
}

function drawSeats(ground: Ground, section: DrawnSection, special: ReadonlyMap<number, Place> | undefined): void {
  const { context, camera, look, box } = ground
  const { xs, ys } = section
  for (const row of section.rows) {
    if (!meets(grown(row.bounds, 1), box)) continue
    const kept = new Set(row.row.not_for_sale?.map(place => row.first + place - 1))
    const size = row.pitch * 0.8
    const round = row.pitch * camera.scale >= ROUND_FROM
    context.fillStyle = look.grade(row.grade)
    // One path for the row: it is filled many times faster than each seat by itself.
    context.beginPath()
    for (let seat = row.first; seat < row.first + row.seats; seat++) {
      if (kept.has(seat) || special?.has(seat)) continue
      const [x, y] = [xs[seat] ?? 0, ys[seat] ?? 0]
      if (x < box.left - 1 || x > box.right + 1) continue
      if (round) {
        context.moveTo(x + size / 2, y)
        context.arc(x, y, size / 2, 0, 2 * Math.PI)
      } else {
        context.rect(x - size / 2, y - size / 2, size, size)
      }
    }
    context.fill()
    for (const seat of kept) if (!special?.has(seat)) drawSpecial(ground, section, row, seat, { kind: 'house' })
  }
  for (const [seat, place] of special ?? []) {
    const row = rowAt(section.rows, seat)
    if (row !== undefined && meets(grown(row.bounds, 1), box)) drawSpecial(ground, section, row, seat, place)
  }
}

function drawSpecial(
  { context, look }: Ground,
  { xs, ys }: DrawnSection,
  row: DrawnRow,
  seat: number,
  place: Place,
): void {
  const at = { x: xs[seat] ?? 0, y: ys[seat] ?? 0 }
  drawSymbol(context, at, row.pitch * 0.42, place.kind, look.grade(place.grade ?? row.grade), look.palette)
}

function rowAt(rows: readonly DrawnRow[], seat: number): DrawnRow | undefined {
  return rows.find(row => seat >= row.first && seat < row.first + row.seats)
}

/** Draws names and numbers, in pixels. */
export function drawWords(ground: Ground, section: DrawnSection, toScreen: (at: Point) => Point): void {
  const { box, camera, look } = ground
  if (!meets(grown(section.bounds, 2), box)) return
  const pitch = section.rows.reduce((least, row) => Math.min(least, row.pitch), Infinity) * camera.scale
  const across = (section.bounds.right - section.bounds.left) * camera.scale
  if (section.plan.kind === 'standing' || pitch < SEATS_FROM) {
    drawName(ground, section, across, toScreen)
    return
  }
  drawFrontName(ground, section, toScreen)
  if (pitch >= ROW_NAMES_FROM) drawRowNames(ground, section, toScreen)
  if (pitch >= NUMBERS_FROM) drawNumbers(ground, section, toScreen, look)
}

function drawName(
  { context, camera, look }: Ground,
  section: DrawnSection,
  across: number,
  toScreen: (at: Point) => Point,
) {
  const { plan, middle } = section
  const size = Math.min(16, across * 0.34, (across * 1.4) / Math.max(plan.section.length, 1))
  if (size < 7) return
  const at = toScreen(middle)
  const strong = plan.kind === 'seats' && section.rows.every(row => row.pitch * camera.scale < LINES_FROM)
  const ground = look.ground(plan.grade, strong ? 0.85 : 0.3)
  write(
    context,
    look,
    plan.section,
    at,
    size,
    strong ? readable(ground, look.palette.ink, look.palette.paper) : look.palette.ink,
  )
  if (plan.kind !== 'standing' || size < 11) return
  const small = Math.max(10, size * 0.75)
  const text = look.standing(plan.capacity)
  context.font = `500 ${small}px ${look.palette.font}`
  if (context.measureText(text).width > across - 8) return
  write(context, look, text, { x: at.x, y: at.y + size * 1.15 }, small, look.palette.ink, 500)
}

/** In front of the first row. */
function drawFrontName(
  { context, camera, look }: Ground,
  { plan }: DrawnSection,
  toScreen: (at: Point) => Point,
): void {
  if (plan.kind !== 'seats') return
  const turn = (plan.turn_deg * Math.PI) / 180
  const away = 0.85
  const at = toScreen({ x: plan.at.x + away * Math.sin(turn), y: plan.at.y - away * Math.cos(turn) })
  write(context, look, plan.section, at, Math.min(15, Math.max(10, camera.scale * 0.5)), look.palette.ink)
}

function drawRowNames(
  { context, camera, look, box }: Ground,
  { rows, xs, ys }: DrawnSection,
  toScreen: (at: Point) => Point,
) {
  context.fillStyle = look.palette.inkSoft
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const row of rows) {
    if (!meets(grown(row.bounds, 2), box)) continue
    context.font = `600 ${Math.min(12, Math.round(row.pitch * camera.scale * 0.55))}px ${look.palette.font}`
    const last = row.first + row.seats - 1
    for (const [seat, next] of [
      [row.first, Math.min(row.first + 1, last)],
      [last, Math.max(last - 1, row.first)],
    ] as const) {
      const [dx, dy] = [(xs[seat] ?? 0) - (xs[next] ?? 0), (ys[seat] ?? 0) - (ys[next] ?? 0)]
      const length = Math.hypot(dx, dy) || 1
      const out = row.pitch * 1.15
      const at = toScreen({ x: (xs[seat] ?? 0) + (dx / length) * out, y: (ys[seat] ?? 0) + (dy / length) * out })
      if (dx !== 0 || dy !== 0) context.fillText(row.name, at.x, at.y)
    }
  }
}

function drawNumbers(
  { context, camera, box }: Ground,
  section: DrawnSection,
  toScreen: (at: Point) => Point,
  look: Look,
): void {
  context.fillStyle = look.palette.paper
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const row of section.rows) {
    if (!meets(grown(row.bounds, 1), box)) continue
    // Setting a font costs more than a number does.
    context.font = `700 ${Math.min(12, Math.round(row.pitch * camera.scale * 0.36))}px ${look.palette.font}`
    const kept = new Set(row.row.not_for_sale)
    for (let place = 0; place < row.seats; place++) {
      const seat = row.first + place
      const [x, y] = [section.xs[seat] ?? 0, section.ys[seat] ?? 0]
      if (x < box.left || x > box.right || y < box.top || y > box.bottom || kept.has(place + 1)) continue
      if (look.isMarked(section.plan.section, seat)) continue
      const at = toScreen({ x, y })
      context.fillText(labelAt(row.row, place), at.x, at.y)
    }
  }
}

/** Draws the stage, the field, walls, doors and words. In metres. */
export function drawShape({ context, camera, look }: Ground, shape: Shape): void {
  const outline = shape.outline?.flatMap(([x, y]) => [shape.at.x + x, shape.at.y + y]) ?? []
  if (outline.length === 0) return
  const { palette } = look
  trace(context, outline)
  if (shape.kind === 'stage' || shape.kind === 'field') {
    const green = mixed(palette.paper, look.field, 0.22)
    context.fillStyle = shape.kind === 'stage' ? mixed(palette.sunk, palette.ink, 0.14) : green
    context.fill()
  } else if (shape.kind === 'wall') {
    context.fillStyle = mixed(palette.sunk, palette.ink, 0.32)
    context.fill()
  } else if (shape.kind === 'door') {
    context.fillStyle = palette.card
    context.fill()
  }
  context.lineWidth = (shape.kind === 'door' ? 2 : 1) / camera.scale
  context.strokeStyle = shape.kind === 'door' ? palette.accent : mixed(palette.sunk, palette.ink, 0.35)
  context.stroke()
}

export function drawShapeWord(ground: Ground, shape: Shape, middle: Point, toScreen: (at: Point) => Point): void {
  const { context, camera, look } = ground
  const text = shape.text ?? look.shapeWord(shape.kind)
  if (text === undefined) return
  const size = Math.min(18, Math.max(9, camera.scale * (shape.kind === 'stage' ? 1.1 : 0.9)))
  if (shape.text === undefined && camera.scale < 3) return
  write(context, look, text, toScreen(middle), size, look.palette.ink, shape.kind === 'text' ? 600 : 700)
}

function write(
  context: Context,
  look: Look,
  text: string,
  at: Point,
  size: number,
  colour: string,
  weight = 700,
): void {
  context.font = `${weight} ${size}px ${look.palette.font}`
  context.fillStyle = colour
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(text, at.x, at.y)
}

function grown({ left, right, top, bottom }: Box, by: number): Box {
  return { left: left - by, right: right + by, top: top - by, bottom: bottom + by }
}
