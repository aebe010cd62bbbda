/** Three ways to draw the same house on an otherwise empty page: this map, a plain SVG, and another library for seat maps. */
import { SeatMapCanvas } from '@alisaitteke/seatmap-canvas'
import { type Layout, labelOf, makePlan, nameOf, type Plan } from '../../../src/seats/geometry.ts'
import { listen } from '../../../src/seats/map/gestures.ts'
import { unsold } from '../../../src/seats/map/picture.ts'
import { Scene } from '../../../src/seats/map/scene.ts'
import { panned, zoomed } from '../../../src/seats/map/viewport.ts'

const WORDS = { stage: '무대', standing: '스탠딩', left: (places: number) => `${places} 남음` }
const COLOURS = ['#7c3aed', '#c2410c', '#0f766e', '#1d4ed8', '#a16207', '#be185d']

interface Drawn {
  /** Milliseconds from the layout's text to a picture on the screen. */
  tookMs: number
  zoom(factor: number): void
  pan(x: number, y: number): void
}

type Way = (plan: Plan, beside: HTMLElement) => Promise<Pick<Drawn, 'zoom' | 'pan'>>

const WAYS: Record<string, Way> = { yemae, svg, library }
let drawn: Drawn | undefined

/** Draws the house whose layout is at `/layout`. */
async function draw(way: string): Promise<number> {
  const text = await (await fetch('/layout')).text()
  const from = performance.now()
  const plan = makePlan(JSON.parse(text) as Layout, ['VIP', 'R', 'S', 'A', 'B'])
  const beside = document.querySelector<HTMLElement>('main')
  const draws = WAYS[way]
  if (beside === null || draws === undefined) throw new Error(`there is no way called ${way}`)
  const moves = await draws(plan, beside)
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 0)))
  drawn = { ...moves, tookMs: performance.now() - from }
  return drawn.tookMs
}

/** One step of a gesture in each frame; returns how long each frame took. */
async function gesture(kind: 'pan' | 'pinch', frames: number): Promise<number[]> {
  const took: number[] = []
  let before = await nextFrame()
  for (let frame = 0; frame < frames; frame++) {
    const turn = (frame / frames) * 4 * Math.PI
    if (kind === 'pan') drawn?.pan(Math.cos(turn) * 9, Math.sin(turn / 2) * 7)
    else drawn?.zoom(Math.cos(turn / 2) > 0 ? 1.035 : 1 / 1.035)
    const now = await nextFrame()
    took.push(now - before)
    before = now
  }
  return took
}

function nextFrame(): Promise<number> {
  return new Promise(resolve => requestAnimationFrame(() => resolve(performance.now())))
}

async function yemae(plan: Plan, beside: HTMLElement) {
  const canvas = document.createElement('canvas')
  canvas.style.cssText = 'width:100%;height:100%;display:block;touch-action:none'
  beside.append(canvas)
  const scene = new Scene(canvas, unsold(plan), WORDS)
  const complete = new Promise<void>(resolve => {
    scene.onComplete = resolve
  })
  listen(canvas, scene, { onTap: () => {} })
  scene.resize(beside.clientWidth, beside.clientHeight)
  await complete
  return {
    zoom: (factor: number) => {
      const { width, height } = scene.size
      scene.look(zoomed(scene.view, scene.size, scene.limits, factor, { x: width * 0.45, y: height * 0.7 }))
    },
    pan: (x: number, y: number) => scene.look(panned(scene.view, { x, y })),
  }
}

/** A circle for each place, and the browser's own scaling. */
async function svg(plan: Plan, beside: HTMLElement) {
  const NS = 'http://www.w3.org/2000/svg'
  const [root, group] = [document.createElementNS(NS, 'svg'), document.createElementNS(NS, 'g')]
  root.style.cssText = 'width:100%;height:100%;display:block'
  eachSeat(plan, seat => {
    const circle = document.createElementNS(NS, 'circle')
    circle.setAttribute('cx', (plan.xs[seat] ?? 0).toFixed(2))
    circle.setAttribute('cy', (plan.ys[seat] ?? 0).toFixed(2))
    circle.setAttribute('r', '0.22')
    circle.setAttribute('fill', COLOURS[plan.gradeOf[seat] ?? 0] ?? '')
    circle.dataset.name = nameOf(plan, seat)
    group.append(circle)
  })
  root.append(group)
  const { left, top, right, bottom } = plan.bounds
  let scale = Math.min(beside.clientWidth / (right - left), beside.clientHeight / (bottom - top))
  let [x, y] = [-left * scale, -top * scale]
  const place = () => group.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`)
  place()
  beside.append(root)
  return {
    zoom: (factor: number) => {
      const [atX, atY] = [beside.clientWidth * 0.45, beside.clientHeight * 0.7]
      scale *= factor
      x = atX - (atX - x) * factor
      y = atY - (atY - y) * factor
      place()
    },
    pan: (byX: number, byY: number) => {
      x += byX
      y += byY
      place()
    },
  }
}

/** @alisaitteke/seatmap-canvas, which draws SVG by d3. Its own zoom is a transform of its stage, which is set here. */
async function library(plan: Plan, beside: HTMLElement) {
  beside.id = 'library'
  const map = new SeatMapCanvas('#library', {
    resizable: true,
    style: { seat: { radius: 12 }, block: {}, legend: {}, label: {}, tooltip: {} },
    lang: {},
  })
  const PITCH = 30 / plan.pitch
  const blocks = plan.sections
    .filter(({ standing }) => !standing)
    .map(section => ({
      id: section.index,
      title: section.name,
      color: COLOURS[section.grade],
      labels: [],
      seats: section.rows.flatMap(({ first, seats }) =>
        Array.from({ length: seats }, (_, place) => ({
          id: first + place,
          title: String(labelOf(plan, first + place)),
          x: (plan.xs[first + place] ?? 0) * PITCH,
          y: (plan.ys[first + place] ?? 0) * PITCH,
          salable: true,
        })),
      ),
    }))
  map.data.replaceData(blocks)
  const stage = beside.querySelector<SVGGElement>('svg g')
  let [scale, x, y] = [1, 0, 0]
  const place = () => {
    if (stage !== null) stage.style.transform = `translate(${x}px, ${y}px) scale(${scale})`
  }
  return {
    zoom: (factor: number) => {
      scale *= factor
      place()
    },
    pan: (byX: number, byY: number) => {
      x += byX
      y += byY
      place()
    },
  }
}

function eachSeat(plan: Plan, visit: (seat: number) => void): void {
  for (const { labels, first, seats } of plan.rows) {
    if (labels !== undefined) for (let seat = first; seat < first + seats; seat++) visit(seat)
  }
}

Object.assign(window, { draw, gesture })
