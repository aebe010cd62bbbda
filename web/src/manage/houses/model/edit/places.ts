/** Grades by painting, and what is special about single places. */
import { findSeat, labelAt, seatName } from '../names.ts'
import {
  type HousePlan,
  NOTE_MAX,
  type Place,
  type PlaceKind,
  type Row,
  type SeatsSection,
  type Selection,
} from '../plan.ts'
import { isPlain, patched, withRows, withSections } from './change.ts'

/** Paints sections as a whole, or seats. A row whose seats are all painted has the grade itself. */
export function paintGrade(plan: HousePlan, selection: Selection, grade: string): HousePlan {
  if (selection.kind === 'shapes') return plan
  return selection.kind === 'sections'
    ? paintSections(plan, selection.names, grade)
    : paintSeats(plan, selection.names, grade)
}

function paintSections(plan: HousePlan, names: readonly string[], grade: string): HousePlan {
  const painted = withSections(plan, names, section => {
    const whole = patched(section, { grade })
    if (whole.kind === 'standing' || whole.rows.every(row => row.grade === undefined)) return whole
    return { ...whole, rows: whole.rows.map(row => patched(row, { grade: undefined })) }
  })
  const sections = new Set(names)
  const inside = Object.keys(plan.places).filter(name => sections.has(name.slice(0, name.indexOf('-'))))
  return withPlaces(painted, inside, place => patched(place, { grade: undefined }))
}

function paintSeats(plan: HousePlan, names: readonly string[], grade: string): HousePlan {
  const seats = known(plan, [...new Set(names)])
  const painted = new Map<string, number>()
  for (const name of seats) painted.set(rowOf(name), (painted.get(rowOf(name)) ?? 0) + 1)
  const sections = new Set(seats.map(name => name.slice(0, name.indexOf('-'))))
  const rowGrades = new Map<string, string>()
  const next = withSections(plan, [...sections], section => {
    if (section.kind === 'standing') return section
    return paintRows(section, (row: Row) => {
      const name = `${section.section}-${row.row}`
      const rowGrade = painted.get(name) === row.seats ? grade : (row.grade ?? section.grade)
      rowGrades.set(name, rowGrade)
      return patched(row, { grade: rowGrade === section.grade ? undefined : rowGrade })
    })
  })
  return withPlaces(next, seats, (place, name) =>
    patched(place, { grade: rowGrades.get(rowOf(name)) === grade ? undefined : grade }),
  )
}

function paintRows(section: SeatsSection, paint: (row: Row) => Row): SeatsSection {
  const rows = section.rows.map(paint)
  return rows.every((row, index) => row === section.rows[index]) ? section : { ...section, rows }
}

function rowOf(seat: string): string {
  return seat.slice(0, seat.lastIndexOf('-'))
}

/** Says what kind of places these are; undefined: seats like all others. A companion's place belongs to a wheelchair place. */
export function mark(plan: HousePlan, names: readonly string[], kind: PlaceKind | undefined): HousePlan {
  const seats = known(plan, names)
  const marked = withPlaces(sold(plan, seats), seats, (place, name) => {
    const of = kind === 'companion' ? (place.companion_of ?? nearestWheelchair(plan, name)) : undefined
    return patched(place, { kind, companion_of: of })
  })
  return withoutLostCompanions(marked)
}

/** A word to the buyer; undefined or empty: none. */
export function setNote(plan: HousePlan, names: readonly string[], note: string | undefined): HousePlan {
  const short = note && [...note].slice(0, NOTE_MAX).join('')
  return withPlaces(plan, known(plan, names), place => patched(place, { note: short || undefined }))
}

/** Makes a seat the place of a companion. */
export function companionOf(plan: HousePlan, seat: string, wheelchair: string): HousePlan {
  return withPlaces(plan, known(plan, [seat]), place => patched(place, { kind: 'companion', companion_of: wheelchair }))
}

/** Marks a wheelchair place, and beside it the nearest seats that are not special for its companions. */
export function wheelchairWith(plan: HousePlan, name: string, companions = 1): HousePlan {
  const found = findSeat(plan, name)
  if (found === undefined) return plan
  const beside = Array.from({ length: found.row.seats }, (_, place) => place)
    .filter(place => place !== found.place && !isAisleBetween(found.row.aisles ?? [], place, found.place))
    .sort((one, other) => Math.abs(one - found.place) - Math.abs(other - found.place) || other - one)
    .map(place => seatName(found.section.section, found.row.row, labelAt(found.row, place)))
    .filter(seat => plan.places[seat]?.kind === undefined)
    .slice(0, companions)
  return beside.reduce((edited, seat) => companionOf(edited, seat, name), mark(plan, [name], 'wheelchair'))
}

/** Nothing is special about these places any more. */
export function clearPlaces(plan: HousePlan, names: readonly string[]): HousePlan {
  return withoutLostCompanions(withPlaces(sold(plan, names), known(plan, names), () => ({})))
}

function isAisleBetween(aisles: readonly number[], one: number, other: number): boolean {
  const [left, right] = [Math.min(one, other), Math.max(one, other)]
  return aisles.some(after => after > left && after <= right)
}

/** The wheelchair place of the same row that is nearest, or else one of the same section. */
function nearestWheelchair(plan: HousePlan, name: string): string | undefined {
  const seat = findSeat(plan, name)
  if (seat === undefined) return undefined
  const distance = (other: string) => {
    const found = findSeat(plan, other)
    if (found?.section !== seat.section || other === name) return Number.POSITIVE_INFINITY
    return 1000 * Math.abs(found.rowIndex - seat.rowIndex) + Math.abs(found.place - seat.place)
  }
  const wheelchairs = Object.entries(plan.places).filter(([, { kind }]) => kind === 'wheelchair')
  const near = wheelchairs.map(([other]) => ({ other, far: distance(other) })).filter(({ far }) => Number.isFinite(far))
  return near.sort((one, two) => one.far - two.far)[0]?.other
}

/** A companion whose wheelchair place is no longer one is a seat like all others. */
function withoutLostCompanions(plan: HousePlan): HousePlan {
  const isWheelchair = (name: string) => (plan.places[name]?.kind === 'wheelchair' ? name : undefined)
  const lost = Object.entries(plan.places).filter(
    ([, place]) => place.kind === 'companion' && place.companion_of !== undefined && !isWheelchair(place.companion_of),
  )
  return withPlaces(
    plan,
    lost.map(([name]) => name),
    place => patched(place, { kind: undefined, companion_of: undefined }),
  )
}

/** Takes marks of the house back that stand in rows. */
function sold(plan: HousePlan, names: readonly string[]): HousePlan {
  return names.reduce((edited, name) => {
    const found = findSeat(edited, name)
    const place = (found?.place ?? -1) + 1
    if (!found?.row.not_for_sale?.includes(place)) return edited
    const others = found.row.not_for_sale.filter(kept => kept !== place)
    const row = patched(found.row, { not_for_sale: others.length === 0 ? undefined : others })
    return withRows(
      edited,
      found.section,
      found.section.rows.map(was => ({ row: was === found.row ? row : was, was })),
    )
  }, plan)
}

function withPlaces(
  plan: HousePlan,
  names: readonly string[],
  change: (place: Place, name: string) => Place,
): HousePlan {
  const places: Record<string, Place> = { ...plan.places }
  let changed = false
  for (const name of names) {
    const was = plan.places[name]
    const next = change(was ?? {}, name)
    if (next === was || (was === undefined && isPlain(next))) continue
    changed = true
    if (isPlain(next)) delete places[name]
    else places[name] = next
  }
  return changed ? { ...plan, places } : plan
}

function known(plan: HousePlan, names: readonly string[]): string[] {
  return names.filter(name => findSeat(plan, name) !== undefined)
}

/** What a place is, in its row's and its own words. */
export function placeOf(plan: HousePlan, name: string): Place & { grade: string } {
  const found = findSeat(plan, name)
  const place = plan.places[name] ?? {}
  const grade = place.grade ?? found?.row.grade ?? found?.section.grade ?? ''
  const isKept = found?.row.not_for_sale?.includes(found.place + 1) ?? false
  return { ...place, ...(isKept ? { kind: 'house' as const } : {}), grade }
}
