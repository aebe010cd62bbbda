/** What part of the house the canvas shows: the point in its middle in metres, and the pixels of a metre. */

export interface Camera {
  x: number
  y: number
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

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** From a house of a kilometre in a phone's window to a seat of a hand's width. */
const LEAST = 0.25
const MOST = 160
/** Pixels around a house that is fitted into the window. */
const PADDING = 48

export const NOWHERE: Box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }

export function toHouse(camera: Camera, size: Size, at: Point): Point {
  return { x: camera.x + (at.x - size.width / 2) / camera.scale, y: camera.y + (at.y - size.height / 2) / camera.scale }
}

export function toScreen(camera: Camera, size: Size, at: Point): Point {
  return { x: (at.x - camera.x) * camera.scale + size.width / 2, y: (at.y - camera.y) * camera.scale + size.height / 2 }
}

export function boxOf(camera: Camera, size: Size): Box {
  const [across, down] = [size.width / 2 / camera.scale, size.height / 2 / camera.scale]
  return { left: camera.x - across, right: camera.x + across, top: camera.y - down, bottom: camera.y + down }
}

/** Shows all of a box, but no seat larger than it helps. */
export function fitting(box: Box, size: Size, most = 60): Camera {
  if (box.left > box.right) return { x: 0, y: 10, scale: 24 }
  const across = Math.max(size.width - 2 * PADDING, 40) / Math.max(box.right - box.left, 1)
  const down = Math.max(size.height - 2 * PADDING, 40) / Math.max(box.bottom - box.top, 1)
  const scale = clamp(Math.min(across, down, most), LEAST, MOST)
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale }
}

export function panned(camera: Camera, by: Point): Camera {
  return { ...camera, x: camera.x - by.x / camera.scale, y: camera.y - by.y / camera.scale }
}

/** Zooms about the point under the finger. */
export function zoomed(camera: Camera, size: Size, factor: number, at: Point): Camera {
  const scale = clamp(camera.scale * factor, LEAST, MOST)
  const fixed = toHouse(camera, size, at)
  return { x: fixed.x - (at.x - size.width / 2) / scale, y: fixed.y - (at.y - size.height / 2) / scale, scale }
}

/** Pans and zooms as two fingers move. */
export function pinched(camera: Camera, size: Size, before: [Point, Point], after: [Point, Point]): Camera {
  const [from, to] = [middleOf(before), middleOf(after)]
  const moved = panned(camera, { x: to.x - from.x, y: to.y - from.y })
  return zoomed(moved, size, Math.max(distance(...after), 1) / Math.max(distance(...before), 1), to)
}

/** Moves as little as it needs until a box is in view. */
export function showing(camera: Camera, size: Size, box: Box): Camera {
  const shown = boxOf(camera, size)
  const margin = PADDING / camera.scale
  const larger = box.right - box.left > shown.right - shown.left - 2 * margin
  const higher = box.bottom - box.top > shown.bottom - shown.top - 2 * margin
  if (larger || higher) return fitting(box, size)
  const x = Math.min(box.left - margin - shown.left, 0) + Math.max(box.right + margin - shown.right, 0)
  const y = Math.min(box.top - margin - shown.top, 0) + Math.max(box.bottom + margin - shown.bottom, 0)
  return { ...camera, x: camera.x + x, y: camera.y + y }
}

export function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }
}

/** The box that two corners span. */
export function spanned(a: Point, b: Point): Box {
  return { left: Math.min(a.x, b.x), right: Math.max(a.x, b.x), top: Math.min(a.y, b.y), bottom: Math.max(a.y, b.y) }
}

export function meets(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top
}

export function isWithin(box: Box, x: number, y: number): boolean {
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** Whether a point lies inside an outline of alternating x and y. */
export function isInside(outline: ArrayLike<number>, x: number, y: number): boolean {
  let inside = false
  for (let at = 0, before = outline.length - 2; at < outline.length; before = at, at += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = [outline[at], outline[at + 1], outline[before], outline[before + 1]]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}

function middleOf([a, b]: [Point, Point]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
