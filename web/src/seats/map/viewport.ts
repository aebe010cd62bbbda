/** The camera: the point of the plan in the middle of the canvas, how large a unit is there, and how far the plan is turned. */
import { type Box, turnedBox } from '../boxes.ts'

export interface View {
  x: number
  y: number
  /** Pixels per unit. */
  scale: number
  /** Radians, clockwise. */
  turn: number
}

export interface Size {
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
}

export interface Limits {
  bounds: Box
  least: number
  most: number
}

/** The nearest zoom. */
const NEAREST = 44
/** The margin in pixels; the buttons are below. */
const PADDING = { side: 16, top: 16, bottom: 66 }

/** The point of the plan that is shown at a point of the window. */
export function toPlan(view: View, size: Size, at: Point): Point {
  const by = turned({ x: (at.x - size.width / 2) / view.scale, y: (at.y - size.height / 2) / view.scale }, -view.turn)
  return { x: view.x + by.x, y: view.y + by.y }
}

/** Where a point of the plan is shown. */
export function toWindow(view: View, size: Size, at: Point): Point {
  const by = turned({ x: at.x - view.x, y: at.y - view.y }, view.turn)
  return { x: size.width / 2 + by.x * view.scale, y: size.height / 2 + by.y * view.scale }
}

/** The visible part of the plan, once the plan is turned about its origin. */
export function boxOf(view: View, size: Size): Box {
  const { x, y } = turned(view, view.turn)
  const [across, down] = [size.width / 2 / view.scale, size.height / 2 / view.scale]
  return { left: x - across, right: x + across, top: y - down, bottom: y + down }
}

export function turned({ x, y }: Point, turn: number): Point {
  if (turn === 0) return { x, y }
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)]
  return { x: x * cos - y * sin, y: x * sin + y * cos }
}

/** Fits a box into the window. */
export function fitting(bounds: Box, size: Size, most = NEAREST, turn = 0): View {
  const box = turnedBox(bounds, turn)
  const across = Math.max(size.width - 2 * PADDING.side, 1) / Math.max(box.right - box.left, 1)
  const down = Math.max(size.height - PADDING.top - PADDING.bottom, 1) / Math.max(box.bottom - box.top, 1)
  const scale = Math.min(across, down, most)
  const lower = (PADDING.bottom - PADDING.top) / 2 / scale
  const middle = turned({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 + lower }, -turn)
  return { ...middle, scale, turn }
}

/** Bounds the scale between the whole house and single seats, which are `pitch` units wide. */
export function limitsOf(bounds: Box, size: Size, pitch = 1, turn = 0): Limits {
  const least = fitting(bounds, size, NEAREST / pitch, turn).scale
  return { bounds, least, most: Math.max(NEAREST / pitch, least) }
}

/** Zooms around the point under the finger. */
export function zoomed(view: View, size: Size, limits: Limits, factor: number, at: Point): View {
  const scale = Math.min(Math.max(view.scale * factor, limits.least), limits.most)
  return pinned({ ...view, scale }, size, toPlan(view, size, at), at)
}

/** Turns around a point of the window. */
export function rotated(view: View, size: Size, by: number, at: Point): View {
  return pinned({ ...view, turn: view.turn + by }, size, toPlan(view, size, at), at)
}

/** Moves the view so that a point of the plan is shown at a point of the window. */
function pinned(view: View, size: Size, point: Point, at: Point): View {
  const now = toPlan(view, size, at)
  return { ...view, x: view.x + point.x - now.x, y: view.y + point.y - now.y }
}

export function panned(view: View, by: Point): View {
  const { x, y } = turned(by, -view.turn)
  return { ...view, x: view.x - x / view.scale, y: view.y - y / view.scale }
}

/** Keeps the view in place, from the upper left, when the window's size changes. */
export function anchored(view: View, before: Size, after: Size): View {
  return panned(view, { x: (before.width - after.width) / 2, y: (before.height - after.height) / 2 })
}

/** Pans and zooms as two fingers move, and turns if asked to. */
export function pinched(
  view: View,
  size: Size,
  limits: Limits,
  before: [Point, Point],
  after: [Point, Point],
  turning = false,
): View {
  const [from, to] = [middleOf(before), middleOf(after)]
  const moved = panned(view, { x: to.x - from.x, y: to.y - from.y })
  const factor = Math.max(distanceOf(after), 1) / Math.max(distanceOf(before), 1)
  const next = zoomed(moved, size, limits, factor, to)
  return turning ? rotated(next, size, twist(before, after), to) : next
}

/** How far the line between two fingers has turned. */
export function twist(before: [Point, Point], after: [Point, Point]): number {
  const angle = ([a, b]: [Point, Point]) => Math.atan2(b.y - a.y, b.x - a.x)
  return upright(angle(after) - angle(before))
}

/** The same turn between −π and π. */
export function upright(turn: number): number {
  return turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI))
}

/** Keeps the house in the window, and all of it where it fits. */
export function kept(view: View, size: Size, { bounds, least, most }: Limits): View {
  const scale = Math.min(Math.max(view.scale, least), most)
  const across = (size.width / 2 - PADDING.side) / scale
  const up = (size.height / 2 - PADDING.top) / scale
  const down = (size.height / 2 - PADDING.bottom) / scale
  const box = turnedBox(bounds, view.turn)
  const { x, y } = turned(view, view.turn)
  const middle = { x: within(x, box.left, box.right, across, across), y: within(y, box.top, box.bottom, up, down) }
  return { ...turned(middle, -view.turn), scale, turn: view.turn }
}

/** A view between two others; the scale changes evenly. */
export function between(from: View, to: View, part: number): View {
  const scale = from.scale * (to.scale / from.scale) ** part
  // The middle moves with the visible size, so that the target stays in view.
  const even = from.scale === to.scale ? part : (1 / scale - 1 / from.scale) / (1 / to.scale - 1 / from.scale)
  const turn = from.turn + upright(to.turn - from.turn) * part
  return { x: from.x + (to.x - from.x) * even, y: from.y + (to.y - from.y) * even, scale, turn }
}

function within(at: number, low: number, high: number, before: number, after: number): number {
  const ends = [low + before, high - after]
  return Math.min(Math.max(at, Math.min(...ends)), Math.max(...ends))
}

function middleOf([a, b]: [Point, Point]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

function distanceOf([a, b]: [Point, Point]): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
