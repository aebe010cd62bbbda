/** Finds seats, standing areas and shapes in a drawing, in the drawing's own units. */
import { plain } from '../../../plain.ts'
import { CORNERS_MAX, PLACE_KINDS, type Point, SEATS_MAX, SHAPE_KINDS, SHAPES_MAX, type ShapeKind } from '../plan.ts'
import type { FoundSeat } from './assemble.ts'
import { ImportError } from './imported.ts'
import { applied, IDENTITY, type Matrix, matrixOf, numbersIn, times } from './svg-transform.ts'

export interface Drawing {
  title: string
  unitsPerMetre?: number
  seats: FoundSeat[]
  standing: (DrawnArea & { capacity: number })[]
  shapes: DrawnArea[]
  /** Circles and rectangles that do not say which seat they are. */
  unnamed: number
  /** Elements of kinds that are not read, and say that they are a seat. */
  unknown: number
}

export interface DrawnArea {
  kind: ShapeKind
  name: string
  grade?: string
  text?: string
  corners: Point[]
}

/** What groups say for all that is in them. */
interface Inherited {
  matrix: Matrix
  section?: string
  row?: string
  grade?: string
  shape?: ShapeKind
}

const ELEMENTS_MAX = 1_000_000
const DEPTH_MAX = 200
/** What is in them is not drawn, or not a drawing. */
const SKIPPED = new Set([
  'defs',
  'symbol',
  'clipPath',
  'mask',
  'pattern',
  'marker',
  'metadata',
  'style',
  'script',
  'foreignObject',
])
const GROUPS = new Set(['svg', 'g', 'a', 'switch'])

export function drawingOf(root: Element): Drawing {
  const title = textOf(childrenOf(root).find(({ localName }) => localName === 'title'))
  const scale = Number(root.getAttribute('data-units-per-metre') ?? '')
  const drawing: Drawing = { title, seats: [], standing: [], shapes: [], unnamed: 0, unknown: 0 }
  if (scale > 0 && Number.isFinite(scale)) drawing.unitsPerMetre = scale
  let count = 0
  const visit = (element: Element, inherited: Inherited, depth: number) => {
    count += 1
    if (count > ELEMENTS_MAX || depth > DEPTH_MAX) throw new ImportError('tooLarge', {}, { max: ELEMENTS_MAX })
    if (SKIPPED.has(element.localName) || element.getAttribute('display') === 'none') return
    const inside = inheritedBy(element, inherited, depth)
    if (GROUPS.has(element.localName)) for (const child of childrenOf(element)) visit(child, inside, depth + 1)
    else read(element, inside, drawing)
  }
  visit(root, { matrix: IDENTITY }, 0)
  return drawing
}

function inheritedBy(element: Element, { matrix, ...words }: Inherited, depth: number): Inherited {
  const said = (name: string) => element.getAttribute(name) ?? undefined
  const [section, row, grade] = [said('data-section'), said('data-row'), said('data-grade')]
  const shape = shapeKindOf(element)
  const own = times(
    matrixOf(said('transform') ?? ''),
    depth > 0 && element.localName === 'svg' ? viewOf(element) : IDENTITY,
  )
  return {
    ...words,
    matrix: times(matrix, own),
    ...(section === undefined ? {} : { section }),
    ...(row === undefined ? {} : { row }),
    ...(grade === undefined ? {} : { grade }),
    ...(shape === undefined ? {} : { shape }),
  }
}

/** `data-shape="wall"`, or the id `stage`. */
function shapeKindOf(element: Element): ShapeKind | undefined {
  const said = element.getAttribute('data-shape')
  const known = SHAPE_KINDS.find(kind => kind === said && kind !== 'text')
  return known ?? (/^stage\b/i.test(element.getAttribute('id') ?? '') ? 'stage' : undefined)
}

/** How a drawing within the drawing fits its place. */
function viewOf(element: Element): Matrix {
  const size = (name: string) => Number.parseFloat(element.getAttribute(name) ?? '')
  const [left = 0, top = 0, width = 0, height = 0] = numbersIn(element.getAttribute('viewBox') ?? '')
  const [across, down] = [size('width') / width, size('height') / height]
  const scale = Number.isFinite(across) && Number.isFinite(down) && width > 0 && height > 0 ? Math.min(across, down) : 1
  return [scale, 0, 0, scale, (size('x') || 0) - scale * left, (size('y') || 0) - scale * top]
}

function read(element: Element, inherited: Inherited, drawing: Drawing): void {
  const capacity = Number(element.getAttribute('data-capacity') ?? '')
  if (inherited.shape !== undefined || capacity > 0) readArea(element, inherited, capacity, drawing)
  else readSeat(element, inherited, drawing)
}

function readSeat(element: Element, inherited: Inherited, drawing: Drawing): void {
  const middle = middleOf(element)
  const name = seatNameOf(element, inherited)
  if (middle === undefined) drawing.unknown += name !== undefined && saysSeat(element) ? 1 : 0
  else if (name === undefined) drawing.unnamed += 1
  else drawing.seats.push({ ...name, ...applied(inherited.matrix, middle), ...specialOf(element, inherited) })
  if (drawing.seats.length > SEATS_MAX) throw new ImportError('tooManySeats', {}, { max: SEATS_MAX })
}

function saysSeat(element: Element): boolean {
  return element.getAttribute('data-seat') !== null || element.getAttribute('data-number') !== null
}

function readArea(element: Element, inherited: Inherited, capacity: number, drawing: Drawing): void {
  const corners = cornersOf(element)
    .slice(0, CORNERS_MAX)
    .map(corner => applied(inherited.matrix, corner))
  if (corners.length < 3) return
  const { shape = 'field', section, grade } = inherited
  const text = plain(element.getAttribute('data-text') ?? '')
  const name = section ?? element.getAttribute('id') ?? ''
  const area: DrawnArea = {
    kind: shape,
    name,
    corners,
    ...(grade === undefined ? {} : { grade: plain(grade) }),
    ...(text === '' ? {} : { text: text.slice(0, 40) }),
  }
  if (capacity > 0) drawing.standing.push({ ...area, capacity: Math.round(capacity) })
  else drawing.shapes.push(area)
  if (drawing.shapes.length + drawing.standing.length > SHAPES_MAX) {
    throw new ImportError('tooLarge', {}, { max: SHAPES_MAX })
  }
}

/** `data-seat`, `data-number`, the label in Inkscape or the id, completed by what the groups around it say. */
function seatNameOf(
  element: Element,
  { section, row }: Inherited,
): Pick<FoundSeat, 'section' | 'row' | 'label'> | undefined {
  const label = element.getAttribute('inkscape:label')
  const words = [
    element.getAttribute('data-seat'),
    element.getAttribute('data-number'),
    label,
    element.getAttribute('id'),
  ]
  for (const word of words) {
    const parts = (word ?? '').split('-').map(part => part.trim())
    if (parts.some(part => part === '') || parts.length > 3) continue
    const [one = '', two = '', three = ''] = parts
    if (parts.length === 3) return { section: one, row: two, label: three }
    if (parts.length === 2 && section !== undefined) return { section, row: one, label: two }
    // An id such as `circle12` names no seat.
    const isSaid = word !== element.getAttribute('id')
    if (parts.length === 1 && section !== undefined && row !== undefined && isSaid) return { section, row, label: one }
  }
  return undefined
}

function specialOf(
  element: Element,
  { grade }: Inherited,
): Pick<FoundSeat, 'grade' | 'kind' | 'companion_of' | 'note'> {
  const kind = PLACE_KINDS.find(kind => kind === element.getAttribute('data-kind'))
  const [of, note] = [element.getAttribute('data-companion-of'), element.getAttribute('data-note')]
  return {
    ...(grade === undefined ? {} : { grade }),
    ...(kind === undefined ? {} : { kind }),
    ...(of === null ? {} : { companion_of: of }),
    ...(note === null ? {} : { note }),
  }
}

/** The middle of a circle or a rectangle; undefined for all else. */
function middleOf(element: Element): Point | undefined {
  const at = (name: string) => Number.parseFloat(element.getAttribute(name) ?? '') || 0
  const { localName } = element
  if (localName === 'circle' || localName === 'ellipse') return { x: at('cx'), y: at('cy') }
  if (localName !== 'rect') return undefined
  return { x: at('x') + at('width') / 2, y: at('y') + at('height') / 2 }
}

const ROUND_CORNERS = 24

function cornersOf(element: Element): Point[] {
  const at = (name: string) => Number.parseFloat(element.getAttribute(name) ?? '') || 0
  const { localName } = element
  if (localName === 'rect') {
    const [x, y, width, height] = [at('x'), at('y'), at('width'), at('height')]
    return [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      { x, y: y + height },
    ]
  }
  if (localName === 'polygon' || localName === 'polyline') {
    const values = numbersIn(element.getAttribute('points') ?? '')
    return Array.from({ length: values.length >> 1 }, (_, index) => ({
      x: values[2 * index] ?? 0,
      y: values[2 * index + 1] ?? 0,
    }))
  }
  if (localName !== 'circle' && localName !== 'ellipse') return []
  const [rx, ry] = localName === 'circle' ? [at('r'), at('r')] : [at('rx'), at('ry')]
  return Array.from({ length: ROUND_CORNERS }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / ROUND_CORNERS
    return { x: at('cx') + rx * Math.sin(angle), y: at('cy') - ry * Math.cos(angle) }
  })
}

function childrenOf(element: Element): Element[] {
  const children: Element[] = []
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === 1) children.push(node as Element)
  }
  return children
}

function textOf(element: Element | undefined): string {
  return plain(element?.textContent ?? '')
}
