/** Fingers, mouse and wheel on the canvas: they pan, zoom, and drag what the tool in hand drags. */

import type { Corner } from '../model/plan.ts'
import { type Point, panned, pinched, zoomed } from './camera.ts'
import { beginDrag, type Drag, type DragWords, dragHandle, type Pressed, reachOf, withOutline } from './drags.ts'
import { seatNameOf } from './drawn.ts'
import type { Easel } from './easel.ts'
import { handlesOf, outlinedOne } from './handles.ts'
import { handleAt, seatAt, sectionAt } from './under.ts'

const CLICK_MOVE_MAX = { mouse: 4, touch: 10 }
const DOUBLE_MS_MAX = 350
const WHEEL_STEP = 0.0016

export interface PointerOptions {
  words: DragWords
  /** Whether the space bar is held, which pans. */
  pans(): boolean
}

/** Listens until the returned function is called. */
export function listen(easel: Easel, { words, pans }: PointerOptions): () => void {
  const { canvas, desk } = easel
  const down = new Map<number, Point>()
  let drag: { drag: Drag | undefined; from: Point; moved: boolean; touch: boolean } | undefined
  let lastClick: { at: Point; time: number } | undefined

  const pointOf = (event: MouseEvent): Point => {
    const { left, top } = canvas.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const pressedOf = (event: PointerEvent): Pressed => ({
    at: easel.toHouse(pointOf(event)),
    shift: event.shiftKey,
    alt: event.altKey,
    touch: event.pointerType === 'touch',
  })
  const drop = (event: PointerEvent) => {
    // A second finger ends a drag where it is: two fingers move the house.
    drag?.drag?.end(pressedOf(event), drag.moved)
    drag = undefined
    easel.over({ marquee: undefined, lasso: undefined, ghost: undefined, moving: undefined, guides: [] })
  }

  const onDown = (event: PointerEvent) => {
    if (event.button > 1) return
    easel.halt()
    canvas.focus({ preventScroll: true })
    canvas.setPointerCapture(event.pointerId)
    down.set(event.pointerId, pointOf(event))
    if (down.size > 1) return drop(event)
    const from = pressedOf(event)
    const handle = handleAt(handlesOf(desk, easel.camera.scale), from.at, reachOf(easel, from.touch) * 1.2)
    const pan = event.button === 1 || pans()
    const begun = pan ? undefined : handle === undefined ? beginDrag(easel, from, words) : dragHandle(easel, handle)
    drag = { drag: begun, from: pointOf(event), moved: false, touch: from.touch }
    easel.over({ hover: undefined })
    canvas.dataset.drags = begun === undefined ? 'pan' : 'thing'
  }
  const onMove = (event: PointerEvent) => {
    const before = down.get(event.pointerId)
    const after = pointOf(event)
    if (before === undefined) return hover(event)
    down.set(event.pointerId, after)
    const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, at]) => at)
    if (other !== undefined) return easel.look(pinched(easel.camera, easel.size, [other, before], [other, after]))
    if (drag === undefined) return
    const least = drag.touch ? CLICK_MOVE_MAX.touch : CLICK_MOVE_MAX.mouse
    if (!drag.moved && Math.hypot(after.x - drag.from.x, after.y - drag.from.y) < least) return
    drag.moved = true
    if (drag.drag === undefined) easel.look(panned(easel.camera, { x: after.x - before.x, y: after.y - before.y }))
    else drag.drag.move(pressedOf(event))
  }
  const onUp = (event: PointerEvent) => {
    if (!down.delete(event.pointerId) || drag === undefined) return
    const { drag: ended, moved } = drag
    ended?.end(pressedOf(event), moved)
    if (!moved) click(event, ended === undefined)
    drag = undefined
    delete canvas.dataset.drags
  }
  const click = (event: PointerEvent, onNothing: boolean) => {
    const at = pointOf(event)
    if (onNothing && !pans() && desk.state.tool === 'select') desk.select({ kind: 'sections', names: [] })
    const near = lastClick !== undefined && Math.hypot(lastClick.at.x - at.x, lastClick.at.y - at.y) < 12
    const double = near && event.timeStamp - (lastClick?.time ?? 0) < DOUBLE_MS_MAX
    lastClick = double ? undefined : { at, time: event.timeStamp }
    if (double) doubleClick(easel, pressedOf(event), at)
  }
  const hover = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return
    const { at } = pressedOf(event)
    const { tool } = desk.state
    if (tool === 'grade' || tool === 'mark') {
      return easel.over({ brush: { at, radius: Math.max(0.32, 12 / easel.camera.scale) } })
    }
    if (tool === 'seats') {
      const seat = seatAt(easel.plan, at, reachOf(easel, false))
      return setHover(seat === undefined ? undefined : { kind: 'seat', name: seatNameOf(seat.section, seat.seat) })
    }
    const handle = handleAt(handlesOf(desk, easel.camera.scale), at, reachOf(easel, false) * 1.2)
    canvas.dataset.over = handle?.kind ?? ''
    const section = tool === 'select' && handle === undefined ? sectionAt(easel.plan, at) : undefined
    setHover(section === undefined ? undefined : { kind: 'section', name: section })
  }
  const setHover = (to: { kind: 'section' | 'seat'; name: string } | undefined) => {
    if (easel.overlay.hover?.name !== to?.name || easel.overlay.brush !== undefined)
      easel.over({ hover: to, brush: undefined })
  }
  const onLeave = () => easel.over({ hover: undefined, brush: undefined })
  const onWheel = (event: WheelEvent) => {
    event.preventDefault()
    easel.halt()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1
    if (event.shiftKey) return easel.look(panned(easel.camera, { x: -(event.deltaX || event.deltaY) * lines, y: 0 }))
    // A trackpad's pinch arrives as a wheel event with the control key, in smaller steps.
    const factor = Math.exp(-event.deltaY * lines * WHEEL_STEP * (event.ctrlKey ? 5 : 1))
    easel.look(zoomed(easel.camera, easel.size, factor, pointOf(event)))
  }

  const listeners = new AbortController()
  const { signal } = listeners
  canvas.addEventListener('pointerdown', onDown, { signal })
  canvas.addEventListener('pointermove', onMove, { signal })
  canvas.addEventListener('pointerup', onUp, { signal })
  canvas.addEventListener('pointercancel', onUp, { signal })
  canvas.addEventListener('pointerleave', onLeave, { signal })
  canvas.addEventListener('wheel', onWheel, { signal, passive: false })
  return () => listeners.abort()
}

/** Goes into a section to choose seats, adds a corner to an outline, or zooms in on nothing. */
function doubleClick(easel: Easel, pressed: Pressed, at: Point): void {
  const { desk } = easel
  const { selection, tool } = desk.state
  if (tool === 'seats') {
    const row = rowAt(easel, pressed)
    if (row.length > 0) desk.select({ kind: 'seats', names: row })
    return
  }
  if (tool !== 'select') return
  const outlined = outlinedOne(desk.plan, selection)
  if (outlined?.outline !== undefined) {
    const { outline } = outlined
    const corner: Corner = [pressed.at.x - outlined.at.x, pressed.at.y - outlined.at.y]
    const side = nearestSide(outline, corner, reachOf(easel, pressed.touch))
    if (side !== undefined) {
      desk.edit(plan => withOutline(plan, selection, outline.toSpliced(side + 1, 0, corner)))
      return
    }
  }
  const seat = seatAt(desk.plan, pressed.at, 0.5)
  if (seat === undefined) {
    easel.zoomBy(1.8, at)
    return
  }
  desk.set({ tool: 'seats', selection: { kind: 'seats', names: [seatNameOf(seat.section, seat.seat)] } })
}

function rowAt(easel: Easel, { at }: Pressed): string[] {
  const found = seatAt(easel.plan, at, 0.5)
  const row = found?.section.rows.find(({ first, seats }) => found.seat >= first && found.seat < first + seats)
  if (found === undefined || row === undefined) return []
  return Array.from({ length: row.seats }, (_, seat) => seatNameOf(found.section, row.first + seat))
}

/** The side of an outline at a point, by the corner it begins at. */
export function nearestSide(outline: readonly Corner[], [x, y]: Corner, reach: number): number | undefined {
  let nearest: number | undefined
  let least = reach
  outline.forEach(([ax, ay], side) => {
    const [bx, by] = outline[(side + 1) % outline.length] ?? [ax, ay]
    const [dx, dy] = [bx - ax, by - ay]
    const part = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
    const away = Math.hypot(x - ax - part * dx, y - ay - part * dy)
    if (away < least) [nearest, least] = [side, away]
  })
  return nearest
}
