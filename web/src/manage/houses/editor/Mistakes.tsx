/** What is still wrong with the plan, while it is drawn. A click goes there. */
import { useDeferredValue, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { boxOf } from '../model/box.ts'
import { checkPlan, MISTAKES_MAX, type Mistake } from '../model/check.ts'
import type { Selection } from '../model/plan.ts'
import { mistakeWords } from '../model/words.ts'
import { type Desk, usePlan } from './desk.ts'
import type { Easel } from './easel.ts'
import styles from './Panel.module.css'

/** The mistakes of the plan, a moment after it has changed; the drawing shows them. */
export function useMistakes(desk: Desk, easel: Easel | undefined): readonly Mistake[] {
  const plan = useDeferredValue(usePlan(desk))
  const mistakes = useMemo(() => checkPlan(plan), [plan])
  useEffect(() => {
    const sections = new Set(mistakes.flatMap(({ where }) => (where.seat === undefined ? (where.section ?? []) : [])))
    const seats = mistakes.flatMap(({ where }) => where.seat ?? [])
    easel?.over({ wrong: mistakes.length === 0 ? undefined : { sections, seats } })
  }, [easel, mistakes])
  return mistakes
}

interface Props {
  desk: Desk
  easel: Easel | undefined
  mistakes: readonly Mistake[]
}

export function Mistakes({ desk, easel, mistakes }: Props) {
  const { t } = useTranslation('houses')
  const { t: plans } = useTranslation('plans')
  const go = (mistake: Mistake) => {
    const selection = placeOf(mistake)
    if (selection === undefined) return document.getElementById('house-name')?.focus()
    desk.set({ selection, tool: selection.kind === 'seats' ? 'seats' : 'select' })
    const box = boxOf(desk.plan, selection)
    if (box !== undefined) easel?.show(box)
  }
  return (
    <section className={styles.panel} aria-label={t('mistakes.title')}>
      <h2>
        {t('mistakes.title')}{' '}
        <span className={mistakes.length === 0 ? styles.good : styles.count}>
          {mistakes.length >= MISTAKES_MAX ? `${MISTAKES_MAX}+` : mistakes.length}
        </span>
      </h2>
      {mistakes.length === 0 && <p className="soft">{t('mistakes.none')}</p>}
      <ul className={styles.mistakes}>
        {mistakes.map((mistake, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same mistake may be made twice.
          <li key={index}>
            <button type="button" onClick={() => go(mistake)}>
              {mistakeWords(plans, mistake)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What a mistake is about, to be selected. */
function placeOf({ where: { section, seat, shape } }: Mistake): Selection | undefined {
  if (seat !== undefined) return { kind: 'seats', names: [seat] }
  if (shape !== undefined) return { kind: 'shapes', shapes: [shape] }
  return section === undefined ? undefined : { kind: 'sections', names: [section] }
}
