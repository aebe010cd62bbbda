/** The seat map: a canvas to pan, zoom and turn, with buttons for those who cannot pinch. */
import { type MouseEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import type { Board } from './board.ts'
import type { Choice } from './choice/choice.ts'
import { seatAt, sectionAt } from './grid.ts'
import { useChosen, useRevision } from './hooks.ts'
import { Key } from './Key.tsx'
import { listen, type Tap } from './map/gestures.ts'
import type { Scene } from './map/scene.ts'
import type { Point } from './map/viewport.ts'
import { type Pointed, SeatCard } from './SeatCard.tsx'
import styles from './SeatMap.module.css'
import { Standing } from './Standing.tsx'
import { freeInGrade, HELD, SOLD } from './states.ts'
import { type Shown, useScene } from './useScene.ts'
import { useMapWords, type Words } from './words.ts'

interface Props {
  board: Board
  choice: Choice
  words: Words
  grade: number | undefined
  /** Whether the map may be out of date. */
  stale: boolean
  /** How many places a buyer may have. */
  max: number
}

const STEP = 1.8
const TURN = Math.PI / 4
/** How near to a seat a tap must be, in pixels. */
const FINGER = 22
const MOUSE = 8
/** From seat to seat, in pixels. A tap on smaller seats zooms in instead of choosing one. */
const LARGE_ENOUGH_FINGER = 24
const LARGE_ENOUGH_MOUSE = 9

export function SeatMap({ board, choice, words, grade, stale, max }: Props) {
  const { t } = useTranslation('seats')
  const shown = useScene(board, useMapWords())
  const { canvas, scene, near, part, middle } = shown
  const [note, say] = useNote()
  const [pointed, point] = useState<Pointed>()
  const [area, setArea] = useState<number>()
  const { seats } = useChosen(choice)
  useEffect(() => scene?.highlight(grade), [scene, grade])
  useEffect(() => {
    const [first] = seats
    if (first !== undefined) scene?.showSeat(first)
  }, [scene, seats])
  useEffect(() => {
    if (scene === undefined || canvas.current === null) return
    return listen(canvas.current, scene, {
      onPoint: at => point(at === undefined ? undefined : under(scene, at)),
      onTap: tap => {
        const meant = meantBy(scene, tap)
        setArea(meant?.section)
        if (meant?.seat === undefined || board.version === undefined) return
        if (board.isOpen(meant.seat)) return choice.toggle(meant.seat)
        const state = board.states[meant.seat]
        say(t(state === HELD ? 'map.takenHeld' : state === SOLD ? 'map.takenSold' : 'map.notForSale'))
      },
    })
  }, [scene, canvas, board, choice, say, t])
  const standing = area === undefined ? undefined : board.plan.sections[area]
  return (
    <section className={styles.map} aria-label={t('map.label')}>
      <div className={styles.window}>
        <Picture board={board} canvas={canvas} />
        {middle !== undefined && board.plan.sections.length > 1 && (
          <p className={styles.where} aria-hidden="true">
            {t('section', { section: middle })}
          </p>
        )}
        <MiniPicture shown={shown} visible={part} />
        {standing === undefined && <Tools shown={shown} />}
        <p className={styles.note} role="status">
          {stale ? t('map.stale') : (note ?? (near || standing !== undefined ? '' : t('map.hint')))}
        </p>
        {standing !== undefined && (
          <div className={styles.area}>
            <Standing
              key={standing.index}
              board={board}
              choice={choice}
              words={words}
              section={standing}
              max={max}
              onClose={() => setArea(undefined)}
            />
          </div>
        )}
        {pointed !== undefined && scene !== undefined && standing === undefined && (
          <SeatCard board={board} words={words} pointed={pointed} window={scene.size} />
        )}
      </div>
      <Key plan={board.plan} />
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

/** The whole house in the corner while a part of it is shown. A click goes there. */
function MiniPicture({ shown: { mini, scene, miniMap }, visible }: { shown: Shown; visible: boolean }) {
  const go = (event: MouseEvent<HTMLCanvasElement>) => {
    const to = miniMap?.pointAt({ x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY })
    if (scene !== undefined && to !== undefined) scene.glideTo({ ...scene.view, ...to })
  }
  return (
    <div className={`${styles.mini} ${visible ? '' : styles.away}`} aria-hidden="true">
      <canvas ref={mini} onClick={go} />
    </div>
  )
}

function Tools({ shown: { scene, turn } }: { shown: Shown }) {
  const { t } = useTranslation('seats')
  return (
    <div className={styles.tools}>
      <button type="button" className={styles.all} onClick={() => scene?.all()}>
        {t('map.all')}
      </button>
      <button type="button" aria-label={t('map.turn')} onClick={() => scene?.turnBy(TURN)}>
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" style={{ rotate: `${turn}deg` }}>
          <path d="M10 2.5l3.4 8.2L10 9.2l-3.4 1.5z" />
          <path className={styles.tail} d="M10 17.5l3.4-6.8L10 9.2l-3.4 1.5z" />
        </svg>
      </button>
      <button type="button" aria-label={t('map.in')} onClick={() => scene?.zoomBy(STEP)}>
        <span aria-hidden="true">+</span>
      </button>
      <button type="button" aria-label={t('map.out')} onClick={() => scene?.zoomBy(1 / STEP)}>
        <span aria-hidden="true">−</span>
      </button>
    </div>
  )
}

/** The seat or the standing area that a tap means. A tap from too far away zooms in instead. */
function meantBy(scene: Scene, { at, touch, double }: Tap): { seat?: number; section?: number } | undefined {
  const { plan } = scene.board
  const { x, y } = scene.toPlan(at)
  const { scale } = scene.view
  const index = sectionAt(plan, x, y, scene.near ? 0 : FINGER / scale)
  const section = plan.sections[index ?? -1]
  if (!scene.near) {
    if (section?.standing) return { section: section.index }
    if (section === undefined) scene.zoomBy(STEP, at)
    else scene.approach(section, at)
    return undefined
  }
  // Between two rows a finger still means the nearer one.
  const least = plan.pitch * (touch ? 0.9 : 0.6)
  const reach = Math.min(Math.max((touch ? FINGER : MOUSE) / scale, least), plan.pitch * 1.5)
  const seat = seatAt(plan, x, y, reach)
  if (seat === undefined) {
    if (section?.standing) return { section: section.index }
    if (double) scene.zoomBy(STEP, at)
    return undefined
  }
  if (scene.pitch >= (touch ? LARGE_ENOUGH_FINGER : LARGE_ENOUGH_MOUSE)) return { seat }
  scene.enlarge(at)
  return undefined
}

/** What a mouse points at. */
function under(scene: Scene, at: Point): Pointed | undefined {
  const { plan } = scene.board
  const { x, y } = scene.toPlan(at)
  if (scene.near) {
    const seat = seatAt(plan, x, y, plan.pitch * 0.6)
    if (seat !== undefined) return { seat, at }
  }
  const section = sectionAt(plan, x, y)
  if (section === undefined || (scene.near && plan.sections[section]?.standing === false)) return undefined
  return { section, at }
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
