/**
 * Everything that keeps a plan from being sold, while it is drawn: the rules and bounds of the server
 * (shared/domain/src/layout/check.rs and apart.rs). Sections that did not change are not checked again.
 */
import { plain } from '../../plain.ts'
import { apartMistakes } from './check/apart.ts'
import { type Mistake, mistake } from './check/mistake.ts'
import { sectionMistakes } from './check/section.ts'
import { bytesOf } from './export.ts'
import { findSeat } from './names.ts'
import {
  CORNERS_MAX,
  HOUSE_BYTES_MAX,
  HOUSE_NAME_MAX,
  type HousePlan,
  NOTE_MAX,
  type Place,
  ROW_SEATS_MAX,
  ROWS_MAX,
  SEATS_MAX,
  SECTIONS_MAX,
  type Section,
  SHAPE_TEXT_MAX,
  SHAPES_MAX,
  type Shape,
} from './plan.ts'
import { totalsOf } from './totals.ts'

export type { Mistake, MistakeCode } from './check/mistake.ts'

/** The most mistakes that are told at once. */
export const MISTAKES_MAX = 100

/** `grades`: those that the show has, if the plan is for one. */
export function checkPlan(plan: HousePlan, grades?: readonly string[]): Mistake[] {
  const found = [...boundMistakes(plan), ...plan.sections.flatMap(sectionMistakes), ...twice(plan.sections)]
  const known = grades && new Set(grades)
  if (known !== undefined) found.push(...plan.sections.flatMap(section => gradeMistakes(section, known)))
  found.push(...placeMistakes(plan, known), ...shapeMistakes(plan))
  if (isCountable(plan)) found.push(...apartMistakes(plan))
  return found.slice(0, MISTAKES_MAX)
}

function boundMistakes(plan: HousePlan): Mistake[] {
  const found: Mistake[] = []
  const { places, rows, forSale } = totalsOf(plan)
  const nameLength = [...plain(plan.name)].length
  if (nameLength < 1 || nameLength > HOUSE_NAME_MAX) found.push(mistake('houseName', {}, { max: HOUSE_NAME_MAX }))
  if (plan.sections.length === 0) found.push(mistake('noSections'))
  else if (places > 0 && forSale <= 0) found.push(mistake('noneForSale'))
  const bounds = [
    ['tooManySections', plan.sections.length, SECTIONS_MAX],
    ['tooManyRows', rows + plan.sections.filter(({ kind }) => kind === 'standing').length, ROWS_MAX],
    ['tooManyPlaces', places, SEATS_MAX],
    ['tooManyShapes', plan.stage.length + plan.decorations.length, SHAPES_MAX],
    ['tooManyBytes', bytesOf(plan), HOUSE_BYTES_MAX],
  ] as const
  for (const [code, count, max] of bounds) if (count > max) found.push(mistake(code, {}, { count, max }))
  return found
}

function twice(sections: readonly Section[]): Mistake[] {
  const taken = new Set<string>()
  return sections.flatMap(({ section }) => {
    const name = plain(section)
    const found = taken.has(name) ? [mistake('sectionTwice', { section })] : []
    taken.add(name)
    return found
  })
}

function gradeMistakes(section: Section, grades: ReadonlySet<string>): Mistake[] {
  const where = { section: section.section }
  const rows = section.kind === 'seats' ? section.rows : []
  // A section's own grade matters only if one of its rows has no other.
  const matters = section.kind === 'standing' || rows.some(row => row.grade === undefined)
  const own = matters && !grades.has(section.grade) ? [mistake('sectionGrade', where, { grade: section.grade })] : []
  const wrong = rows.filter(row => row.grade !== undefined && !grades.has(row.grade))
  return [...own, ...wrong.map(({ row, grade = '' }) => mistake('rowGrade', { ...where, row }, { grade }))]
}

function placeMistakes(plan: HousePlan, grades: ReadonlySet<string> | undefined): Mistake[] {
  return Object.entries(plan.places).flatMap(([seat, place]) => {
    const section = seat.slice(0, Math.max(0, seat.indexOf('-')))
    const where = { section, seat }
    if (findSeat(plan, seat) === undefined) return [mistake('noSeat', where)]
    const found = companionMistakes(plan, seat, place)
    if (place.grade !== undefined && grades?.has(place.grade) === false) {
      found.push(mistake('seatGrade', where, { grade: place.grade }))
    }
    if (place.note !== undefined && [...plain(place.note)].length > NOTE_MAX) {
      found.push(mistake('note', where, { max: NOTE_MAX }))
    }
    return found
  })
}

function companionMistakes(plan: HousePlan, seat: string, { kind, companion_of }: Place): Mistake[] {
  const where = { section: seat.slice(0, seat.indexOf('-')), seat }
  if (kind === 'companion' && companion_of === undefined) return [mistake('companion', where)]
  if (companion_of === undefined) return []
  const isThere = findSeat(plan, companion_of) !== undefined
  const fits = isThere && (kind !== 'companion' || plan.places[companion_of]?.kind === 'wheelchair')
  return fits ? [] : [mistake('companionOf', where, { other: companion_of })]
}

function shapeMistakes(plan: HousePlan): Mistake[] {
  const check = (list: 'stage' | 'decorations') => (shape: Shape, index: number) => {
    const where = { shape: { list, index } }
    const corners = shape.outline?.length ?? 0
    const length = [...plain(shape.text ?? '')].length
    if (shape.text !== undefined && (length < 1 || length > SHAPE_TEXT_MAX)) {
      return [mistake('shapeText', where, { max: SHAPE_TEXT_MAX })]
    }
    const needsOutline = shape.text === undefined || corners > 0
    const isWrong = needsOutline && (corners < 3 || corners > CORNERS_MAX)
    return isWrong ? [mistake('shapeOutline', where, { max: CORNERS_MAX })] : []
  }
  return [...plan.stage.flatMap(check('stage')), ...plan.decorations.flatMap(check('decorations'))]
}

/** Whether its seats can be placed at all: a mistyped number must not stop the page. */
function isCountable({ sections }: HousePlan): boolean {
  const counts = sections.flatMap(section => (section.kind === 'seats' ? section.rows.map(({ seats }) => seats) : []))
  const total = counts.reduce((sum, seats) => sum + seats, 0)
  return total <= SEATS_MAX && counts.every(seats => seats >= 0 && seats <= ROW_SEATS_MAX)
}
