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
  isMarked(section: string, seat: number): boolean
  standing(capacity: number): string
  shapeWord(kind: ShapeKind): string | undefined
}

/** `grades` are the house's, in the order of their colours. */
export function makeLook(beside: HTMLElement, grades: readonly string[], words: Words): (specials: Specials) => Look {
  const palette = readPalette(beside.parentElement ?? beside, Math.max(grades.length, 1))
  const grounds = new Map<string, string>()
  const colourOf = new Map(grades.map((grade, index) => [grade, palette.grades[index] ?? palette.inkSoft]))
  const grade = (name: string) => colourOf.get(name) ?? palette.inkSoft
  const ground = (name: string, strength: number) => {
    const key = `${strength} ${name}`
    const known = grounds.get(key) ?? mixed(palette.paper, grade(name), strength)
    grounds.set(key, known)
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
