/** Gestures on the map by fingers, mouse and wheel: panning, pinching, turning, tapping, pointing. */
import type { Scene } from './scene.ts'
import { type Point, panned, pinched, rotated, twist, zoomed } from './viewport.ts'

export interface Tap {
  at: Point
  /** A finger hides what it points at, so it may slip further than a mouse. */
  touch: boolean
  /** A second tap, soon after the first and near it. */
  double: boolean
}

const TAP_MOVE_MAX = 10
const TAP_MS_MAX = 600
const DOUBLE_MS_MAX = 320
const WHEEL_STEP = 0.0016
const WHEEL_TURN = 0.0024
/** Two fingers turn the map only once they have turned this far, in radians: a pinch is never quite straight. */
const TWIST_MIN = 0.3
/** The momentum of a flick. */
const FLICK_MIN = 0.25
const FRICTION_PER_MS = 0.0045

interface Listener {
  onTap: (tap: Tap) => void
  /** Where a mouse points that has no button down; `undefined` once it does not. */
  onPoint?: (at: Point | undefined) => void
}

/** Listens until the returned function is called. */
export function listen(canvas: HTMLCanvasElement, scene: Scene, { onTap, onPoint }: Listener): () => void {
  const down = new Map<number, Point>()
  const speed = { x: 0, y: 0, at: 0 }
  let pressed: { at: Point; time: number; moved: boolean } | undefined
  let lastTap: { at: Point; time: number } | undefined
  let flick: number | undefined
  let twisted = 0

  const pointOf = (event: MouseEvent): Point => {
    const { left, top } = canvas.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const rest = () => {
    scene.halt()
    if (flick !== undefined) cancelAnimationFrame(flick)
    flick = undefined
  }

  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    rest()
    onPoint?.(undefined)
    twisted = 0
    canvas.setPointerCapture(event.pointerId)
    down.set(event.pointerId, pointOf(event))
    pressed = down.size === 1 ? { at: pointOf(event), time: event.timeStamp, moved: false } : undefined
    Object.assign(speed, { x: 0, y: 0, at: event.timeStamp })
  }
  const onMove = (event: PointerEvent) => {
    const before = down.get(event.pointerId)
    if (before === undefined) {
      if (event.pointerType === 'mouse') onPoint?.(pointOf(event))
      return
    }
    const after = pointOf(event)
    const others = [...down].filter(([id]) => id !== event.pointerId).map(([, point]) => point)
    const [other] = others
    if (other !== undefined) {
      down.set(event.pointerId, after)
      const was = Math.abs(twisted) >= TWIST_MIN
      twisted += was ? 0 : twist([other, before], [other, after])
      scene.look(pinched(scene.view, scene.size, scene.limits, [other, before], [other, after], was))
      return
    }
    if (pressed !== undefined && !pressed.moved) {
      if (Math.hypot(after.x - pressed.at.x, after.y - pressed.at.y) < TAP_MOVE_MAX) return
      pressed.moved = true
    }
    down.set(event.pointerId, after)
    const by = { x: after.x - before.x, y: after.y - before.y }
    const took = Math.max(event.timeStamp - speed.at, 1)
    Object.assign(speed, { x: mix(speed.x, by.x / took), y: mix(speed.y, by.y / took), at: event.timeStamp })
    scene.look(panned(scene.view, by))
  }
  const onUp = (event: PointerEvent) => {
    if (!down.delete(event.pointerId)) return
    if (down.size > 0 || event.type === 'pointercancel') return
    const short = event.timeStamp - (pressed?.time ?? 0) < TAP_MS_MAX
    if (pressed !== undefined && !pressed.moved && short) tap(event, pressed.at)
    else if (pressed?.moved === true && event.timeStamp - speed.at < 60) startFlick()
    pressed = undefined
  }
  const tap = (event: PointerEvent, at: Point) => {
    const near = lastTap !== undefined && Math.hypot(lastTap.at.x - at.x, lastTap.at.y - at.y) < 3 * TAP_MOVE_MAX
    const double = near && event.timeStamp - (lastTap?.time ?? 0) < DOUBLE_MS_MAX
    lastTap = double ? undefined : { at, time: event.timeStamp }
    onTap({ at, touch: event.pointerType === 'touch', double })
  }
  const startFlick = () => {
    if (Math.hypot(speed.x, speed.y) < FLICK_MIN || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    let last = performance.now()
    const go = (now: number) => {
      const took = Math.max(now - last, 0)
      last = now
      const slower = Math.exp(-FRICTION_PER_MS * took)
      Object.assign(speed, { x: speed.x * slower, y: speed.y * slower })
      scene.look(panned(scene.view, { x: speed.x * took, y: speed.y * took }))
      flick = Math.hypot(speed.x, speed.y) < 0.02 ? undefined : requestAnimationFrame(go)
    }
    flick = requestAnimationFrame(go)
  }
  const onWheel = (event: WheelEvent) => {
    event.preventDefault()
    rest()
    onPoint?.(undefined)
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1
    if (event.altKey) {
      const by = (event.deltaY + event.deltaX) * lines * WHEEL_TURN
      return scene.look(rotated(scene.view, scene.size, by, pointOf(event)))
    }
    // A trackpad's pinch arrives as a wheel event with the control key, in smaller steps.
    const factor = Math.exp(-event.deltaY * lines * WHEEL_STEP * (event.ctrlKey ? 5 : 1))
    scene.look(zoomed(scene.view, scene.size, scene.limits, factor, pointOf(event)))
  }

  const listeners = new AbortController()
  const { signal } = listeners
  canvas.addEventListener('pointerdown', onDown, { signal })
  canvas.addEventListener('pointermove', onMove, { signal })
  canvas.addEventListener('pointerup', onUp, { signal })
  canvas.addEventListener('pointercancel', onUp, { signal })
  canvas.addEventListener('pointerleave', () => onPoint?.(undefined), { signal })
  canvas.addEventListener('wheel', onWheel, { signal, passive: false })
  return () => {
    rest()
    listeners.abort()
  }
}

function mix(before: number, now: number): number {
  return before * 0.6 + now * 0.4
}
