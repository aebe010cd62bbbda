/** A performance in a list: its time, its seats, the state of its sale, and a link to its console. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useServerSeconds } from '../api/clock.ts'
import { useFormat } from '../ui/format.ts'
import styles from './Manage.module.css'
import type { PerformanceSummary } from './queries.ts'

interface Props {
  performance: PerformanceSummary
  /** Actions beside the link to the console. */
  children?: ReactNode
}

export function PerformanceLine({ performance, children }: Props) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const { performance_id, starts_at, seat_count, opens_at, published } = performance
  const when = format.moment(starts_at)
  return (
    <li>
      <div className={styles.what}>
        <span className="row">
          <strong className="numbers">{when}</strong>
          <ByTheClock performance={performance} />
        </span>
        <span className="soft numbers">
          {t('seatsCount', { count: seat_count })} · {t('opens', { at: format.moment(opens_at) })}
        </span>
      </div>
      <div className={styles.ways}>
        {children}
        {published && (
          <Link
            to="/manage/sales/$performanceId"
            params={{ performanceId: performance_id }}
            className="button quiet small"
            aria-label={t('consoleOf', { when })}
          >
            {t('console')}
          </Link>
        )}
      </div>
    </li>
  )
}

const TAGS = { draft: '', scheduled: 'scheduled', selling: 'open', over: '' }

/** By the schedule alone; the console shows what was changed by hand. */
function ByTheClock({ performance }: { performance: PerformanceSummary }) {
  const { t } = useTranslation('manage')
  const now = useServerSeconds() * 1000
  const state = stateAt(performance, now)
  return <span className={`tag ${TAGS[state]}`}>{t(`clockState.${state}`)}</span>
}

function stateAt({ published, opens_at, closes_at }: PerformanceSummary, now: number): keyof typeof TAGS {
  if (!published) return 'draft'
  if (now < Date.parse(opens_at)) return 'scheduled'
  return now < Date.parse(closes_at) ? 'selling' : 'over'
}
