/** The house as a buyer sees it: the buyers' own map, with all places free or with a sale under way. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Board } from '../../../seats/board.ts'
import { gradeOf, isStanding, labelOf, makePlan, type Plan, rowOf, sectionOf } from '../../../seats/geometry.ts'
import { seatAt } from '../../../seats/grid.ts'
import { Key } from '../../../seats/Key.tsx'
import { listen } from '../../../seats/map/gestures.ts'
import { SwatchOf } from '../../../seats/Swatch.tsx'
import { AVAILABLE, HELD, NOT_FOR_SALE, SOLD } from '../../../seats/states.ts'
import { useScene } from '../../../seats/useScene.ts'
import { useMapWords } from '../../../seats/words.ts'
import { placed } from '../model/placed.ts'
import type { HousePlan } from '../model/plan.ts'
import styles from './Preview.module.css'

interface Props {
  plan: HousePlan
  grades: readonly string[]
  onClose: () => void
}

const CHOSEN_MAX = 4

export function Preview({ plan, grades, onClose }: Props) {
  const { t } = useTranslation('houses')
  const dialog = useRef<HTMLDialogElement>(null)
  const [isSelling, setSelling] = useState(false)
  const map = useMemo(() => makePlan(placed(plan), grades), [plan, grades])
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={styles.preview}
      aria-label={t('preview.title')}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
    >
      <header className={styles.head}>
        <h2>{t('preview.title')}</h2>
        <label className={styles.check}>
          <input type="checkbox" checked={isSelling} onChange={event => setSelling(event.target.checked)} />
          {t('preview.selling')}
        </label>
        <button type="button" className="button small" onClick={onClose}>
          {t('preview.close')}
        </button>
      </header>
      <BuyersMap plan={map} isSelling={isSelling} />
    </dialog>
  )
}

function BuyersMap({ plan, isSelling }: { plan: Plan; isSelling: boolean }) {
  const { t } = useTranslation(['houses', 'seats'])
  const board = useMemo(() => {
    const made = new Board(plan)
    made.replace(madeUp(plan, isSelling), 1)
    return made
  }, [plan, isSelling])
  const { canvas, scene } = useScene(board, useMapWords())
  const [seat, setSeat] = useState<number>()
  useEffect(() => {
    if (scene === undefined || canvas.current === null) return
    return listen(canvas.current, scene, {
      onPoint: at => {
        const point = at === undefined ? undefined : scene.toPlan(at)
        setSeat(point && scene.near ? seatAt(plan, point.x, point.y, plan.pitch * 0.6) : undefined)
      },
      onTap: ({ at }) => {
        const { x, y } = scene.toPlan(at)
        const tapped = seatAt(plan, x, y, plan.pitch)
        if (!scene.near || tapped === undefined) return scene.zoomBy(1.8, at)
        setSeat(tapped)
        const others = [...board.mine].filter(each => each !== tapped)
        if (board.isOpen(tapped)) board.choose(board.mine.has(tapped) ? others : [...others, tapped].slice(-CHOSEN_MAX))
      },
    })
  }, [scene, canvas, plan, board])
  return (
    <>
      <div className={styles.window}>
        <canvas ref={canvas} className={styles.canvas} role="img" aria-label={t('preview.alt')} />
        <p className={styles.note} role="status">
          {seat === undefined ? (
            t('preview.hint')
          ) : (
            <>
              <SwatchOf grade={gradeOf(plan, seat)} /> {plan.grades[gradeOf(plan, seat)]} ·{' '}
              {isStanding(plan, seat)
                ? sectionOf(plan, seat).name
                : t('seats:seat.full', {
                    section: sectionOf(plan, seat).name,
                    row: rowOf(plan, seat).row,
                    number: String(labelOf(plan, seat)),
                  })}
            </>
          )}
        </p>
        <div className={styles.zoom}>
          <button type="button" onClick={() => scene?.all()}>
            {t('seats:map.all')}
          </button>
          <button type="button" aria-label={t('zoom.in')} onClick={() => scene?.zoomBy(1.8)}>
            +
          </button>
          <button type="button" aria-label={t('zoom.out')} onClick={() => scene?.zoomBy(1 / 1.8)}>
            −
          </button>
        </div>
      </div>
      <Key plan={plan} />
    </>
  )
}

/** All places free, or a sale of which about half is over. The same house looks the same each time. */
export function madeUp(plan: Plan, isSelling: boolean): Uint8Array {
  const states = new Uint8Array(plan.seatCount).fill(AVAILABLE)
  for (let seat = 0; isSelling && seat < plan.seatCount; seat++) {
    const part = Math.imul((seat >> 1) + 1, 0x9e3779b1) >>> 0
    if (part % 100 < 46) states[seat] = part % 100 < 40 ? SOLD : HELD
  }
  for (const [seat, { kind }] of plan.special) if (kind === 'house') states[seat] = NOT_FOR_SALE
  return states
}
