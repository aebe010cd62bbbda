/** Sets fonts and measures texts. */
import type { Context } from './canvas.ts'
import type { Palette } from './palette.ts'

/** The size at which texts are measured. */
const MEASURED = 100

export class Letters {
  readonly #palette: Palette
  readonly #widths = new Map<string, number>()
  #measuring: number | undefined

  constructor(palette: Palette) {
    this.#palette = palette
  }

  font(context: Context, size: number, colour: string, weight = 600): void {
    this.#measuring = undefined
    context.fillStyle = colour
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.font = `${weight} ${Math.max(1, Math.round(size))}px ${this.#palette.font}`
  }

  widthOf(context: Context, text: string, size: number, weight: number): number {
    const key = `${weight} ${text}`
    let width = this.#widths.get(key)
    if (width === undefined) {
      // All are measured at one size: to set a font takes longer than to measure.
      if (this.#measuring !== weight) this.font(context, MEASURED, this.#palette.ink, weight)
      this.#measuring = weight
      width = context.measureText(text).width / MEASURED
      this.#widths.set(key, width)
    }
    return width * size
  }
}
