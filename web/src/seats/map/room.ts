/** Whether words fit into an outline. */
import { eachEdge } from '../boxes.ts'

/** How large words can be, and where. */
export interface Fit {
  /** The part of the wanted size at which they fit, at most 1. */
  part: number
  /** How far to the right of the point they stand. */
  shift: number
}

/** The free room around a point of an outline, once the plan is turned. */
export class Room {
  /** The outline around the point, turned: x and y in turn. */
  readonly #outline: Float32Array

  constructor(outline: ArrayLike<number>, at: { x: number; y: number }, turn: number) {
    const [sin, cos] = [Math.sin(turn), Math.cos(turn)]
    this.#outline = new Float32Array(outline.length)
    for (let index = 0; index + 1 < outline.length; index += 2) {
      const [x, y] = [(outline[index] ?? 0) - at.x, (outline[index + 1] ?? 0) - at.y]
      this.#outline[index] = x * cos - y * sin
      this.#outline[index + 1] = x * sin + y * cos
    }
  }

  /** The largest part of a box's size at which it fits at the height of the point. */
  fit(width: number, height: number): Fit {
    const wanted = this.#fitAt(1, width, height)
    if (wanted !== undefined) return wanted
    let best: Fit = { part: 0, shift: 0 }
    let most = 1
    for (let step = 0; step < STEPS; step++) {
      const middle = (best.part + most) / 2
      const found = this.#fitAt(middle, width, height)
      if (found === undefined) most = middle
      else best = found
    }
    return best
  }

  /** Words stay at the point where they can, and else move to the middle of the room beside it. */
  #fitAt(part: number, width: number, height: number): Fit | undefined {
    const half = (height * part) / 2
    let [left, right] = [Infinity, Infinity]
    for (const y of [-half, 0, half]) {
      const reach = this.#reachAt(y)
      left = Math.min(left, reach.left)
      right = Math.min(right, reach.right)
    }
    const wanted = width * part
    if (left + right < wanted) return undefined
    if (Math.min(left, right) >= wanted / 2) return { part, shift: 0 }
    return { part, shift: (right - left) / 2 }
  }

  /** How far the edges are to the left and to the right along the line at `y`; less than nothing where it is outside. */
  #reachAt(y: number): { left: number; right: number } {
    let [left, right] = [Infinity, Infinity]
    let crossings = 0
    eachEdge(this.#outline, (x0, y0, x1, y1) => {
      if (y0 > y === y1 > y) return
      const x = x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)
      if (x < 0) left = Math.min(left, -x)
      else right = Math.min(right, x)
      if (x >= 0) crossings += 1
    })
    return crossings % 2 === 0 ? { left: -Infinity, right: -Infinity } : { left, right }
  }
}

const STEPS = 6
