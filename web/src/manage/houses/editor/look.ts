/** The colours and words that the canvas draws with. */
import { mixed, type Palette, readPalette } from '../../../seats/map/palette.ts'
import type { ShapeKind } from '../model/plan.ts'
import type { Specials } from './drawn.ts'

export interface Words {
  standing(capacity: number): string
  shape(kind: ShapeKind): string | undefined
}

export interface Look {
  palette: Palette
  /** The green of a field. */
  field: string
  bad: string
  /** Of the lines that things are aligned by. */
  guide: string
  grade(grade: string): string
  /** A grade's colour on paper, by its strength from 0 to 1. */
  ground(grade: string, strength: number): string
  /** A round seat of this many pixels. */
  dot(grade: string, pixels: number): HTMLCanvasElement
  isMarked(section: string, seat: number): boolean
  standing(capacity: number): string
  shapeWord(kind: ShapeKind): string | undefined
}

/** `grades` are the house's, in the order of their colours. */
export function makeLook(beside: HTMLElement, grades: readonly string[], words: Words): (specials: Specials) => Look {
  const palette = readPalette(beside.parentElement ?? beside, Math.max(grades.length, 1))
  const dots = new Map<string, HTMLCanvasElement>()
  const grounds = new Map<string, string>()
  const colourOf = new Map(grades.map((grade, index) => [grade, palette.grades[index] ?? palette.inkSoft]))
  const grade = (name: string) => colourOf.get(name) ?? palette.inkSoft
  const ground = (name: string, strength: number) => {
    const key = `${strength} ${name}`
    const known = grounds.get(key) ?? mixed(palette.paper, grade(name), strength)
    grounds.set(key, known)
    return known
  }
  const dot = (name: string, pixels: number) => {
    // Twice as fine as it is shown, and in few sizes.
    const side = 2 ** Math.ceil(Math.log2(Math.max(pixels, 4) * 2))
    const key = `${side} ${name}`
    const known = dots.get(key) ?? drawDot(grade(name), side)
    dots.set(key, known)
    return known
  }
  const [field, bad, guide] = ['--grade-3', '--bad', '--grade-6'].map(token => colourOfToken(beside, token))
  return specials => ({
    palette,
    field: field ?? palette.ink,
    bad: bad ?? palette.ink,
    guide: guide ?? palette.accent,
    grade,
    ground,
    dot,
    isMarked: (section, seat) => specials.get(section)?.get(seat)?.kind !== undefined,
    standing: words.standing,
    shapeWord: words.shape,
  })
}

function colourOfToken(beside: HTMLElement, token: string): string {
  const probe = document.createElement('span')
  probe.hidden = true
  probe.style.color = `var(${token})`
  beside.parentElement?.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function drawDot(colour: string, side: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d')
  if (context === null) return canvas
  context.fillStyle = colour
  context.beginPath()
  context.arc(side / 2, side / 2, side / 2, 0, 2 * Math.PI)
  context.fill()
  return canvas
}
