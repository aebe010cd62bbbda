/** What a drag does, by the tool in hand and by what is under the pointer. A drag is one step of the history. */
import { boxOf, boxOfSection, boxOfShape } from '../model/box.ts'
import { move, turn } from '../model/edit/arrange.ts'
import { mark, paintGrade, wheelchairWith } from '../model/edit/places.ts'
import { addSections, changeSection, newSection, newStanding } from '../model/edit/sections.ts'
import { addShape, changeShape, rectangle, setFocus } from '../model/edit/shapes.ts'
import { parseSeatName } from '../model/names.ts'
import {
  type Corner,
  DEPTH_M,
  type HousePlan,
  metres,
  PITCH_M,
  point,
  ROW_SEATS_MAX,
  SEATS_MAX,
  type Selection,
  type ShapeKind,
  sectionNamed,
} from '../model/plan.ts'
import { seatNames } from '../model/totals.ts'
import { distance, type Point, spanned } from './camera.ts'
import { joined, NOTHING, sameShape, toggled } from './desk.ts'
import { seatNameOf } from './drawn.ts'
import type { Easel } from './easel.ts'
import { type Handle, outlinedOne, radiusThrough, singleSection } from './handles.ts'
import { cornersOf } from './paintOver.ts'
import { type Guide, linesOf, snapped, snappedPoint, toGrid } from './snap.ts'
import { areaOf, seatAt, seatsAlong, seatsIn, sectionAt, shapeAt, thingsIn } from './under.ts'

export interface Pressed {
  /** In metres. */
  at: Point
  shift: boolean
  alt: boolean
  touch: boolean
}

export interface Drag {
  move(to: Pressed): void
  /** `moved` is false for a mere click. */
  end(to: Pressed, moved: boolean): void
}

/** Pixels. */
const SNAP = 8
const FINGER = 20
const MOUSE = 9
const TURN_STEP = 15
const TURN_REACH = 3
const BRUSH_PX = 12
const BRUSH_M = 0.32
/** People on a square metre of a standing area, to begin with. */
const CROWD = 2
const ROWS_FIRST = { rows: 8, seats: 12 }
const SHAPE_FIRST: Record<ShapeKind, [number, number]> = {
  stage: [12, 6],
  field: [20, 12],
  wall: [6, 0.3],
  door: [2, 0.4],
  text: [0, 0],
}
let strokes = 0

/** The name of a step that goes on while a drag lasts. */
function step(): string {
  strokes += 1
  return `drag ${strokes}`
}

export function reachOf(easel: Easel, touch: boolean): number {
  return (touch ? FINGER : MOUSE) / easel.camera.scale
}

/** Begins a drag; `undefined` if the pointer pans here. */
export function beginDrag(easel: Easel, from: Pressed, words: DragWords): Drag | undefined {
  const { tool } = easel.desk.state
  if (tool === 'pan') return undefined
  if (tool === 'grade' || tool === 'mark') return paints(easel, from)
  if (tool === 'focus') return movesFocus(easel)
  if (tool === 'seats') return selectsSeats(easel, from)
  if (tool === 'rows' || tool === 'standing') return drawsSection(easel, from, tool, words)
  if (tool !== 'select') return drawsShape(easel, from, tool, words)
  return selects(easel, from)
}

export interface DragWords {
  rows(rows: number, seats: number): string
  standing(capacity: number): string
  size(width: number, depth: number): string
  text: string
  grade: string
}

function selects(easel: Easel, from: Pressed): Drag | undefined {
  const { desk } = easel
  const under = thingAt(easel, from)
  if (under === undefined) {
    const { trace } = desk.state
    return from.touch && desk.state.area === 'rectangle' && trace === undefined
      ? undefined
      : (movesTrace(easel, from) ?? selectsArea(easel, from, thingsIn))
  }
  const chosen = includes(desk.state.selection, under)
  if (from.shift) {
    desk.select(toggled(desk.state.selection, under))
    return nothing
  }
  if (!chosen) desk.select(under)
  const moves = movesSelection(easel, from)
  return {
    move: moves.move,
    end(to, moved) {
      if (moved) moves.end(to, moved)
      else if (chosen) desk.select(under)
    },
  }
}

const nothing: Drag = { move() {}, end() {} }

export function thingAt(easel: Easel, { at, touch }: Pressed): Selection | undefined {
  const section = sectionAt(easel.plan, at)
  if (section !== undefined) return { kind: 'sections', names: [section] }
  const shape = shapeAt(easel.plan, at, reachOf(easel, touch))
  return shape === undefined ? undefined : { kind: 'shapes', shapes: [shape] }
}

function includes(selection: Selection, thing: Selection): boolean {
  if (selection.kind === 'shapes' && thing.kind === 'shapes') {
    return thing.shapes.every(shape => selection.shapes.some(each => sameShape(each, shape)))
  }
  if (selection.kind !== thing.kind || selection.kind === 'shapes' || thing.kind === 'shapes') return false
  return thing.names.every(name => selection.names.includes(name))
}

/** The lines of everything that is not selected. */
function linesBeside(plan: HousePlan, selection: Selection) {
  const names = new Set(selection.kind === 'sections' ? selection.names : [])
  const boxes = plan.sections.filter(({ section }) => !names.has(section)).map(boxOfSection)
  const shapes = (['stage', 'decorations'] as const).flatMap(list =>
    plan[list].filter(
      (_, index) => !(selection.kind === 'shapes' && selection.shapes.some(shape => sameShape(shape, { list, index }))),
    ),
  )
  return linesOf([...boxes, ...shapes.map(boxOfShape)], plan.focus === undefined ? [] : [plan.focus])
}

function movesSelection(easel: Easel, from: Pressed): Drag {
  const { desk } = easel
  const { selection, snaps } = desk.state
  const box = boxOf(desk.plan, selection)
  const lines = linesBeside(desk.plan, selection)
  const byOf = (to: Pressed): { by: Point; guides: readonly Guide[] } => {
    let by = { x: to.at.x - from.at.x, y: to.at.y - from.at.y }
    if (to.shift) by = Math.abs(by.x) > Math.abs(by.y) ? { x: by.x, y: 0 } : { x: 0, y: by.y }
    if (box === undefined || !snaps || to.alt) return { by, guides: [] }
    return snapped(box, by, lines, SNAP / easel.camera.scale)
  }
  return {
    move(to) {
      const { by, guides } = byOf(to)
      easel.over({ moving: by, guides })
    },
    end(to) {
      const { by } = byOf(to)
      easel.over({ moving: undefined, guides: [] })
      desk.edit(plan => move(plan, selection, by.x, by.y))
    },
  }
}

function selectsSeats(easel: Easel, from: Pressed): Drag {
  const { desk } = easel
  const area = selectsArea(easel, from, (plan, area) => ({ kind: 'seats', names: seatsIn(plan, area) }))
  return {
    move: area.move,
    end(to, moved) {
      if (moved) return area.end(to, moved)
      const found = seatAt(easel.plan, from.at, Math.max(reachOf(easel, from.touch), 0.35))
      const seat: Selection = { kind: 'seats', names: found === undefined ? [] : [nameOf(found)] }
      desk.select(from.shift ? toggled(desk.state.selection, seat) : seat)
    },
  }
}

function nameOf({ section, seat }: NonNullable<ReturnType<typeof seatAt>>): string {
  return seatNameOf(section, seat)
}

function selectsArea(
  easel: Easel,
  from: Pressed,
  find: (plan: HousePlan, area: ReturnType<typeof areaOf>) => Selection,
): Drag {
  const { desk } = easel
  const before = from.shift ? desk.state.selection : NOTHING
  const byLasso = (desk.state.area === 'lasso') !== from.alt
  const points = [from.at]
  return {
    move({ at }) {
      if (byLasso) {
        points.push(at)
        easel.over({ lasso: [...points] })
      } else {
        easel.over({ marquee: spanned(from.at, at) })
      }
    },
    end({ at }, moved) {
      easel.over({ marquee: undefined, lasso: undefined })
      if (!moved) return desk.select(before)
      const found = find(desk.plan, byLasso ? areaOf(points) : { box: spanned(from.at, at) })
      desk.select(from.shift ? joined(before, found) : found)
    },
  }
}

/** Drags one of the handles of the selection. */
export function dragHandle(easel: Easel, handle: Handle): Drag {
  const drag =
    handle.kind === 'turn' ? turns(easel, handle) : handle.kind === 'curve' ? bends(easel) : movesCorner(easel, handle)
  return {
    move: drag.move,
    end(to, moved) {
      drag.end(to, moved)
      easel.over({ guides: [], tip: undefined })
      easel.desk.end()
    },
  }
}

function turns(easel: Easel, { about, at: grip }: Handle): Drag {
  const { desk } = easel
  const [before, { selection, snaps }] = [desk.plan, desk.state]
  const single = singleSection(before, selection)
  const own = single?.kind === 'seats' ? single.turn_deg : 0
  const centre = about ?? grip
  const first = angleOf(centre, grip)
  const going = step()
  return {
    move(to) {
      const raw = own + angleOf(centre, to.at) - first
      const near = Math.round(raw / TURN_STEP) * TURN_STEP
      const angle = snaps && !to.alt && Math.abs(near - raw) < TURN_REACH ? near : Math.round(raw)
      desk.edit(() => turn(before, selection, angle - own, centre), going)
      const shown = ((((angle + 180) % 360) + 360) % 360) - 180
      easel.over({ tip: { at: to.at, text: `${shown}°` } })
    },
    end() {},
  }
}

function angleOf(about: Point, at: Point): number {
  return (Math.atan2(at.x - about.x, about.y - at.y) * 180) / Math.PI
}

function bends(easel: Easel): Drag {
  const { desk } = easel
  const section = singleSection(desk.plan, desk.state.selection)
  const going = step()
  if (section?.kind !== 'seats') return nothing
  return {
    move(to) {
      const radius = radiusThrough(section, to.at)
      const curve_m = radius === undefined ? undefined : Math.round(radius * 2) / 2
      desk.edit(plan => changeSection(plan, section.section, { curve_m }), going)
      easel.over({ tip: { at: to.at, text: curve_m === undefined ? '—' : `${curve_m} m` } })
    },
    end() {},
  }
}

function movesCorner(easel: Easel, { corner = 0 }: Handle): Drag {
  const { desk } = easel
  const { selection, snaps } = desk.state
  const [before, going] = [outlinedOne(desk.plan, selection), step()]
  const lines = linesBeside(desk.plan, selection)
  if (before?.outline === undefined) return nothing
  const { at, outline } = before
  return {
    move(to) {
      const { at: corners, guides } =
        snaps && !to.alt ? snappedPoint(to.at, lines, SNAP / easel.camera.scale) : { at: to.at, guides: [] }
      const moved: Corner = [metres(corners.x - at.x), metres(corners.y - at.y)]
      desk.edit(plan => withOutline(plan, selection, outline.with(corner, moved)), going)
      easel.over({ guides })
    },
    end() {},
  }
}

/** Exchanges the outline of the one standing area or shape that is selected. */
export function withOutline(plan: HousePlan, selection: Selection, outline: readonly Corner[]): HousePlan {
  if (selection.kind === 'sections') return changeSection(plan, selection.names[0] ?? '', { outline })
  const [ref] = selection.kind === 'shapes' ? selection.shapes : []
  return ref === undefined ? plan : changeShape(plan, ref, { outline })
}

function movesTrace(easel: Easel, from: Pressed): Drag | undefined {
  const { desk } = easel
  const { trace } = desk.state
  if (trace === undefined || trace.locked || from.shift || from.alt) return undefined
  const height = trace.width * trace.ratio
  const inside = Math.abs(from.at.x - trace.at.x) <= trace.width / 2 && Math.abs(from.at.y - trace.at.y) <= height / 2
  if (!inside) return undefined
  return {
    move({ at }) {
      const moved = { x: trace.at.x + at.x - from.at.x, y: trace.at.y + at.y - from.at.y }
      desk.set({ trace: { ...trace, at: moved } })
    },
    end(_, moved) {
      if (!moved) desk.select(NOTHING)
    },
  }
}

function movesFocus(easel: Easel): Drag {
  const { desk } = easel
  const at = (to: Pressed) => (to.alt ? to.at : { x: toGrid(to.at.x), y: toGrid(to.at.y) })
  return {
    move(to) {
      easel.over({ focus: at(to) })
    },
    end(to) {
      easel.over({ focus: undefined })
      desk.edit(plan => setFocus(plan, at(to)))
    },
  }
}

/** Paints grades or marks, on seats, on their rows or on their sections. */
function paints(easel: Easel, from: Pressed): Drag {
  const { desk } = easel
  const { tool, stroke, brush, mark: kind } = desk.state
  const going = step()
  const reach = Math.max(BRUSH_M, BRUSH_PX / easel.camera.scale)
  const done = new Set<string>()
  let last = from.at
  const first = tool === 'mark' ? seatAt(desk.plan, from.at, reach) : undefined
  // The first place says whether this stroke marks or takes marks away.
  const clears = first !== undefined && desk.plan.places[nameOf(first)]?.kind === kind
  const paint = (names: readonly string[]) => {
    const fresh = names.filter(name => !done.has(name))
    for (const name of fresh) done.add(name)
    if (fresh.length === 0) return
    desk.edit(plan => (tool === 'grade' ? paintGrade(plan, covered(fresh), brush) : marked(plan, fresh)), going)
  }
  const marked = (plan: HousePlan, names: readonly string[]) => {
    if (clears) return mark(plan, names, undefined)
    return kind === 'wheelchair'
      ? names.reduce((edited, name) => wheelchairWith(edited, name), plan)
      : mark(plan, names, kind)
  }
  const covered = (names: readonly string[]): Selection => {
    if (stroke === 'seats') return { kind: 'seats', names }
    if (stroke === 'sections')
      return { kind: 'sections', names: [...new Set(names.map(name => name.split('-', 1)[0] ?? ''))] }
    return { kind: 'seats', names: rowsOf(desk.plan, names) }
  }
  const underOne = () => {
    const seat = seatAt(desk.plan, from.at, reach)
    if (seat !== undefined) return paint([nameOf(seat)])
    const section = sectionAt(desk.plan, from.at)
    const isArea =
      section !== undefined && (stroke === 'sections' || sectionNamed(desk.plan, section)?.kind === 'standing')
    if (tool === 'grade' && isArea)
      desk.edit(plan => paintGrade(plan, { kind: 'sections', names: [section] }, brush), going)
  }
  underOne()
  return {
    move({ at }) {
      paint(seatsAlong(desk.plan, last, at, reach))
      last = at
      easel.over({ brush: { at, radius: reach } })
    },
    end() {
      desk.end()
    },
  }
}

/** All seats of the rows of some seats. */
function rowsOf(plan: HousePlan, names: readonly string[]): string[] {
  const rows = new Set(names.map(name => name.slice(0, name.lastIndexOf('-'))))
  const sections = new Set(names.map(name => parseSeatName(name)?.section ?? ''))
  return [...sections].flatMap(name => {
    const section = sectionNamed(plan, name)
    return section === undefined
      ? []
      : seatNames(section).filter(seat => rows.has(seat.slice(0, seat.lastIndexOf('-'))))
  })
}

function drawsSection(easel: Easel, from: Pressed, tool: 'rows' | 'standing', words: DragWords): Drag {
  const { desk } = easel
  const start = { x: toGrid(from.at.x), y: toGrid(from.at.y) }
  const boxTo = ({ at }: Pressed) => spanned(start, { x: toGrid(at.x), y: toGrid(at.y) })
  const countsOf = (to: Pressed) => {
    const { left, right, top, bottom } = boxTo(to)
    const seats = Math.min(Math.max(1, Math.floor((right - left) / PITCH_M) + 1), ROW_SEATS_MAX)
    const rows = Math.min(
      Math.max(1, Math.floor((bottom - top) / DEPTH_M) + 1),
      Math.max(1, Math.floor(SEATS_MAX / seats)),
    )
    return { rows, seats, capacity: Math.max(1, Math.round((right - left) * (bottom - top) * CROWD)) }
  }
  return {
    move(to) {
      const { rows, seats, capacity } = countsOf(to)
      const text = tool === 'rows' ? words.rows(rows, seats) : words.standing(capacity)
      easel.over({ ghost: { outline: cornersOf(boxTo(to)), text } })
    },
    end(to, moved) {
      easel.over({ ghost: undefined })
      const { left, right, top, bottom } = moved ? boxTo(to) : around(start, tool === 'rows' ? [7, 8] : [8, 6])
      const { rows, seats, capacity } = moved ? countsOf(to) : { ...ROWS_FIRST, capacity: 100 }
      const grade = desk.state.brush || words.grade
      desk.make(plan => {
        const middle = (left + right) / 2
        if (tool === 'rows')
          return addSections(plan, [newSection(plan, { grade, rows, seats, at: { x: middle, y: top } })])
        const [width, depth] = [Math.max(right - left, 1), Math.max(bottom - top, 1)]
        const at = { x: middle, y: (top + bottom) / 2 }
        return addSections(plan, [
          newStanding(plan, { grade, capacity: Math.min(capacity, SEATS_MAX), at, width, depth }),
        ])
      })
      desk.set({ tool: 'select' })
    },
  }
}

function around({ x, y }: Point, [width, depth]: readonly [number, number]) {
  return { left: x - width / 2, right: x + width / 2, top: y - depth / 2, bottom: y + depth / 2 }
}

function drawsShape(easel: Easel, from: Pressed, kind: ShapeKind, words: DragWords): Drag {
  const { desk } = easel
  const start = { x: toGrid(from.at.x), y: toGrid(from.at.y) }
  const boxTo = ({ at }: Pressed) => spanned(start, { x: toGrid(at.x), y: toGrid(at.y) })
  return {
    move(to) {
      if (kind === 'text') return
      const box = boxTo(to)
      const text = words.size(box.right - box.left, box.bottom - box.top)
      easel.over({ ghost: { outline: cornersOf(box), text } })
    },
    end(to, moved) {
      easel.over({ ghost: undefined })
      const box = boxTo(to)
      const isLarge =
        moved && kind !== 'text' && distance({ x: box.left, y: box.top }, { x: box.right, y: box.bottom }) > 0.3
      const { left, right, top, bottom } = isLarge ? box : around(start, SHAPE_FIRST[kind])
      const at = point((left + right) / 2, (top + bottom) / 2)
      const outline = rectangle(Math.max(right - left, 0.2), Math.max(bottom - top, 0.2))
      const shape = kind === 'text' ? { kind, at, text: words.text } : { kind, at, outline }
      desk.make(plan => addShape(plan, kind === 'stage' || kind === 'field' ? 'stage' : 'decorations', shape))
      desk.set({ tool: 'select' })
    },
  }
}
