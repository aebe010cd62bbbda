/** Draws what lies over the house while it is edited: selections, handles, guides, and what is about to be made. In pixels. */
import { boxOfShape } from '../model/box.ts'
import type { Box, Point } from './camera.ts'
import type { Desk } from './desk.ts'
import { drawnSection, seatNamed, sectionsByName } from './drawn.ts'
import { type Handle, handlesOf } from './handles.ts'
import { type Ground, SEATS_FROM } from './paintSections.ts'
import type { Guide } from './snap.ts'

export interface Overlay {
  /** How far the selection is being moved. */
  moving?: Point | undefined
  /** The name of the section or the seat under the pointer. */
  hover?: { kind: 'section' | 'seat'; name: string } | undefined
  marquee?: Box | undefined
  lasso?: readonly Point[] | undefined
  guides: readonly Guide[]
  /** What is about to be made, and what it will be. */
  ghost?: { outline: readonly Point[]; text: string } | undefined
  /** The brush, in metres. */
  brush?: { at: Point; radius: number } | undefined
  /** Where the focus is being moved. */
  focus?: Point | undefined
  /** What is wrong there. */
  wrong?: { sections: ReadonlySet<string>; seats: readonly string[] } | undefined
  /** A short text beside the pointer. */
  tip?: { at: Point; text: string } | undefined
}

type ToScreen = (at: Point) => Point

export function drawOver(ground: Ground, desk: Desk, overlay: Overlay, toScreen: ToScreen): void {
  const { context, look } = ground
  const moved: ToScreen = ({ x, y }) => toScreen({ x: x + (overlay.moving?.x ?? 0), y: y + (overlay.moving?.y ?? 0) })
  if (overlay.moving === undefined) drawWrong(ground, desk, overlay, toScreen)
  drawHover(ground, desk, overlay, toScreen)
  drawSelected(ground, desk, moved)
  if (overlay.moving === undefined)
    for (const handle of handlesOf(desk, ground.camera.scale)) drawHandle(ground, handle, toScreen)
  for (const guide of overlay.guides) drawGuide(ground, guide, toScreen)
  context.lineWidth = 1.5
  context.strokeStyle = look.palette.accent
  if (overlay.marquee !== undefined) drawArea(ground, cornersOf(overlay.marquee).map(toScreen))
  if (overlay.lasso !== undefined) drawArea(ground, overlay.lasso.map(toScreen))
  if (overlay.ghost !== undefined) drawGhost(ground, overlay.ghost, toScreen)
  if (overlay.brush !== undefined) drawBrush(ground, desk, overlay.brush, toScreen)
  if (overlay.tip !== undefined) drawTip(ground, overlay.tip.text, toScreen(overlay.tip.at))
}

function drawSelected({ context, look, camera }: Ground, desk: Desk, toScreen: ToScreen): void {
  const { plan } = desk
  const { selection } = desk.state
  context.strokeStyle = look.palette.accent
  context.lineWidth = 2
  if (selection.kind === 'shapes') {
    for (const { list, index } of selection.shapes) {
      const shape = plan[list][index]
      if (shape === undefined) continue
      const outline = shape.outline?.map(([x, y]) => ({ x: shape.at.x + x, y: shape.at.y + y }))
      outlined(context, (outline ?? cornersOf(grown(boxOfShape(shape), 12 / camera.scale))).map(toScreen))
    }
    return
  }
  const sections = sectionsByName(plan)
  if (selection.kind === 'sections') {
    for (const name of selection.names) {
      const section = sections.get(name)
      if (section !== undefined) outlined(context, pointsOf(drawnSection(section).outline).map(toScreen))
    }
    return
  }
  for (const name of selection.names) {
    const [section, seat] = seatNamed(sections, name) ?? []
    if (section === undefined || seat === undefined) continue
    ring(context, toScreen(seatAt(section, seat)), Math.max(3, camera.scale * 0.27))
  }
}

function drawHover({ context, look, camera }: Ground, desk: Desk, { hover }: Overlay, toScreen: ToScreen): void {
  if (hover === undefined) return
  const sections = sectionsByName(desk.plan)
  context.strokeStyle = look.palette.accent
  context.lineWidth = 1
  if (hover.kind === 'section') {
    const section = sections.get(hover.name)
    if (section !== undefined) outlined(context, pointsOf(drawnSection(section).outline).map(toScreen))
    return
  }
  const [section, seat] = seatNamed(sections, hover.name) ?? []
  if (section === undefined || seat === undefined) return
  const at = toScreen(seatAt(section, seat))
  ring(context, at, Math.max(3, camera.scale * 0.26))
}

function drawWrong({ context, look, camera }: Ground, desk: Desk, { wrong }: Overlay, toScreen: ToScreen): void {
  if (wrong === undefined) return
  const sections = sectionsByName(desk.plan)
  context.strokeStyle = look.bad
  context.lineWidth = 2
  context.setLineDash([5, 4])
  for (const name of wrong.sections) {
    const section = sections.get(name)
    if (section !== undefined) outlined(context, pointsOf(drawnSection(section).outline).map(toScreen))
  }
  context.setLineDash([])
  if (camera.scale * 0.55 < SEATS_FROM) return
  for (const name of wrong.seats) {
    const [section, seat] = seatNamed(sections, name) ?? []
    if (section !== undefined && seat !== undefined) ring(context, toScreen(seatAt(section, seat)), camera.scale * 0.34)
  }
}

function drawHandle({ context, look }: Ground, handle: Handle, toScreen: ToScreen): void {
  const at = toScreen(handle.at)
  context.fillStyle = look.palette.card
  context.strokeStyle = look.palette.accent
  context.lineWidth = 2
  if (handle.from !== undefined) {
    const from = toScreen(handle.from)
    context.beginPath()
    context.moveTo(from.x, from.y)
    context.lineTo(at.x, at.y)
    context.stroke()
  }
  context.beginPath()
  if (handle.kind === 'turn') context.arc(at.x, at.y, 7, 0, 2 * Math.PI)
  else if (handle.kind === 'curve') diamond(context, at, 8)
  else context.rect(at.x - 5, at.y - 5, 10, 10)
  context.fill()
  context.stroke()
}

function drawGuide({ context, look }: Ground, { axis, at, from, to }: Guide, toScreen: ToScreen): void {
  const [a, b] =
    axis === 'x'
      ? [
          { x: at, y: from },
          { x: at, y: to },
        ]
      : [
          { x: from, y: at },
          { x: to, y: at },
        ]
  const [start, end] = [toScreen(a), toScreen(b)]
  context.strokeStyle = look.guide
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(Math.round(start.x) + 0.5, Math.round(start.y) + 0.5)
  context.lineTo(Math.round(end.x) + 0.5, Math.round(end.y) + 0.5)
  context.stroke()
}

function drawArea({ context, look }: Ground, points: readonly Point[]): void {
  path(context, points)
  context.globalAlpha = 0.12
  context.fillStyle = look.palette.accent
  context.fill()
  context.globalAlpha = 1
  context.stroke()
}

function drawGhost(ground: Ground, { outline, text }: NonNullable<Overlay['ghost']>, toScreen: ToScreen): void {
  const points = outline.map(toScreen)
  ground.context.setLineDash([6, 4])
  drawArea(ground, points)
  ground.context.setLineDash([])
  const right = Math.max(...points.map(({ x }) => x))
  const bottom = Math.max(...points.map(({ y }) => y))
  drawTip(ground, text, { x: right, y: bottom })
}

function drawBrush(
  { context, look, camera }: Ground,
  desk: Desk,
  { at, radius }: NonNullable<Overlay['brush']>,
  toScreen: ToScreen,
) {
  context.strokeStyle = desk.state.tool === 'grade' ? look.grade(desk.state.brush) : look.palette.ink
  context.lineWidth = 2
  ring(context, toScreen(at), Math.max(radius * camera.scale, 6))
}

function drawTip({ context, look }: Ground, text: string, { x, y }: Point): void {
  context.font = `600 12px ${look.palette.font}`
  const width = context.measureText(text).width + 16
  context.fillStyle = look.palette.ink
  context.beginPath()
  context.roundRect(x + 10, y + 10, width, 24, 6)
  context.fill()
  context.fillStyle = look.palette.paper
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillText(text, x + 18, y + 22.5)
}

function seatAt({ xs, ys }: { xs: Float32Array; ys: Float32Array }, seat: number): Point {
  return { x: xs[seat] ?? 0, y: ys[seat] ?? 0 }
}

function pointsOf(outline: ArrayLike<number>): Point[] {
  return Array.from({ length: outline.length / 2 }, (_, corner) => ({
    x: outline[2 * corner] ?? 0,
    y: outline[2 * corner + 1] ?? 0,
  }))
}

export function cornersOf({ left, right, top, bottom }: Box): Point[] {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ]
}

function grown({ left, right, top, bottom }: Box, by: number): Box {
  return { left: left - by, right: right + by, top: top - by, bottom: bottom + by }
}

function path(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  context.beginPath()
  for (const { x, y } of points) context.lineTo(x, y)
  context.closePath()
}

function outlined(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  path(context, points)
  context.stroke()
}

function ring(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.stroke()
}

function diamond(context: CanvasRenderingContext2D, { x, y }: Point, reach: number): void {
  context.moveTo(x, y - reach)
  context.lineTo(x + reach, y)
  context.lineTo(x, y + reach)
  context.lineTo(x - reach, y)
  context.closePath()
}
