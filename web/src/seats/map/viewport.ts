/** The visible part of the plan: the point in the middle of the canvas, and the width of a seat in pixels. */
import type { Box } from '../geometry.ts'

export interface View {
  x: number
  y: number
  /** Pixels per unit. */
  scale: number
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

export function toPlan(view: View, size: Size, at: Point): Point {
  return { x: view.x + (at.x - size.width / 2) / view.scale, y: view.y + (at.y - size.height / 2) / view.scale }
}

export function boxOf(view: View, size: Size): Box {
  const [across, down] = [size.width / 2 / view.scale, size.height / 2 / view.scale]
  return { left: view.x - across, right: view.x + across, top: view.y - down, bottom: view.y + down }
}

/** Fits a box into the window. */
export function fitting(box: Box, size: Size, most = NEAREST): View {
  const across = Math.max(size.width - 2 * PADDING.side, 1) / Math.max(box.right - box.left, 1)
  const down = Math.max(size.height - PADDING.top - PADDING.bottom, 1) / Math.max(box.bottom - box.top, 1)
  const scale = Math.min(across, down, most)
  const lower = (PADDING.bottom - PADDING.top) / 2 / scale
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 + lower, scale }
}

/** Bounds the scale between the whole house and single seats. */
export function limitsOf(bounds: Box, size: Size): Limits {
  const least = fitting(bounds, size).scale
  return { bounds, least, most: Math.max(NEAREST, least) }
}

/** Zooms around the point under the finger. */
export function zoomed(view: View, size: Size, limits: Limits, factor: number, at: Point): View {
  const scale = Math.min(Math.max(view.scale * factor, limits.least), limits.most)
  const fixed = toPlan(view, size, at)
  const x = fixed.x - (at.x - size.width / 2) / scale
  const y = fixed.y - (at.y - size.height / 2) / scale
  return { x, y, scale }
}

export function panned(view: View, by: Point): View {
  return { ...view, x: view.x - by.x / view.scale, y: view.y - by.y / view.scale }
}

/** Keeps the view in place, from the upper left, when the window's size changes. */
export function anchored(view: View, before: Size, after: Size): View {
  const x = view.x + (after.width - before.width) / 2 / view.scale
  const y = view.y + (after.height - before.height) / 2 / view.scale
  return { ...view, x, y }
}

/** Pans and zooms as two fingers move. */
export function pinched(view: View, size: Size, limits: Limits, before: [Point, Point], after: [Point, Point]): View {
  const [from, to] = [middleOf(before), middleOf(after)]
  const moved = panned(view, { x: to.x - from.x, y: to.y - from.y })
  const factor = Math.max(distanceOf(after), 1) / Math.max(distanceOf(before), 1)
  return zoomed(moved, size, limits, factor, to)
}

/** Keeps the house in the window, and all of it where it fits. */
export function kept(view: View, size: Size, { bounds, least, most }: Limits): View {
  const scale = Math.min(Math.max(view.scale, least), most)
  const across = (size.width / 2 - PADDING.side) / scale
  const up = (size.height / 2 - PADDING.top) / scale
  const down = (size.height / 2 - PADDING.bottom) / scale
  return {
    x: within(view.x, bounds.left, bounds.right, across, across),
    y: within(view.y, bounds.top, bounds.bottom, up, down),
    scale,
  }
}

/** A view between two others; the scale changes evenly. */
export function between(from: View, to: View, part: number): View {
  const scale = from.scale * (to.scale / from.scale) ** part
  // The middle moves with the visible size, so that the target stays in view.
  const even = from.scale === to.scale ? part : (1 / scale - 1 / from.scale) / (1 / to.scale - 1 / from.scale)
  return { x: from.x + (to.x - from.x) * even, y: from.y + (to.y - from.y) * even, scale }
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
