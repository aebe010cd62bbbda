/** The seats of a performance, on a map or in a list, and what was chosen of them. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Performance, Show } from '../shows/queries.ts'
import { useFormat } from '../ui/format.ts'
import { Page } from '../ui/Page.tsx'
import { Board } from './board.ts'
import { Choice } from './choice/choice.ts'
import { holdServer } from './choice/server.ts'
import { type Layout, makePlan } from './geometry.ts'
import { useFollowing, useRecall } from './hooks.ts'
import { Legend } from './Legend.tsx'
import { Panel } from './Panel.tsx'
import { SeatList } from './SeatList.tsx'
import { SeatMap } from './SeatMap.tsx'
import styles from './SeatSelection.module.css'
import { gradesOf, useWords } from './words.ts'

interface Props {
  show: Show
  performance: Performance
  layout: Layout
}

const VIEWS = ['map', 'list'] as const

export function SeatSelection({ show, performance, layout }: Props) {
  const { t } = useTranslation('seats')
  const format = useFormat()
  const { performance_id, max_seats_per_user, starts_at } = performance
  const [board] = useState(() => new Board(makePlan(layout, gradesOf(show))))
  const [choice] = useState(() => new Choice(board, holdServer(performance_id), max_seats_per_user))
  const [view, setView] = useState<(typeof VIEWS)[number]>('map')
  const [grade, setGrade] = useState<number>()
  const problem = useFollowing(board, performance_id)
  useRecall(choice, performance_id)
  const words = useWords(board.plan, show)
  return (
    <Page title={t('title')} width="full" heading="none">
      <div className={styles.screen}>
        <div className={styles.house}>
          <div className={styles.head}>
            <div className={styles.name}>
              <h1>
                <span className="hidden">{t('title')}: </span>
                {show.title}
              </h1>
              <p className="soft">{format.moment(starts_at)}</p>
            </div>
            <fieldset className={styles.views}>
              <legend className="hidden">{t('view.label')}</legend>
              {VIEWS.map(each => (
                <button
                  key={each}
                  type="button"
                  aria-pressed={view === each}
                  aria-label={t(`view.${each}`)}
                  onClick={() => setView(each)}
                >
                  {t(`view.${each}Short`)}
                </button>
              ))}
            </fieldset>
          </div>
          <Legend board={board} words={words} grade={grade} onGrade={setGrade} />
          {view === 'map' ? (
            <SeatMap board={board} choice={choice} grade={grade} stale={problem !== undefined} />
          ) : (
            <SeatList board={board} choice={choice} words={words} grade={grade} />
          )}
        </div>
        <Panel board={board} choice={choice} words={words} show={show} performance={performance} />
      </div>
    </Page>
  )
}
