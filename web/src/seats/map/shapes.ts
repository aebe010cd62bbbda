/** The stage, the field, walls and doors. */
import { type Box, meets } from '../boxes.ts'
import type { Shape } from '../geometry.ts'
import type { Context } from './canvas.ts'
import { mixed } from './palette.ts'
import { outlineOf } from './paths.ts'
import type { Style } from './style.ts'

/** Expects a context in the plan's metres. */
export function paintShapes(
  context: Context,
  shapes: readonly Shape[],
  { palette, ratio }: Style,
  zoom: number,
  box: Box,
): void {
  context.lineJoin = 'round'
  for (const shape of shapes) {
    if (shape.outline.length === 0 || !meets(shape.bounds, box)) continue
    const path = outlineOf(shape)
    if (shape.kind === 'stage') {
      context.fillStyle = mixed(palette.sunk, palette.ink, 0.13)
      context.strokeStyle = context.fillStyle
      context.lineWidth = 0.3
    } else if (shape.kind === 'door') {
      context.fillStyle = mixed(palette.paper, palette.lineStrong, 0.5)
      context.strokeStyle = palette.lineStrong
      context.lineWidth = ratio / zoom
    } else {
      context.fillStyle =
        shape.kind === 'wall' ? mixed(palette.paper, palette.line, 0.8) : mixed(palette.paper, palette.sunk, 0.55)
      context.strokeStyle = palette.line
      context.lineWidth = ratio / zoom
    }
    context.fill(path)
    context.stroke(path)
  }
}
