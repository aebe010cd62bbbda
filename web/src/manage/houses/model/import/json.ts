/** Reads a plan from JSON: what the server answers, what `toJson` writes, and the layouts of older performances. */
import { plain } from '../../../plain.ts'
import { automaticPlaces } from '../automatic.ts'
import {
  type Corner,
  type HousePlan,
  LENGTH_MAX_M,
  metres,
  type Numbers,
  PLACE_KINDS,
  type Place,
  type Point,
  placeCount,
  ROW_SEATS_MAX,
  ROWS_MAX,
  type Row,
  rounded,
  SEATS_MAX,
  SECTIONS_MAX,
  type Section,
  SHAPE_KINDS,
  type Shape,
} from '../plan.ts'
import { ImportError, type Imported } from './imported.ts'
import { count, type Json, list, number, object, oneOf, optional, text, whole } from './values.ts'

/** Reads a file. Its plan may still have mistakes that `checkPlan` tells. */
export function readJson(source: string): Imported {
  return { plan: planOf(parsed(source)), remarks: [] }
}

/** A plan from parsed JSON. Sections without places are laid out as the server lays them out. */
export function planOf(json: unknown): HousePlan {
  const root = object(json, '')
  // Files of other programs wrap the plan, as a performance's request does.
  const inner = root.sections === undefined ? (root.plan ?? root.layout ?? root) : root
  const { sections, stage, decorations, focus, places, name } = object(inner, '')
  return {
    name: plain(optional(name ?? root.name, 'name', text) ?? ''),
    stage: list(stage ?? [], 'stage', shapeOf),
    decorations: list(decorations ?? [], 'decorations', shapeOf),
    sections: bounded(sectionsOf(list(sections, 'sections', object))),
    ...defined({ focus: optional(focus, 'focus', pointOf) }),
    places: Object.fromEntries(
      Object.entries(object(places ?? {}, 'places')).map(([seat, place]) => [
        plain(seat),
        placeOf(place, `places[${JSON.stringify(seat)}]`),
      ]),
    ),
  }
}

function parsed(source: string): unknown {
  const clean = source.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(clean)
  } catch (error) {
    throw new ImportError('notJson', lineAt(clean, error))
  }
}

/** Where a parser stopped, if it says so. */
function lineAt(source: string, error: unknown): { line?: number; column?: number } {
  const [, at] = /position (\d+)/.exec(String(error)) ?? []
  if (at === undefined) return {}
  const before = source.slice(0, Number(at)).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** More could not be drawn while it is put right. */
function bounded(sections: Section[]): Section[] {
  const [seats, rows] = [
    sections.map(placeCount),
    sections.map(section => (section.kind === 'seats' ? section.rows : [])),
  ]
  if (seats.reduce((sum, count) => sum + count, 0) > SEATS_MAX || rows.flat().length > ROWS_MAX) {
    throw new ImportError('tooManySeats', {}, { max: SEATS_MAX, rows: ROWS_MAX })
  }
  if (sections.length > SECTIONS_MAX) throw new ImportError('tooManySections', {}, { max: SECTIONS_MAX })
  return sections
}

function sectionsOf(sections: readonly Json[]): Section[] {
  const undrawn = sections.every(section => !isDrawn(section))
  const rows = sections.map((section, index) => list(section.rows ?? [], `sections[${index}].rows`, rowOf))
  const places = automaticPlaces(rows.map(rows => ({ rows })))
  return sections.map((section, index) => {
    const at = undrawn ? places[index] : undefined
    return sectionOf(section, `sections[${index}]`, rows[index] ?? [], at)
  })
}

function isDrawn({ at, kind, turn_deg, curve_m }: Json): boolean {
  return (at ?? curve_m ?? undefined) !== undefined || kind === 'standing' || Number(turn_deg ?? 0) !== 0
}

function sectionOf(json: Json, path: string, rows: Row[], placed: Point | undefined): Section {
  const kind = optional(json.kind, `${path}.kind`, oneOf(['seats', 'standing'] as const)) ?? 'seats'
  const common = {
    section: plain(text(json.section, `${path}.section`)),
    grade: plain(text(json.grade, `${path}.grade`)),
    at: placed ?? pointOf(json.at, `${path}.at`),
    ...defined({ entrance: optional(json.entrance, `${path}.entrance`, plainText) }),
  }
  if (kind === 'standing') {
    const outline = list(json.outline, `${path}.outline`, cornerOf)
    return { kind, ...common, outline, capacity: count(SEATS_MAX)(json.capacity, `${path}.capacity`) }
  }
  const curve = optional(json.curve_m, `${path}.curve_m`, length)
  const turn = optional(json.turn_deg, `${path}.turn_deg`, angle) ?? 0
  return { kind, ...common, turn_deg: turn, ...(curve ? { curve_m: curve } : {}), rows }
}

function rowOf(value: unknown, path: string): Row {
  const json = object(value, path)
  const filled = <T>(values: T[] | undefined) => (values?.length ? values : undefined)
  return {
    row: plain(nameOrNumber(json.row, `${path}.row`)),
    seats: count(ROW_SEATS_MAX)(json.seats, `${path}.seats`),
    ...defined({
      numbers: optional(json.numbers, `${path}.numbers`, numbersOf),
      grade: optional(json.grade, `${path}.grade`, plainText),
      pitch_m: optional(json.pitch_m, `${path}.pitch_m`, length),
      offset_m: optional(json.offset_m, `${path}.offset_m`, length),
      depth_m: optional(json.depth_m, `${path}.depth_m`, length),
      aisles: filled(optional(json.aisles, `${path}.aisles`, wholes)),
      not_for_sale: filled(optional(json.not_for_sale, `${path}.not_for_sale`, wholes)),
    }),
  }
}

function numbersOf(value: unknown, path: string): Numbers {
  if (Array.isArray(value)) return list(value, path, nameOrNumber).map(plain)
  const { first, step } = object(value, path)
  return { first: whole(first, `${path}.first`), step: whole(step, `${path}.step`) }
}

function placeOf(value: unknown, path: string): Place {
  const json = object(value, path)
  return defined({
    grade: optional(json.grade, `${path}.grade`, plainText),
    kind: optional(json.kind, `${path}.kind`, oneOf(PLACE_KINDS)),
    companion_of: optional(json.companion_of, `${path}.companion_of`, plainText),
    note: optional(json.note, `${path}.note`, plainText),
  })
}

function shapeOf(value: unknown, path: string): Shape {
  const json = object(value, path)
  const outline = list(json.outline ?? [], `${path}.outline`, cornerOf)
  return {
    kind: oneOf(SHAPE_KINDS)(json.kind, `${path}.kind`),
    at: optional(json.at, `${path}.at`, pointOf) ?? { x: 0, y: 0 },
    ...(outline.length > 0 ? { outline } : {}),
    ...defined({ text: optional(json.text, `${path}.text`, plainText) }),
  }
}

function pointOf(value: unknown, path: string): Point {
  const { x, y } = object(value, path)
  return { x: length(x, `${path}.x`), y: length(y, `${path}.y`) }
}

function cornerOf(value: unknown, path: string): Corner {
  const [x, y, ...more] = list(value, path, length)
  if (x === undefined || y === undefined || more.length > 0)
    throw new ImportError('json', { path }, { wanted: '[x, y]' })
  return [x, y]
}

function wholes(value: unknown, path: string): number[] {
  return list(value, path, whole)
}

function plainText(value: unknown, path: string): string {
  return plain(text(value, path))
}

/** Names of rows and seats may be written as numbers. */
function nameOrNumber(value: unknown, path: string): string {
  return typeof value === 'number' ? String(value) : text(value, path)
}

function length(value: unknown, path: string): number {
  return metres(number(LENGTH_MAX_M)(value, path))
}

function angle(value: unknown, path: string): number {
  return rounded(number(360)(value, path) * 10) / 10
}

/** Without what is undefined. */
function defined<T extends object>(
  properties: T,
): { [K in keyof T]: Exclude<T[K], undefined> } | Record<string, never> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Record<
    string,
    never
  >
}
