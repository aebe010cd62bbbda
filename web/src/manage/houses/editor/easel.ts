/** The canvas of the editor: it looks at a part of the house, and paints when something has changed. */
import { boxOfShape, middleOf } from '../model/box.ts'
import { focusOf } from '../model/placed.ts'
import type { HousePlan, Point, ShapeRef } from '../model/plan.ts'
import {
  around,
  type Box,
  boxOf,
  type Camera,
  fitting,
  NOWHERE,
  type Size,
  showing,
  toHouse,
  toScreen,
  zoomed,
} from './camera.ts'
import { type Desk, isSelected } from './desk.ts'
import { boundsOfSections, drawnSection, seatNamed, sectionsByName, specialsOf } from './drawn.ts'
import { type Look, makeLook, type Words } from './look.ts'
import { drawOver, type Overlay } from './paintOver.ts'
import { drawSection, drawShape, drawShapeWord, drawWords, type Ground } from './paintSections.ts'
import { boxOfTrace } from './trace.ts'

const GLIDE_MS = 260

export class Easel {
  camera: Camera = { x: 0, y: 0, scale: 10 }
  size: Size = { width: 0, height: 0 }
  overlay: Overlay = { guides: [] }
  /** Told after each painting. */
  onView: (() => void) | undefined
  readonly canvas: HTMLCanvasElement
  readonly desk: Desk
  #words: Words
  #makeLook: ReturnType<typeof makeLook> | undefined
  #grades: readonly string[] = []
  #frame: number | undefined
  #glide: number | undefined
  readonly #unsubscribe: () => void

  constructor(canvas: HTMLCanvasElement, desk: Desk, words: Words) {
    this.canvas = canvas
    this.desk = desk
    this.#words = words
    this.#unsubscribe = desk.subscribe(() => this.repaint())
  }

  get plan(): HousePlan {
    return this.desk.plan
  }

  resize(width: number, height: number): void {
    const first = this.size.width === 0
    this.size = { width, height }
    if (first) this.all(false)
    this.repaint()
  }

  recolour(words = this.#words): void {
    this.#words = words
    this.#makeLook = undefined
    this.repaint()
  }

  /** Looks at another part of the house. */
  look(camera: Camera): void {
    this.camera = camera
    this.repaint()
  }

  zoomBy(factor: number, at?: Point): void {
    this.glideTo(zoomed(this.camera, this.size, factor, at ?? { x: this.size.width / 2, y: this.size.height / 2 }))
  }

  /** Shows the whole house. */
  all(glides = true): void {
    const camera = fitting(
      houseBounds(this.plan, this.desk.state.trace && boxOfTrace(this.desk.state.trace)),
      this.size,
    )
    if (glides) this.glideTo(camera)
    else this.look(camera)
  }

  show(box: Box): void {
    if (box.left <= box.right) this.glideTo(showing(this.camera, this.size, box))
  }

  glideTo(to: Camera): void {
    this.halt()
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.look(to)
      return
    }
    const from = this.camera
    const begun = performance.now()
    const go = (now: number) => {
      const part = Math.min((now - begun) / GLIDE_MS, 1)
      const eased = 1 - (1 - part) ** 3
      const scale = from.scale * (to.scale / from.scale) ** eased
      this.look({ x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased, scale })
      this.#glide = part < 1 ? requestAnimationFrame(go) : undefined
    }
    this.#glide = requestAnimationFrame(go)
  }

  halt(): void {
    if (this.#glide !== undefined) cancelAnimationFrame(this.#glide)
    this.#glide = undefined
  }

  toHouse(at: Point): Point {
    return toHouse(this.camera, this.size, at)
  }

  /** Shows something over the drawing until it is shown differently. */
  over(change: Partial<Overlay>): void {
    this.overlay = { ...this.overlay, ...change }
    this.repaint()
  }

  repaint(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      this.#paint()
      this.onView?.()
    })
  }

  close(): void {
    this.halt()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#unsubscribe()
  }

  #lookNow(): Look {
    const { grades } = this.desk.state
    if (this.#makeLook === undefined || grades !== this.#grades) {
      this.#grades = grades
      this.#makeLook = makeLook(this.canvas, grades, this.#words)
    }
    return this.#makeLook(specialsOf(this.plan))
  }

  #paint(): void {
    const context = this.canvas.getContext('2d')
    const { size, camera } = this
    if (context === null || size.width === 0) return
    const ratio = devicePixelRatio
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height })
    const look = this.#lookNow()
    const ground: Ground = { context, camera, box: boxOf(camera, size), look }
    const inPixels = () => context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const inMetres = (by: Point = { x: 0, y: 0 }) => {
      const at = toScreen(camera, size, by)
      context.setTransform(ratio * camera.scale, 0, 0, ratio * camera.scale, ratio * at.x, ratio * at.y)
    }
    inPixels()
    context.fillStyle = look.palette.paper
    context.fillRect(0, 0, size.width, size.height)
    this.#paintGrid(ground)
    inMetres()
    this.#paintTrace(context)
    this.#paintHouse(ground, inMetres, inPixels)
    inPixels()
    drawOver(ground, this.desk, this.overlay, at => toScreen(camera, size, at))
  }

  /** What is being moved is drawn where it will be: the plan changes when it is let go. */
  #paintHouse(ground: Ground, inMetres: (by?: Point) => void, inPixels: () => void): void {
    const { plan, camera, size } = this
    const { moving } = this.overlay
    const { selection } = this.desk.state
    const byOf = (moves: boolean) => (moves && moving !== undefined ? moving : { x: 0, y: 0 })
    const shapes = (['stage', 'decorations'] as const).flatMap(list =>
      plan[list].map((shape, index) => ({ shape, by: byOf(isShapeSelected(selection, { list, index })) })),
    )
    const sections = plan.sections.map(section => ({
      section: drawnSection(section),
      by: byOf(isSelected(selection, section.section)),
    }))
    const specials = specialsOf(plan)
    const shifted = (by: Point): Ground => ({ ...ground, box: shiftedBox(ground.box, by) })
    for (const { shape, by } of shapes) {
      inMetres(by)
      drawShape(ground, shape)
    }
    for (const { section, by } of sections) {
      inMetres(by)
      drawSection(shifted(by), section, specials.get(section.plan.section))
    }
    inPixels()
    for (const { shape, by } of shapes) {
      drawShapeWord(ground, shape, middleOf(boxOfShape(shape)), at => toScreen(camera, size, sum(at, by)))
    }
    for (const { section, by } of sections) drawWords(shifted(by), section, at => toScreen(camera, size, sum(at, by)))
    const isFocused = plan.focus !== undefined || this.desk.state.tool === 'focus'
    if (isFocused) drawFocus(ground, toScreen(camera, size, this.overlay.focus ?? focusOf(plan)))
  }

  #paintTrace(context: CanvasRenderingContext2D): void {
    const { trace } = this.desk.state
    if (trace === undefined) return
    const { left, top } = boxOfTrace(trace)
    context.globalAlpha = trace.opacity
    context.drawImage(trace.bitmap, left, top, trace.width, trace.width * trace.ratio)
    context.globalAlpha = 1
  }

  #paintGrid({ context, camera, box, look }: Ground): void {
    const step = gridStep(camera.scale)
    context.fillStyle = look.palette.line
    for (let x = Math.ceil(box.left / step) * step; x <= box.right; x += step) {
      for (let y = Math.ceil(box.top / step) * step; y <= box.bottom; y += step) {
        const at = toScreen(camera, this.size, { x, y })
        context.fillRect(at.x - 0.75, at.y - 0.75, 1.5, 1.5)
      }
    }
  }
}

/** Metres between the points of the grid: 18 pixels at least. */
export function gridStep(scale: number): number {
  return [1, 2, 5, 10, 20, 50, 100].find(step => step * scale >= 18) ?? 200
}

/** Around everything that is drawn. */
export function houseBounds(plan: HousePlan, trace?: Box): Box {
  const shapes = [...plan.stage, ...plan.decorations].map(boxOfShape)
  return [boundsOfSections(plan.sections), ...shapes, ...(trace === undefined ? [] : [trace])].reduce(around, NOWHERE)
}

/** Around some seats. */
export function boundsOfSeats(plan: HousePlan, names: readonly string[]): Box {
  const sections = sectionsByName(plan)
  return names.reduce((box, name) => {
    const [section, seat] = seatNamed(sections, name) ?? []
    if (section === undefined || seat === undefined) return box
    const [x, y] = [section.xs[seat] ?? 0, section.ys[seat] ?? 0]
    return around(box, { left: x, right: x, top: y, bottom: y })
  }, NOWHERE)
}

function isShapeSelected(selection: Desk['state']['selection'], { list, index }: ShapeRef): boolean {
  return selection.kind === 'shapes' && selection.shapes.some(shape => shape.list === list && shape.index === index)
}

function drawFocus({ context, look }: Ground, { x, y }: Point): void {
  context.strokeStyle = look.palette.accent
  context.lineWidth = 1.5
  context.globalAlpha = 0.7
  context.beginPath()
  context.arc(x, y, 5, 0, 2 * Math.PI)
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + dx * 3, y + dy * 3)
    context.lineTo(x + dx * 9, y + dy * 9)
  }
  context.stroke()
  context.globalAlpha = 1
}

function shiftedBox({ left, right, top, bottom }: Box, { x, y }: Point): Box {
  return { left: left - x, right: right - x, top: top - y, bottom: bottom - y }
}

function sum(a: Point, b: Point): Point {
  return { x: a.x + b.x, y: a.y + b.y }
}
