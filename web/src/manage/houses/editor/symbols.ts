/** The symbols of special places, drawn without a font: they look alike everywhere. */
import type { Palette } from '../../../seats/map/palette.ts'
import type { PlaceKind } from '../model/plan.ts'
import type { Point } from './camera.ts'

type Context = CanvasRenderingContext2D

/** Draws a place and its symbol. `radius` is that of the seat, in the context's units. */
export function drawSymbol(
  context: Context,
  { x, y }: Point,
  radius: number,
  kind: PlaceKind | undefined,
  colour: string,
  palette: Palette,
): void {
  context.save()
  context.translate(x, y)
  context.scale(radius, radius)
  context.lineCap = 'round'
  context.lineJoin = 'round'
  disc(context, kind === 'house' ? palette.sunk : colour, kind === 'wheelchair' || kind === 'companion')
  context.strokeStyle = kind === 'house' ? palette.inkSoft : palette.paper
  context.fillStyle = context.strokeStyle
  context.lineWidth = 0.2
  if (kind === 'wheelchair') wheelchair(context)
  else if (kind === 'companion') companion(context)
  else if (kind === 'restricted_view') restricted(context)
  else if (kind === 'house') kept(context)
  context.restore()
}

function disc(context: Context, colour: string, square: boolean): void {
  context.fillStyle = colour
  context.beginPath()
  if (square) context.roundRect(-1.08, -1.08, 2.16, 2.16, 0.4)
  else context.arc(0, 0, 1, 0, 2 * Math.PI)
  context.fill()
}

/** A person in a wheelchair. */
function wheelchair(context: Context): void {
  context.beginPath()
  context.arc(-0.12, -0.66, 0.17, 0, 2 * Math.PI)
  context.fill()
  context.beginPath()
  context.moveTo(-0.12, -0.36)
  context.lineTo(-0.08, 0.1)
  context.lineTo(0.38, 0.1)
  context.lineTo(0.6, 0.58)
  context.stroke()
  context.beginPath()
  context.arc(-0.08, 0.28, 0.48, -0.35 * Math.PI + Math.PI * 1.0, 0.12 * Math.PI, true)
  context.stroke()
}

/** Two people. */
function companion(context: Context): void {
  for (const x of [-0.36, 0.36]) {
    context.beginPath()
    context.arc(x, -0.34, 0.22, 0, 2 * Math.PI)
    context.fill()
    context.beginPath()
    context.arc(x, 0.5, 0.36, Math.PI, 0)
    context.fill()
  }
}

/** An eye that is struck out. */
function restricted(context: Context): void {
  context.beginPath()
  context.moveTo(-0.62, 0)
  context.quadraticCurveTo(0, -0.68, 0.62, 0)
  context.quadraticCurveTo(0, 0.68, -0.62, 0)
  context.stroke()
  context.beginPath()
  context.moveTo(-0.5, 0.55)
  context.lineTo(0.5, -0.55)
  context.stroke()
}

/** A cross: never sold. */
function kept(context: Context): void {
  context.beginPath()
  context.moveTo(-0.4, -0.4)
  context.lineTo(0.4, 0.4)
  context.moveTo(0.4, -0.4)
  context.lineTo(-0.4, 0.4)
  context.stroke()
}
