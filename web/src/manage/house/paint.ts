/** Paints a house while it is being built: single seats if there is room for them, or else sections as blocks. */
import { type Plan, ROW_PITCH, type Section } from '../../seats/geometry.ts'
import { type Palette, readable } from '../../seats/map/palette.ts'
import type { House } from './house.ts'

export interface Frame {
  width: number
  height: number
  scale: number
  left: number
  top: number
}

/** Pixels. Smaller seats would be specks. */
const SEAT_MIN = 4.5
const SEAT_MAX = 18
const MARGIN = 12
const HEIGHT_MAX = 460
const HEIGHT_MIN = 140

/** Fits the whole house into the width. */
export function placeOf({ bounds }: Plan, width: number): Frame {
  const [across, down] = [bounds.right - bounds.left, bounds.bottom - bounds.top]
  const scale = Math.min((width - 2 * MARGIN) / across, (HEIGHT_MAX - 2 * MARGIN) / down, SEAT_MAX)
  const height = Math.max(HEIGHT_MIN, down * scale + 2 * MARGIN)
  return {
    width,
    height,
    scale,
    left: width / 2 - ((bounds.left + bounds.right) / 2) * scale,
    top: height / 2 - ((bounds.top + bounds.bottom) / 2) * scale,
  }
}

interface Picture {
  plan: Plan
  house: House
  place: Frame
  palette: Palette
  /** Index of the section that is being edited. */
  chosen: number
  stageWord: string
}

export function paint(context: CanvasRenderingContext2D, picture: Picture): void {
  const { plan, place, palette, chosen } = picture
  context.clearRect(0, 0, place.width, place.height)
  paintStage(context, picture)
  if (place.scale >= SEAT_MIN) paintSeats(context, picture)
  else for (const section of plan.sections) paintBlock(context, picture, section)
  const section = plan.sections[chosen]
  if (section === undefined) return
  context.strokeStyle = palette.accent
  context.lineWidth = 2.5
  context.stroke(pathOf(section, place))
}

function paintStage(context: CanvasRenderingContext2D, { plan, place, palette, stageWord }: Picture): void {
  const { left, top, right, bottom } = plan.stage
  const [x, y] = [left * place.scale + place.left, top * place.scale + place.top]
  const [width, height] = [(right - left) * place.scale, (bottom - top) * place.scale]
  context.fillStyle = palette.line
  context.beginPath()
  context.roundRect(x, y, width, height, Math.min(6, height / 2))
  context.fill()
  paintWord(context, stageWord, { x: x + width / 2, y: y + height / 2, width, height }, palette.ink, palette.font)
}

function paintSeats(context: CanvasRenderingContext2D, { plan, house, place, palette }: Picture): void {
  const size = place.scale * 0.8
  context.lineWidth = 1
  for (const row of plan.rows) {
    const section = plan.sections[row.section]
    const depth = row.line - (section?.rows[0]?.line ?? 0)
    const kept = new Set(house.sections[row.section]?.rows[depth]?.kept)
    context.fillStyle = palette.grades[section?.grade ?? 0] ?? palette.ink
    context.strokeStyle = palette.lineStrong
    row.numbers.forEach((number, index) => {
      const x = (plan.xs[row.first + index] ?? 0) * place.scale + place.left - size / 2
      const y = (plan.ys[row.first + index] ?? 0) * place.scale + place.top - size / 2
      context.beginPath()
      context.roundRect(x, y, size, size, size * 0.28)
      if (kept.has(number)) context.stroke()
      else context.fill()
    })
  }
}

function paintBlock(context: CanvasRenderingContext2D, { place, palette }: Picture, section: Section): void {
  const ground = palette.grades[section.grade] ?? palette.ink
  context.fillStyle = ground
  context.fill(pathOf(section, place))
  const { left, top, right, bottom } = section.bounds
  const box = {
    x: ((left + right) / 2) * place.scale + place.left,
    y: ((top + bottom) / 2) * place.scale + place.top,
    width: (right - left) * place.scale,
    height: (bottom - top) * place.scale,
  }
  paintWord(context, section.name, box, readable(ground, palette.ink, palette.card), palette.font)
}

interface SectionBox {
  x: number
  y: number
  width: number
  height: number
}

/** Writes into the middle of a box, if the word fits. */
function paintWord(context: CanvasRenderingContext2D, word: string, box: SectionBox, ink: string, font: string): void {
  context.font = `600 11px ${font}`
  if (box.height < 13 || context.measureText(word).width > box.width - 4) return
  context.fillStyle = ink
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(word, box.x, box.y)
}

function pathOf({ outline }: Section, { scale, left, top }: Frame): Path2D {
  const path = new Path2D()
  for (let point = 0; point < outline.length; point += 2) {
    path.lineTo((outline[point] ?? 0) * scale + left, (outline[point + 1] ?? 0) * scale + top)
  }
  path.closePath()
  return path
}

/** A point of the picture in the plan's units, with the reach of a click. */
export function planPointAt(
  { scale, left, top }: Frame,
  x: number,
  y: number,
): { x: number; y: number; reach: number } {
  return { x: (x - left) / scale, y: (y - top) / scale, reach: ROW_PITCH }
}
