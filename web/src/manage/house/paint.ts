/** Paints a house while it is being built, as a buyer's map does. */
import type { Plan } from '../../seats/geometry.ts'
import { contextOf } from '../../seats/map/canvas.ts'
import { Painter } from '../../seats/map/painter.ts'
import type { Palette } from '../../seats/map/palette.ts'
import { outlineOf } from '../../seats/map/paths.ts'
import { unsold } from '../../seats/map/picture.ts'
import type { MapWords } from '../../seats/map/style.ts'
import { AVAILABLE, NOT_FOR_SALE } from '../../seats/states.ts'
import type { House } from './house.ts'

export interface Frame {
  width: number
  height: number
  scale: number
  left: number
  top: number
}

const SEAT_MAX = 18
const MARGIN = 12
const HEIGHT_MAX = 460
const HEIGHT_MIN = 140
/** How far beside a section a click still means it, in metres. */
const REACH_M = 0.7

/** Fits the whole house into the width. */
export function placeOf({ bounds, pitch }: Plan, width: number): Frame {
  const [across, down] = [bounds.right - bounds.left, bounds.bottom - bounds.top]
  const scale = Math.min((width - 2 * MARGIN) / across, (HEIGHT_MAX - 2 * MARGIN) / down, SEAT_MAX / pitch)
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
  words: MapWords
  ratio: number
}

export function paint(canvas: HTMLCanvasElement, picture: Picture): void {
  const { plan, house, place, palette, chosen, words, ratio } = picture
  const context = contextOf(canvas)
  const zoom = place.scale * ratio
  const painter = new Painter(
    unsold(plan, statesOf(plan, house)),
    { palette, words, ratio, only: undefined, clear: true },
    zoom,
    0,
  )
  const [left, top] = [-place.left * ratio, -place.top * ratio]
  painter.paint(context, { left, top, width: canvas.width, height: canvas.height })
  const section = plan.sections[chosen]
  if (section === undefined) return
  context.setTransform(zoom, 0, 0, zoom, -left, -top)
  context.strokeStyle = palette.accent
  context.lineWidth = 2.5 / place.scale
  context.stroke(outlineOf(section))
}

/** Seats that the house keeps are not for sale. */
function statesOf(plan: Plan, house: House): Uint8Array {
  const states = new Uint8Array(plan.seatCount).fill(AVAILABLE)
  plan.sections.forEach((section, index) => {
    section.rows.forEach(({ first }, depth) => {
      for (const number of house.sections[index]?.rows[depth]?.kept ?? []) states[first + number - 1] = NOT_FOR_SALE
    })
  })
  return states
}

/** A point of the picture in the plan's units, with the reach of a click. */
export function planPointAt(
  { scale, left, top }: Frame,
  x: number,
  y: number,
): { x: number; y: number; reach: number } {
  return { x: (x - left) / scale, y: (y - top) / scale, reach: REACH_M }
}
