/** The whole house in a corner, with a frame around what the map shows. */
import { turnedBox } from '../boxes.ts'
import type { Point } from '../geometry.ts'
import { type Canvas, contextOf, newCanvas } from './canvas.ts'
import { Painter } from './painter.ts'
import type { Scene } from './scene.ts'
import { boxOf, turned } from './viewport.ts'

/** CSS pixels of the longer side. */
const SIDE = 108
const MARGIN = 5
/** Changes show here only so often. */
const EVERY_MS = 1_000

export class MiniMap {
  readonly #canvas: HTMLCanvasElement
  readonly #scene: Scene
  #house: { picture: Canvas; left: number; top: number; zoom: number; turn: number; at: number } | undefined
  #stale = false

  constructor(canvas: HTMLCanvasElement, scene: Scene) {
    this.#canvas = canvas
    this.#scene = scene
  }

  /** Something in the house has changed, or its colours have: `now` if it must not wait. */
  renew(now: boolean): void {
    if (now) this.#house = undefined
    this.#stale = true
  }

  draw(): void {
    const { view, size, style } = this.#scene
    const known = this.#house
    const old = this.#stale && known !== undefined && performance.now() - known.at > EVERY_MS
    const house = known === undefined || old || known.turn !== view.turn ? this.#paint() : known
    const canvas = this.#canvas
    const context = contextOf(canvas)
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, canvas.width, canvas.height)
    context.drawImage(house.picture, 0, 0)
    const box = boxOf(view, size)
    const [x, y] = [box.left * house.zoom - house.left, box.top * house.zoom - house.top]
    const [width, height] = [(box.right - box.left) * house.zoom, (box.bottom - box.top) * house.zoom]
    context.strokeStyle = style.palette.accent
    context.lineWidth = 2 * style.ratio
    context.strokeRect(x, y, width, height)
  }

  /** The point of the plan at a point of the picture, in CSS pixels. */
  pointAt({ x, y }: Point): Point | undefined {
    const house = this.#house
    if (house === undefined) return undefined
    const { ratio } = this.#scene.style
    return turned({ x: (x * ratio + house.left) / house.zoom, y: (y * ratio + house.top) / house.zoom }, -house.turn)
  }

  #paint() {
    const { board, style, view } = this.#scene
    const { turn } = view
    const box = turnedBox(board.plan.bounds, turn)
    const [across, down] = [box.right - box.left, box.bottom - box.top]
    const scale = (SIDE - 2 * MARGIN) / Math.max(across, down)
    const zoom = scale * style.ratio
    const [width, height] = [Math.ceil(across * scale) + 2 * MARGIN, Math.ceil(down * scale) + 2 * MARGIN]
    const pixels = { width: Math.round(width * style.ratio), height: Math.round(height * style.ratio) }
    const [left, top] = [box.left * zoom - MARGIN * style.ratio, box.top * zoom - MARGIN * style.ratio]
    const picture = newCanvas(pixels.width, pixels.height)
    const painter = new Painter(board, { ...style, clear: true }, zoom, turn)
    painter.paint(contextOf(picture), { left, top, ...pixels })
    Object.assign(this.#canvas, pixels)
    Object.assign(this.#canvas.style, { width: `${width}px`, height: `${height}px` })
    this.#stale = false
    this.#house = { picture, left, top, zoom, turn, at: performance.now() }
    return this.#house
  }
}
