/** The house from afar: the stage, and each section as a block whose colour is stronger the more seats are free. */
import type { Board } from '../board.ts'
import { type Box, bendAt, type Plan, ROW_PITCH, type Section } from '../geometry.ts'
import { freeInSection } from '../states.ts'
import { mixed, type Palette, readable } from './palette.ts'
import type { Context } from './sprites.ts'
import { ROUNDING } from './tiles.ts'

/** The strength of a block with no free seats, and with all seats free. */
const LEAST = 0.3
const MOST = 0.92

const paths = new WeakMap<Section, Path2D>()

/** Expects a context in the plan's units. */
export function drawBlocks(context: Context, board: Board, palette: Palette, box: Box, only: number | undefined): void {
  context.lineJoin = 'round'
  context.lineWidth = ROUNDING
  board.plan.sections.forEach((section, index) => {
    if (!meets(section.bounds, box)) return
    context.fillStyle = groundOf(board, palette, index, only)
    context.strokeStyle = context.fillStyle
    context.fill(pathOf(section))
    context.stroke(pathOf(section))
  })
}

/** Draws names that fit. Expects a context in pixels. */
export function drawBlockNames(
  context: Context,
  board: Board,
  palette: Palette,
  box: Box,
  only: number | undefined,
  place: { x: number; y: number; pitch: number; ratio: number },
): void {
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  board.plan.sections.forEach((section, index) => {
    if (!meets(section.bounds, box)) return
    const { bounds, name } = section
    const width = (bounds.right - bounds.left) * place.pitch
    const wanted = Math.min(18 * place.ratio, width * 0.36, (width * 1.5) / Math.max(name.length, 1))
    if (wanted < 8 * place.ratio) return
    const ground = groundOf(board, palette, index, only)
    context.font = `700 ${Math.round(wanted)}px ${palette.font}`
    context.fillStyle = readable(ground, palette.ink, palette.paper)
    const x = (bounds.left + bounds.right) / 2
    const [top, bottom] = [section.rows[0]?.line ?? 0, section.rows.at(-1)?.line ?? 0]
    const y = ((top + bottom) / 2) * ROW_PITCH + bendAt(board.plan.bend, x)
    context.fillText(name, place.x + x * place.pitch, place.y + y * place.pitch)
    if (board.version !== undefined && freeInSection(board.counts, index) === 0)
      strike(context, place.x + x * place.pitch, place.y + y * place.pitch, wanted)
  })
}

/** Draws the stage. */
export function drawStage(
  context: Context,
  plan: Plan,
  palette: Palette,
  word: string,
  place: { x: number; y: number; pitch: number; ratio: number },
): void {
  const { stage } = plan
  const [left, right] = [place.x + stage.left * place.pitch, place.x + stage.right * place.pitch]
  const [top, bottom] = [place.y + stage.top * place.pitch, place.y + stage.bottom * place.pitch]
  const sag = (bottom - top) * 0.45
  context.fillStyle = mixed(palette.sunk, palette.ink, 0.12)
  context.beginPath()
  context.moveTo(left, top)
  context.lineTo(right, top)
  context.lineTo(right, bottom - sag)
  context.quadraticCurveTo((left + right) / 2, bottom + sag, left, bottom - sag)
  context.fill()
  const size = Math.min(15 * place.ratio, (bottom - top) * 0.62, (right - left) * 0.16)
  if (size < 6 * place.ratio) return
  context.font = `700 ${Math.round(size)}px ${palette.font}`
  context.fillStyle = palette.ink
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(word, (left + right) / 2, (top + bottom) / 2)
}

function groundOf(board: Board, palette: Palette, index: number, only: number | undefined): string {
  const section = board.plan.sections[index]
  if (section === undefined) return palette.sunk
  const free = freeInSection(board.counts, index)
  const faint = only !== undefined && only !== section.grade
  if (free === 0 || faint) return palette.sunk
  const strength = LEAST + (MOST - LEAST) * (free / section.seats)
  return mixed(palette.paper, palette.grades[section.grade] ?? palette.ink, strength)
}

function strike(context: Context, x: number, y: number, size: number): void {
  context.fillRect(x - size * 0.9, y - size * 0.04, size * 1.8, Math.max(1, size * 0.08))
}

function meets(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top
}

function pathOf(section: Section): Path2D {
  const known = paths.get(section)
  if (known !== undefined) return known
  const path = new Path2D()
  for (let point = 0; point < section.outline.length; point += 2) {
    path.lineTo(section.outline[point] ?? 0, section.outline[point + 1] ?? 0)
  }
  path.closePath()
  paths.set(section, path)
  return path
}
