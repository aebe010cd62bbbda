/** How large the names of sections are: those of one series are alike, so that a tier looks like one. */
import type { Plan, Section } from '../geometry.ts'
import type { Context } from './canvas.ts'
import type { Letters } from './letters.ts'
import { Room } from './room.ts'
import type { Style } from './style.ts'

/** CSS pixels. */
const NAME_MIN = 8
const NAME_MAX = 15
const STANDING_NAME_MAX = 21
const FIGURE_MIN = 9
const FIGURE_MAX = 11.5
const STANDING_FIGURE_MAX = 14
/** No name is made smaller than this for the sake of its series. */
const ALIKE_MIN = 9
/** The part of a series whose names may have to be smaller than the others. */
const TIGHT = 0.2
/** Free space around words as a part of their size. */
const AIR = 1.16
/** From line to line as a part of the size. */
export const LINE = 1.22

/** Device pixels. */
export interface Sizes {
  /** 0 where the name does not fit. */
  name: number
  figures: number
  /** How many lines of figures fit below the name. */
  lines: number
  /** How far the words stand to the right of the section's middle. */
  shift: number
}

const NONE: Sizes = { name: 0, figures: 0, lines: 0, shift: 0 }

export class Names {
  readonly #plan: Plan
  readonly #style: Style
  readonly #zoom: number
  readonly #turn: number
  readonly #letters: Letters
  #sizes: ReadonlyMap<Section, Sizes> | undefined

  constructor(plan: Plan, style: Style, zoom: number, turn: number, letters: Letters) {
    this.#plan = plan
    this.#style = style
    this.#zoom = zoom
    this.#turn = turn
    this.#letters = letters
  }

  of(context: Context, section: Section): Sizes {
    this.#sizes ??= this.#all(context)
    return this.#sizes.get(section) ?? NONE
  }

  #all(context: Context): Map<Section, Sizes> {
    const { ratio } = this.#style
    const sizes = new Map<Section, Sizes>()
    for (const series of seriesOf(this.#plan.sections)) {
      const own = series.map(section => this.#fitting(context, section))
      const name = Math.max(alike(own.map(each => each.name)), ALIKE_MIN * ratio)
      const figures = alike(own.map(each => each.figures))
      for (const [index, section] of series.entries()) {
        const each = own[index] ?? NONE
        sizes.set(section, {
          ...each,
          name: Math.min(each.name, name),
          figures: Math.min(each.figures, figures),
        })
      }
    }
    return sizes
  }

  /** How large a section's name can be, and with how many lines of figures below. */
  #fitting(context: Context, section: Section): Sizes {
    const { ratio, words } = this.#style
    const widthOf = (text: string, size: number, weight: number) => this.#letters.widthOf(context, text, size, weight)
    const room = new Room(section.outline, section.middle, this.#turn)
    const fitted = (width: number, height: number) => room.fit((width * AIR) / this.#zoom, (height * AIR) / this.#zoom)
    const most = (section.standing ? STANDING_NAME_MAX : NAME_MAX) * ratio
    const width = widthOf(section.name, most, 700)
    const { part, shift } = fitted(width, most)
    const name = most * part
    if (name < NAME_MIN * ratio) return NONE
    const texts = [words.left(section.seats), ...(section.standing ? [words.standing] : [])]
    const longest = Math.max(...texts.map(text => widthOf(text, 1, 500)))
    const wanted = Math.min((section.standing ? STANDING_FIGURE_MAX : FIGURE_MAX) * ratio, name * 0.85)
    for (const lines of section.standing ? [2, 1] : [1]) {
      const both = fitted(Math.max(longest * wanted, width * part), name + lines * wanted * LINE)
      if (wanted * both.part < FIGURE_MIN * ratio || name * both.part < NAME_MIN * ratio) continue
      return {
        name: name * both.part,
        figures: wanted * both.part,
        lines,
        shift: both.shift * this.#zoom,
      }
    }
    return { name, figures: 0, lines: 0, shift: shift * this.#zoom }
  }
}

/** Sections that are named alike, as `201` and `218` are, or `F1` and `F30`. */
function seriesOf(sections: readonly Section[]): Section[][] {
  const series = new Map<string, Section[]>()
  for (const section of sections) {
    const key = `${section.standing} ${/^(.*?)\d{1,2}$/.exec(section.name)?.[1] ?? ''}`
    const known = series.get(key)
    if (known === undefined) series.set(key, [section])
    else known.push(section)
  }
  return [...series.values()]
}

/** The size that most have room for; those that are not written at all do not count. */
function alike(sizes: readonly number[]): number {
  const sorted = sizes.filter(size => size > 0).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * TIGHT)] ?? 0
}
