/** The seat map: a canvas to pan and zoom, with buttons for those who cannot pinch. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import { onColoursChange } from '../ui/theme.ts'
import type { Board } from './board.ts'
import type { Choice } from './choice/choice.ts'
import { seatAt, sectionAt } from './geometry.ts'
import { useChosen, useRevision } from './hooks.ts'
import { Key } from './Legend.tsx'
import { listen, type Tap } from './map/gestures.ts'
import { Scene, SEATS_GOOD } from './map/scene.ts'
import { toPlan } from './map/viewport.ts'
import styles from './SeatMap.module.css'
import { freeInGrade, HELD, SOLD } from './states.ts'

interface Props {
  board: Board
  choice: Choice
  grade: number | undefined
  /** Whether the map may be out of date. */
  stale: boolean
}

const STEP = 1.8
/** How near to a seat a tap must be, in pixels. */
const FINGER = 22
const MOUSE = 8
/** Pixels. A tap on smaller seats zooms in instead of choosing one. */
const LARGE_ENOUGH_FINGER = 15
const LARGE_ENOUGH_MOUSE = 9

export function SeatMap({ board, choice, grade, stale }: Props) {
  const { t } = useTranslation('seats')
  const { canvas, scene, near, middle } = useScene(board, t('map.stage'))
  const [note, say] = useNote()
  const { seats } = useChosen(choice)
  useEffect(() => scene?.highlight(grade), [scene, grade])
  useEffect(() => {
    const [first] = seats
    if (first !== undefined) scene?.showSeat(first)
  }, [scene, seats])
  useEffect(() => {
    if (scene === undefined || canvas.current === null) return
    return listen(canvas.current, scene, tap => {
      const seat = seatUnder(scene, tap)
      if (seat === undefined || board.version === undefined) return
      if (board.isOpen(seat)) return choice.toggle(seat)
      const state = board.states[seat]
      say(t(state === HELD ? 'map.takenHeld' : state === SOLD ? 'map.takenSold' : 'map.notForSale'))
    })
  }, [scene, canvas, board, choice, say, t])
  return (
    <section className={styles.map} aria-label={t('map.label')}>
      <div className={styles.window}>
        <Picture board={board} canvas={canvas} />
        <div className={styles.tools}>
          <button type="button" className={styles.all} onClick={() => scene?.all()}>
            {t('map.all')}
          </button>
          <button type="button" aria-label={t('map.in')} onClick={() => scene?.zoomBy(STEP)}>
            <span aria-hidden="true">+</span>
          </button>
          <button type="button" aria-label={t('map.out')} onClick={() => scene?.zoomBy(1 / STEP)}>
            <span aria-hidden="true">−</span>
          </button>
        </div>
        {middle !== undefined && board.plan.sections.length > 1 && (
          <p className={styles.where} aria-hidden="true">
            {t('section', { section: middle })}
          </p>
        )}
        <p className={styles.note} role="status">
          {stale ? t('map.stale') : (note ?? (near ? '' : t('map.hint')))}
        </p>
      </div>
      <Key />
    </section>
  )
}

function Picture({ board, canvas }: { board: Board; canvas: React.RefObject<HTMLCanvasElement | null> }) {
  const { t } = useTranslation('seats')
  const format = useFormat()
  useRevision(board)
  const free = board.plan.grades.reduce((sum, _, grade) => sum + freeInGrade(board.counts, grade), 0)
  const text = t('map.alt', { sections: format.count(board.plan.sections.length), free: format.count(free) })
  return <canvas ref={canvas} role="img" aria-label={text} className={styles.canvas} />
}

/** The seat that a tap means. A tap from too far away zooms in instead. */
function seatUnder(scene: Scene, { at, touch, double }: Tap): number | undefined {
  const { plan } = scene.board
  const { x, y } = toPlan(scene.view, scene.size, at)
  if (!scene.near) {
    const section = plan.sections[sectionAt(plan, x, y, FINGER / scene.view.scale) ?? -1]
    if (section === undefined) scene.zoomBy(STEP, at)
    else scene.approach(section, at)
    return undefined
  }
  const { scale } = scene.view
  const reach = Math.min(Math.max((touch ? FINGER : MOUSE) / scale, 0.6), 1.5)
  const seat = seatAt(plan, x, y, reach)
  if (seat === undefined) {
    if (double) scene.zoomBy(STEP, at)
    return undefined
  }
  if (scale >= (touch ? LARGE_ENOUGH_FINGER : LARGE_ENOUGH_MOUSE)) return seat
  scene.glideTo({ x, y, scale: SEATS_GOOD })
  return undefined
}

function useScene(board: Board, stageWord: string) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [scene, setScene] = useState<Scene>()
  const [near, setNear] = useState(true)
  const [middle, setMiddle] = useState<string>()
  useEffect(() => {
    const shown = canvas.current
    if (shown === null) return
    const made = new Scene(shown, board, stageWord)
    made.onComplete = measureOnce
    made.onView = () => {
      setNear(made.near)
      setMiddle(
        made.near ? board.plan.sections[sectionAt(board.plan, made.view.x, made.view.y, 2) ?? -1]?.name : undefined,
      )
    }
    const resized = new ResizeObserver(() => made.resize(shown.clientWidth, shown.clientHeight))
    resized.observe(shown)
    const unlisten = onColoursChange(() => made.recolour())
    setScene(made)
    return () => {
      unlisten()
      resized.disconnect()
      made.close()
    }
  }, [board, stageWord])
  return { canvas, scene, near, middle }
}

const NOTE_MS = 2_500

/** A message that disappears by itself. */
function useNote(): [string | undefined, (text: string) => void] {
  const [note, setNote] = useState<string>()
  useEffect(() => {
    if (note === undefined) return
    const timer = setTimeout(() => setNote(undefined), NOTE_MS)
    return () => clearTimeout(timer)
  }, [note])
  return [note, setNote]
}

const MEASURE = 'seats:interactive'

/** Measures from navigation to the first full map that answers a tap, if the page was opened here. */
function measureOnce(): void {
  const [loaded] = performance.getEntriesByType('navigation')
  const beganHere = loaded !== undefined && new URL(loaded.name).pathname === location.pathname
  if (!beganHere || performance.getEntriesByName(MEASURE).length > 0) return
  performance.measure(MEASURE, { start: 0, end: performance.now() })
}
