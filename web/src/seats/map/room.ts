/** Whether words fit into an outline. */
import { eachEdge } from '../boxes.ts'

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

  /** How wide a box of this height around the point may be. */
  widthOf(height: number): number {
    const half = height / 2
    return 2 * Math.min(this.#reachAt(-half), this.#reachAt(0), this.#reachAt(half))
  }

  /** The largest part of a box's size, at most 1, at which it fits. */
  fit(width: number, height: number): number {
    const fits = (part: number) => this.widthOf(height * part) >= width * part
    if (fits(1)) return 1
    let [part, most] = [0, 1]
    for (let step = 0; step < STEPS; step++) {
      const middle = (part + most) / 2
      if (fits(middle)) part = middle
      else most = middle
    }
    return part
  }

  /** How far the nearer edge is, to the left or to the right, along the line at `y`. */
  #reachAt(y: number): number {
    let [left, right] = [Infinity, Infinity]
    let crossings = 0
    eachEdge(this.#outline, (x0, y0, x1, y1) => {
      if (y0 > y === y1 > y) return
      const x = x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)
      if (x < 0) left = Math.min(left, -x)
      else right = Math.min(right, x)
      if (x >= 0) crossings += 1
    })
    return crossings % 2 === 0 ? 0 : Math.min(left, right)
  }
}

const STEPS = 6
