/** The seats of a performance, as a map or a list, and the buyer's choice. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../api/clock.ts'
import type { Performance, Show } from '../shows/queries.ts'
import { useFormat } from '../ui/format.ts'
import { Page } from '../ui/Page.tsx'
import { Board } from './board.ts'
import { isReleased } from './choice/accessible.ts'
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

export function SeatSelection({ show, performance, layout }: Props) {
  const { t } = useTranslation('seats')
  const format = useFormat()
  const { performance_id, max_seats_per_user, starts_at, sale } = performance
  const [board] = useState(() => new Board(makePlan(layout, gradesOf(show))))
  const [choice] = useState(() => {
    const released = () => isReleased(sale.accessible_release_at, serverNow())
    return new Choice(board, holdServer(performance_id), max_seats_per_user, released)
  })
  const [listed, setListed] = useState(false)
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
            <button type="button" className="button quiet small" onClick={() => setListed(!listed)}>
              {t(listed ? 'view.toMap' : 'view.toList')}
            </button>
          </div>
          <Legend board={board} words={words} grade={grade} onGrade={setGrade} />
          {listed ? (
            <SeatList board={board} choice={choice} words={words} grade={grade} max={max_seats_per_user} />
          ) : (
            <SeatMap
              board={board}
              choice={choice}
              words={words}
              grade={grade}
              stale={problem !== undefined}
              max={max_seats_per_user}
            />
          )}
        </div>
        <Panel board={board} choice={choice} words={words} show={show} performance={performance} grade={grade} />
      </div>
    </Page>
  )
}
