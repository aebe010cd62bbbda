/** What a picture of a house needs besides its seats: colours, words, what is filtered for. */
import type { Palette } from './palette.ts'

/** The words that are written into the picture. */
export interface MapWords {
  stage: string
  standing: string
  /** How many places are left. */
  left(places: number): string
}

export interface Style {
  palette: Palette
  words: MapWords
  /** Device pixels per CSS pixel. */
  ratio: number
  /** The grade that is filtered for. */
  only: number | undefined
  /** Whether something lies under the house, so that it has no ground of its own. */
  clear: boolean
}

/** How a house is drawn: by seat pitch on the screen, in CSS pixels. */
export const DOTS_FROM = 2.4
export const SEATS_FROM = 6.5
export const ROW_NAMES_FROM = 12
export const NUMBERS_FROM = 19
