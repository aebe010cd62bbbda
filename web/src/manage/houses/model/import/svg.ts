/**
 * Reads a drawing: circles and rectangles that say which seat they are become seats, an element called `stage` the stage, an element
 * with a capacity a standing area. docs/HOUSES.md says how to draw one. Scripts are not run and nothing is loaded: the document is
 * only read.
 */
import { type Corner, LENGTH_MAX_M, metres, type Point, point, type Shape, type StandingSection } from '../plan.ts'
import { assembled, GRADE, nameFrom } from './assemble.ts'
import { ImportError, type Imported, type Remark } from './imported.ts'
import { perMetreOf, type Scale } from './scale.ts'
import { type Drawing, type DrawnArea, drawingOf } from './svg-elements.ts'

export interface SvgOptions extends Scale {
  name?: string
  /** The browser's, unless a test has its own. */
  parse?: (source: string) => Document
}

export function readSvg(source: string, options: SvgOptions = {}): Imported {
  refuseEntities(source)
  const root = rootOf(source, options.parse ?? (text => new DOMParser().parseFromString(text, 'image/svg+xml')))
  const drawing = drawingOf(root)
  const unitsPerMetre = options.unitsPerMetre ?? drawing.unitsPerMetre
  const { perMetre, remarks } = perMetreOf(drawing.seats, {
    ...options,
    ...(unitsPerMetre === undefined ? {} : { unitsPerMetre }),
  })
  return assembled(inMetres(drawing, perMetre, options.name ?? drawing.title), [...remarks, ...leftOut(drawing)])
}

/** Entities of entities grow without bound, and external ones would be fetched. Those of drawing programs are short. */
function refuseEntities(source: string): void {
  for (const [, isParameter, value = ''] of source.matchAll(/<!ENTITY\s+(%\s+)?[^\s>]+\s+([^>]*)>/g)) {
    const isOutside = /^(SYSTEM|PUBLIC)\b/.test(value)
    if (isParameter !== undefined || isOutside || value.includes('&') || value.length > 500) {
      throw new ImportError('notSvg', {}, { wanted: 'ENTITY' })
    }
  }
}

function rootOf(source: string, parse: (source: string) => Document): Element {
  let document: Document
  try {
    document = parse(source.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new ImportError('notSvg', lineIn(String(error)))
  }
  const [wrong] = Array.from(document.getElementsByTagName('parsererror'))
  if (wrong !== undefined) throw new ImportError('notSvg', lineIn(wrong.textContent ?? ''))
  const root = document.documentElement
  if (root?.localName !== 'svg') throw new ImportError('notSvg')
  return root
}

function lineIn(words: string): { line?: number } {
  const [, line] = /line\D{0,3}(\d+)/i.exec(words) ?? []
  return line === undefined ? {} : { line: Number(line) }
}

function leftOut({ unnamed, unknown }: Drawing): Remark[] {
  const told: Remark[] = []
  if (unnamed > 0) told.push({ code: 'unnamed', values: { count: unnamed } })
  if (unknown > 0) told.push({ code: 'unknown', values: { count: unknown } })
  return told
}

/** Around the middle of the stage, or of the seats where none is drawn. */
function inMetres(drawing: Drawing, perMetre: number, name: string) {
  const origin = originOf(drawing)
  const place = ({ x, y }: Point) => bounded({ x: (x - origin.x) / perMetre, y: (y - origin.y) / perMetre })
  const shapes = drawing.shapes.map(area => shapeOf(area, place))
  const stage = shapes.filter(({ kind }) => kind === 'stage')
  const focus =
    stage.length > 0 ? middleOfCorners(drawing.shapes.filter(({ kind }) => kind === 'stage')) : topOf(drawing)
  return {
    name,
    seats: drawing.seats.map(seat => ({ ...seat, ...place(seat) })),
    standing: drawing.standing.map(area => standingOf(area, place)),
    stage,
    decorations: shapes.filter(({ kind }) => kind !== 'stage'),
    focus: place(focus),
  }
}

function originOf(drawing: Drawing): Point {
  const stage = drawing.shapes.filter(({ kind }) => kind === 'stage')
  return stage.length > 0 ? middleOfCorners(stage) : topOf(drawing)
}

/** Where the stage is if none is drawn: at the top of the drawing, in the middle. */
function topOf({ seats, standing }: Drawing): Point {
  const { left, right, top } = edges([...seats, ...standing.flatMap(({ corners }) => corners)])
  return { x: (left + right) / 2, y: top - 0.001 * (right - left || 1) }
}

function middleOfCorners(areas: readonly DrawnArea[]): Point {
  const { left, right, top, bottom } = edges(areas.flatMap(({ corners }) => corners))
  return { x: (left + right) / 2, y: (top + bottom) / 2 }
}

function edges(points: readonly Point[]) {
  let [left, right, top, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]
  for (const { x, y } of points) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return points.length > 0 ? { left, right, top, bottom } : { left: 0, right: 0, top: 0, bottom: 0 }
}

function bounded({ x, y }: Point): Point {
  if (Math.abs(x) <= LENGTH_MAX_M && Math.abs(y) <= LENGTH_MAX_M) return { x, y }
  throw new ImportError('cell', {}, { column: 'x, y', wanted: `${-LENGTH_MAX_M} – ${LENGTH_MAX_M} m` })
}

function outlined(area: DrawnArea, place: (point: Point) => Point): { at: Point; outline: Corner[] } {
  const corners = area.corners.map(place)
  const { left, right, top, bottom } = edges(corners)
  const at = point((left + right) / 2, (top + bottom) / 2)
  return { at, outline: corners.map(({ x, y }): Corner => [metres(x - at.x), metres(y - at.y)]) }
}

function shapeOf(area: DrawnArea, place: (point: Point) => Point): Shape {
  const { at, outline } = outlined(area, place)
  return { kind: area.kind, at, outline, ...(area.text === undefined ? {} : { text: area.text }) }
}

function standingOf(area: DrawnArea & { capacity: number }, place: (point: Point) => Point): StandingSection {
  const { at, outline } = outlined(area, place)
  return {
    kind: 'standing',
    section: nameFrom(area.name),
    grade: area.grade ?? GRADE,
    at,
    outline,
    capacity: area.capacity,
  }
}
