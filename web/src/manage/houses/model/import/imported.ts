/** What an import gives: a plan and what a person should know about it, or why there is none. */
import type { HousePlan } from '../plan.ts'

/** The largest file that is read. */
export const IMPORT_BYTES_MAX = 20 * 1024 * 1024

export interface Imported {
  readonly plan: HousePlan
  readonly remarks: readonly Remark[]
}

export type RemarkCode =
  /** A section's seats are not exactly where they were drawn: `cm` at most, of seat `seat`. */
  | 'off'
  /** A section became several, because its seats do not stand in rows behind each other: `into`. */
  | 'cut'
  /** How large one metre of the drawing was taken to be. */
  | 'scale'
  /** Seats left out that have a name twice. */
  | 'twice'
  /** Elements or lines left out, because they do not say which seat they are. */
  | 'unnamed'
  /** A companion's place for which no wheelchair place was found. */
  | 'companion'
  /** What the format of a house does not know. */
  | 'unknown'
  /** Names whose characters were replaced. */
  | 'renamed'

export interface Remark {
  readonly code: RemarkCode
  readonly values: Readonly<Record<string, string | number>>
}

export type ImportErrorCode =
  | 'tooLarge'
  | 'notJson'
  | 'notSvg'
  | 'notText'
  | 'noSeats'
  | 'tooManySeats'
  | 'tooManySections'
  | 'column'
  | 'cell'
  | 'json'

export interface ImportPlace {
  readonly line?: number
  readonly column?: number
  /** Into JSON, such as `sections[2].rows[0].seats`. */
  readonly path?: string
}

/** An import that fails says where. */
export class ImportError extends Error {
  readonly code: ImportErrorCode
  readonly where: ImportPlace
  readonly values: Readonly<Record<string, string | number>>

  constructor(code: ImportErrorCode, where: ImportPlace = {}, values: Record<string, string | number> = {}) {
    super(`${code} ${JSON.stringify({ ...where, ...values })}`)
    this.code = code
    this.where = where
    this.values = { ...where, ...values }
  }
}
