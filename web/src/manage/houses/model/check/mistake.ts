/** What is wrong with a plan, and where. */
import type { ShapeRef } from '../plan.ts'

export type MistakeCode =
  | 'houseName'
  | 'noSections'
  | 'tooManySections'
  | 'tooManyRows'
  | 'tooManyPlaces'
  | 'tooManyShapes'
  | 'tooManyBytes'
  | 'noneForSale'
  | 'sectionName'
  | 'sectionTwice'
  | 'sectionGrade'
  | 'sectionRows'
  | 'capacity'
  | 'areaOutline'
  | 'tooFar'
  | 'rowName'
  | 'rowTwice'
  | 'rowSeats'
  | 'rowGrade'
  | 'numbers'
  | 'labels'
  | 'labelName'
  | 'kept'
  | 'aisles'
  | 'narrow'
  | 'bent'
  | 'noSeat'
  | 'seatGrade'
  | 'companion'
  | 'companionOf'
  | 'note'
  | 'shapeText'
  | 'shapeOutline'
  | 'sameSpot'

export interface Mistake {
  readonly code: MistakeCode
  readonly where: Where
  /** For the words: names, numbers and bounds. */
  readonly values: Readonly<Record<string, string | number>>
}

export interface Where {
  readonly section?: string
  readonly row?: string
  /** A whole name. */
  readonly seat?: string
  readonly shape?: ShapeRef
}

export function mistake(code: MistakeCode, where: Where = {}, values: Record<string, string | number> = {}): Mistake {
  const { section, row, seat } = where
  const names = Object.entries({ section, row, seat }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return { code, where, values: { ...Object.fromEntries(names), ...values } }
}

/** Names stand between hyphens in the names of seats: letters and digits of any script, `_` and `.`. */
const NAME = /^[\p{Alphabetic}\p{N}_.]{1,20}$/u

export function isName(name: string): boolean {
  return NAME.test(name)
}
