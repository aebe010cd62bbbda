/** What is under the pointer, and what lies in an area. Points are in metres. */
import { boxOfShape } from '../model/box.ts'
import type { HousePlan, Selection, Shape, ShapeRef } from '../model/plan.ts'
import { type Box, distance, isInside, isWithin, type Point } from './camera.ts'
import { type DrawnSection, drawnSection, seatNameOf, seatNear } from './drawn.ts'
import type { Handle } from './handles.ts'

export function handleAt(handles: readonly Handle[], at: Point, reach: number): Handle | undefined {
  const near = handles.filter(handle => distance(handle.at, at) <= reach)
  return near.sort((a, b) => distance(a.at, at) - distance(b.at, at))[0]
}

/** The nearest seat within reach. */
export function seatAt(plan: HousePlan, at: Point, reach: number): { section: DrawnSection; seat: number } | undefined {
  let found: { section: DrawnSection; seat: number } | undefined
  let least = reach
  for (const section of plan.sections) {
    const drawn = drawnSection(section)
    const near = seatNear(drawn, at, least)
    if (near === undefined) continue
    least = near.away
    found = { section: drawn, seat: near.seat }
  }
  return found
}

/** The section whose outline covers a point; the one drawn last, or one with a seat right there. */
export function sectionAt(plan: HousePlan, at: Point): string | undefined {
  const seat = seatAt(plan, at, 0.4)
  if (seat !== undefined) return seat.section.plan.section
  return plan.sections.findLast(section => covers(drawnSection(section), at))?.section
}

function covers({ bounds, outline }: DrawnSection, { x, y }: Point): boolean {
  return isWithin(bounds, x, y) && isInside(outline, x, y)
}

/** The shape at a point, the last drawn first. `reach` is for words and thin walls. */
export function shapeAt(plan: HousePlan, at: Point, reach: number): ShapeRef | undefined {
  for (const list of ['decorations', 'stage'] as const) {
    const index = plan[list].findLastIndex(shape => isOver(shape, at, reach))
    if (index >= 0) return { list, index }
  }
  return undefined
}

function isOver(shape: Shape, { x, y }: Point, reach: number): boolean {
  const { left, right, top, bottom } = boxOfShape(shape)
  const thin = Math.min(right - left, bottom - top) < reach * 2
  if (thin)
    return isWithin({ left: left - reach, right: right + reach, top: top - reach, bottom: bottom + reach }, x, y)
  return isInside(
    (shape.outline ?? []).flatMap(([dx, dy]) => [shape.at.x + dx, shape.at.y + dy]),
    x,
    y,
  )
}

/** An area drawn by hand: a rectangle or a lasso. */
export interface Area {
  box: Box
  /** Alternating x and y; missing for a rectangle. */
  outline?: readonly number[]
}

export function areaOf(points: readonly Point[]): Area {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
  return { box, outline: points.flatMap(({ x, y }) => [x, y]) }
}

function holds({ box, outline }: Area, x: number, y: number): boolean {
  return isWithin(box, x, y) && (outline === undefined || isInside(outline, x, y))
}

/** The seats in an area. */
export function seatsIn(plan: HousePlan, area: Area): string[] {
  const names: string[] = []
  for (const section of plan.sections) {
    const drawn = drawnSection(section)
    const { bounds, xs, ys } = drawn
    if (bounds.left > area.box.right || bounds.right < area.box.left) continue
    if (bounds.top > area.box.bottom || bounds.bottom < area.box.top) continue
    for (let seat = 0; seat < xs.length; seat++) {
      if (holds(area, xs[seat] ?? 0, ys[seat] ?? 0)) names.push(seatNameOf(drawn, seat))
    }
  }
  return names
}

/** The sections in an area or, if there is none, the shapes: those whose middle it holds. */
export function thingsIn(plan: HousePlan, area: Area): Selection {
  const inside = plan.sections.filter(section => {
    const { middle } = drawnSection(section)
    return holds(area, middle.x, middle.y)
  })
  if (inside.length > 0) return { kind: 'sections', names: inside.map(({ section }) => section) }
  const shapes = (['stage', 'decorations'] as const).flatMap(list =>
    plan[list].flatMap((shape, index) => {
      const { left, right, top, bottom } = boxOfShape(shape)
      return holds(area, (left + right) / 2, (top + bottom) / 2) ? [{ list, index }] : []
    }),
  )
  return shapes.length > 0 ? { kind: 'shapes', shapes } : { kind: 'sections', names: [] }
}

/** The seats near the line from one point to another. */
export function seatsAlong(plan: HousePlan, from: Point, to: Point, reach: number): string[] {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  const names: string[] = []
  const box = {
    left: Math.min(from.x, to.x) - reach,
    right: Math.max(from.x, to.x) + reach,
    top: Math.min(from.y, to.y) - reach,
    bottom: Math.max(from.y, to.y) + reach,
  }
  for (const section of plan.sections) {
    const drawn = drawnSection(section)
    const { bounds, rows, xs, ys } = drawn
    if (bounds.left > box.right || bounds.right < box.left || bounds.top > box.bottom || bounds.bottom < box.top)
      continue
    for (const row of rows) {
      if (row.bounds.top > box.bottom || row.bounds.bottom < box.top) continue
      for (let seat = row.first; seat < row.first + row.seats; seat++) {
        const [x, y] = [xs[seat] ?? 0, ys[seat] ?? 0]
        if (!isWithin(box, x, y)) continue
        const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length))
        const away = Math.hypot(x - from.x - part * dx, y - from.y - part * dy)
        if (away <= reach) names.push(seatNameOf(drawn, seat))
      }
    }
  }
  return names
}
