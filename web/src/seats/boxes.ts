/** Boxes, and outlines as alternating x and y. */

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

export const EMPTY: Box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }

export function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }
}

export function boxAround(outline: ArrayLike<number>): Box {
  const box = { ...EMPTY }
  for (let at = 0; at + 1 < outline.length; at += 2) {
    const [x, y] = [outline[at] ?? 0, outline[at + 1] ?? 0]
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y)
  }
  return box
}

export function meets(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top
}

/** The box around a box that is turned about the origin. */
export function turnedBox({ left, top, right, bottom }: Box, turn: number): Box {
  if (turn === 0) return { left, top, right, bottom }
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)]
  const corners = [left, top, right, top, right, bottom, left, bottom]
  const turned: number[] = []
  for (let at = 0; at < corners.length; at += 2) {
    const [x, y] = [corners[at] ?? 0, corners[at + 1] ?? 0]
    turned.push(x * cos - y * sin, x * sin + y * cos)
  }
  return boxAround(turned)
}

/** Whether a point is inside an outline. */
export function contains(outline: ArrayLike<number>, x: number, y: number): boolean {
  let inside = false
  eachEdge(outline, (x0, y0, x1, y1) => {
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside
  })
  return inside
}

/** How far a point is from an outline's edges. */
export function distanceTo(outline: ArrayLike<number>, x: number, y: number): number {
  let least = Infinity
  eachEdge(outline, (x0, y0, x1, y1) => {
    const [dx, dy] = [x1 - x0, y1 - y0]
    const length = dx * dx + dy * dy
    const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length))
    least = Math.min(least, Math.hypot(x0 + part * dx - x, y0 + part * dy - y))
  })
  return least
}

export function eachEdge(
  outline: ArrayLike<number>,
  visit: (x0: number, y0: number, x1: number, y1: number) => void,
): void {
  const end = outline.length - 2
  for (let at = 0; at <= end; at += 2) {
    const before = at === 0 ? end : at - 2
    visit(outline[before] ?? 0, outline[before + 1] ?? 0, outline[at] ?? 0, outline[at + 1] ?? 0)
  }
}

/** How closely an outline is searched for its middle, each way. */
const SEARCHES = 24

/** A point inside an outline and far from its edges. */
export function insideOf(outline: ArrayLike<number>): { x: number; y: number } {
  const { left, top, right, bottom } = boxAround(outline)
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 }
  if (contains(outline, middle.x, middle.y)) {
    const least = Math.min(right - left, bottom - top) / 2
    if (distanceTo(outline, middle.x, middle.y) > least * 0.75) return middle
  }
  let [best, most] = [middle, 0]
  for (let row = 1; row < SEARCHES; row++) {
    for (let column = 1; column < SEARCHES; column++) {
      const x = left + ((right - left) * column) / SEARCHES
      const y = top + ((bottom - top) * row) / SEARCHES
      if (!contains(outline, x, y)) continue
      const distance = distanceTo(outline, x, y)
      // Of points that are as far from the edges, the first found is as good.
      if (distance > most + 1e-6) {
        most = distance
        best = { x, y }
      }
    }
  }
  return best
}
