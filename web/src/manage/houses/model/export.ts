/** A plan as the server takes it, as a file, and its seats as a table. */
import { plain } from '../../plain.ts'
import { labelsOf, seatName } from './names.ts'
import { seatsOf } from './placed.ts'
import {
  type HousePlan,
  metres,
  type Numbers,
  type Place,
  type Places,
  type Row,
  type Section,
  type Shape,
} from './plan.ts'

/** The body of `POST /v1/manage/houses`: plain names, and nothing that says what goes without saying. */
export interface HouseBody {
  name: string
  stage: Shape[]
  decorations: Shape[]
  sections: object[]
  focus?: { x: number; y: number }
  places: Places
}

export function toBody(plan: HousePlan): HouseBody {
  return {
    name: plain(plan.name),
    stage: plan.stage.map(shapeBody),
    decorations: plan.decorations.map(shapeBody),
    sections: plan.sections.map(sectionBody),
    ...(plan.focus === undefined ? {} : { focus: plan.focus }),
    places: placesBody(plan.places),
  }
}

/** The size of the body in bytes. Counts again only what changed. */
export function bytesOf(plan: HousePlan): number {
  const sections = plan.sections.reduce((sum, section) => sum + bytesOfSection(section) + 1, 0)
  return sections + sizeOf(toBody({ ...plan, sections: [], places: {} })) + bytesOfPlaces(plan.places)
}

/** A file that `importFile` reads back without loss. */
export function toJson(plan: HousePlan): string {
  return `${JSON.stringify(toBody(plan), null, 1)}\n`
}

const HEADER = ['section', 'row', 'seat', 'x', 'y', 'grade', 'kind', 'companion_of', 'note']

/** One line for each seat, in the order of counting (RFC 4180). Standing areas and shapes are not in it. */
export function toCsv(plan: HousePlan): string {
  const lines = plan.sections.flatMap(section => (section.kind === 'seats' ? csvOfSection(section, plan) : []))
  return [HEADER, ...lines].map(cells => `${cells.map(cell).join(',')}\r\n`).join('')
}

function csvOfSection(section: Extract<Section, { kind: 'seats' }>, plan: HousePlan): string[][] {
  const seats = seatsOf(section)
  return section.rows.flatMap((row, index) =>
    labelsOf(row).map((label, place) => {
      const seat = seats[index]?.[place]
      const special: Place = plan.places[seatName(section.section, row.row, label)] ?? {}
      const kind = special.kind ?? (row.not_for_sale?.includes(place + 1) ? 'house' : '')
      return [
        section.section,
        row.row,
        label,
        String(metres(seat?.x ?? 0)),
        String(metres(seat?.y ?? 0)),
        special.grade ?? row.grade ?? section.grade,
        kind,
        special.companion_of ?? '',
        special.note ?? '',
      ]
    }),
  )
}

/** Quotes what would not be read as one cell. A spreadsheet takes what begins with `=` for a formula: a space prevents it. */
function cell(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) || /^-(?![\d.])/.test(text) ? ` ${text}` : text
  return /[",;\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const sectionBytes = new WeakMap<Section, number>()
const placesBytes = new WeakMap<Places, number>()

function bytesOfSection(section: Section): number {
  const known = sectionBytes.get(section) ?? sizeOf(sectionBody(section))
  sectionBytes.set(section, known)
  return known
}

function bytesOfPlaces(places: Places): number {
  const known = placesBytes.get(places) ?? sizeOf(placesBody(places))
  placesBytes.set(places, known)
  return known
}

function sizeOf(body: object): number {
  return new TextEncoder().encode(JSON.stringify(body)).length
}

function sectionBody(section: Section): object {
  const { section: name, grade, at, entrance } = section
  const common = { section: plain(name), grade: plain(grade), at, ...(entrance ? { entrance: plain(entrance) } : {}) }
  if (section.kind === 'standing') {
    return { ...common, kind: 'standing', outline: section.outline, capacity: section.capacity }
  }
  return {
    ...common,
    kind: 'seats',
    ...(section.turn_deg === 0 ? {} : { turn_deg: section.turn_deg }),
    ...(section.curve_m ? { curve_m: section.curve_m } : {}),
    rows: section.rows.map(rowBody),
  }
}

function rowBody({ row, numbers, grade, ...others }: Row): object {
  return {
    row: plain(row),
    ...others,
    ...(numbers === undefined ? {} : { numbers: numbersBody(numbers) }),
    ...(grade === undefined ? {} : { grade: plain(grade) }),
  }
}

function numbersBody(numbers: Numbers): Numbers {
  return 'first' in numbers ? numbers : numbers.map(plain)
}

function shapeBody({ kind, at, outline, text }: Shape): Shape {
  return { kind, at, ...(outline?.length ? { outline } : {}), ...(text ? { text: plain(text) } : {}) }
}

function placesBody(places: Places): Places {
  return Object.fromEntries(
    Object.entries(places).map(([name, { grade, kind, companion_of, note }]) => [
      plain(name),
      {
        ...(grade === undefined ? {} : { grade: plain(grade) }),
        ...(kind === undefined ? {} : { kind }),
        ...(companion_of === undefined ? {} : { companion_of: plain(companion_of) }),
        ...(note === undefined ? {} : { note: plain(note) }),
      },
    ]),
  )
}
