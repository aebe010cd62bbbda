/** Whether a section can be sold, by the server's rules (shared/domain/src/layout/check.rs). */
import { plain } from '../../../plain.ts'
import { isBentTooFar, isTooFarOut, linesOf } from '../geometry.ts'
import {
  CORNERS_MAX,
  LENGTH_MAX_M,
  NUMBER_MAX,
  PITCH_MIN_M,
  type Point,
  ROW_SEATS_MAX,
  type Row,
  SEATS_MAX,
  type SeatsSection,
  type Section,
  type StandingSection,
} from '../plan.ts'
import { isName, type Mistake, mistake } from './mistake.ts'

const cache = new WeakMap<Section, readonly Mistake[]>()

/** Everything that can be said without the rest of the house; again only after the section has changed. */
export function sectionMistakes(section: Section): readonly Mistake[] {
  const known = cache.get(section)
  if (known !== undefined) return known
  const found = [
    ...ownMistakes(section),
    ...(section.kind === 'seats' ? seatedMistakes(section) : areaMistakes(section)),
  ]
  cache.set(section, found)
  return found
}

function ownMistakes(section: Section): Mistake[] {
  const where = { section: section.section }
  const found: Mistake[] = []
  if (!isName(plain(section.section))) found.push(mistake('sectionName', where))
  if (plain(section.grade) === '') found.push(mistake('sectionGrade', where, { grade: '' }))
  if (isTooFar(section.at)) found.push(mistake('tooFar', where))
  return found
}

function areaMistakes({ section, capacity, outline }: StandingSection): Mistake[] {
  const found: Mistake[] = []
  if (!isCount(capacity, SEATS_MAX)) found.push(mistake('capacity', { section }, { max: SEATS_MAX }))
  if (outline.length < 3 || outline.length > CORNERS_MAX || outline.some(([x, y]) => isTooFar({ x, y }))) {
    found.push(mistake('areaOutline', { section }, { max: CORNERS_MAX }))
  }
  return found
}

function seatedMistakes(section: SeatsSection): Mistake[] {
  const name = section.section
  if (section.rows.length === 0) return [mistake('sectionRows', { section: name })]
  const taken = new Set<string>()
  const lines = linesOf(section)
  return section.rows.flatMap((row, index) => {
    const where = { section: name, row: row.row }
    const found = rowMistakes(name, row)
    const kept = plain(row.row)
    if (taken.has(kept)) found.push(mistake('rowTwice', where))
    taken.add(kept)
    const line = lines[index]
    if (line !== undefined && isBentTooFar(line)) {
      found.push(mistake('bent', where, { radius: ((line.frame.curve ?? 0) + line.behind).toFixed(1) }))
    } else if (line !== undefined && isTooFarOut(line, row)) found.push(mistake('tooFar', where))
    return found
  })
}

function rowMistakes(section: string, row: Row): Mistake[] {
  const where = { section, row: row.row }
  const found: Mistake[] = []
  if (!isName(plain(row.row))) found.push(mistake('rowName', where))
  if (row.grade !== undefined && plain(row.grade) === '') found.push(mistake('rowGrade', where, { grade: '' }))
  if (!isCount(row.seats, ROW_SEATS_MAX)) return [...found, mistake('rowSeats', where, { max: ROW_SEATS_MAX })]
  found.push(...numberMistakes(section, row))
  if (row.not_for_sale?.some(place => !isCount(place, row.seats))) found.push(mistake('kept', where))
  const { aisles = [] } = row
  if (aisles.some((after, index) => !isCount(after, row.seats - 1) || after <= (aisles[index - 1] ?? 0))) {
    found.push(mistake('aisles', where))
  }
  if ([row.pitch_m, row.depth_m].some(length => length !== undefined && !(length >= PITCH_MIN_M))) {
    found.push(mistake('narrow', where, { min: PITCH_MIN_M }))
  }
  return found
}

function numberMistakes(section: string, { row, seats, numbers }: Row): Mistake[] {
  const where = { section, row }
  if (numbers === undefined) return []
  if ('first' in numbers) {
    const { first, step } = numbers
    const ends = [first, first + step * (seats - 1)]
    const counts = Number.isInteger(step) && step !== 0 && ends.every(number => isCount(number, NUMBER_MAX))
    return counts ? [] : [mistake('numbers', where, { max: NUMBER_MAX })]
  }
  const labels = numbers.map(plain)
  const wrong = labels.find(label => !isName(label))
  if (wrong !== undefined) return [mistake('labelName', where, { label: wrong })]
  return labels.length === seats && new Set(labels).size === seats ? [] : [mistake('labels', where)]
}

function isCount(count: number, max: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= max
}

function isTooFar({ x, y }: Point): boolean {
  return !(Math.abs(x) <= LENGTH_MAX_M && Math.abs(y) <= LENGTH_MAX_M)
}
