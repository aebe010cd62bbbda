/** A performance: its time, the state of its sale, and what to do next. */
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useServerSeconds } from '../api/clock.ts'
import { useFormat } from '../ui/format.ts'
import { Countdown } from './Countdown.tsx'
import styles from './PerformanceCard.module.css'
import { type Performance, type Show, showQuery } from './queries.ts'
import { SaleState } from './SaleState.tsx'
import { nextChange } from './saleClock.ts'

export function PerformanceCard({ show, performance }: { show: Show; performance: Performance }) {
  const { t } = useTranslation('shows')
  const format = useFormat()
  const { sale, seats_left, seat_count } = performance
  return (
    <article className={`card ${styles.card}`}>
      <div className={styles.head}>
        <h3 className="numbers">{format.moment(performance.starts_at)}</h3>
        <SaleState state={sale.state} />
      </div>
      {sale.state === 'scheduled' || sale.state === 'prequeue' ? (
        <UntilOpen show={show} performance={performance} />
      ) : (
        <p className="soft numbers">
          {t('left')} <strong>{t('leftOf', { left: format.count(seats_left), all: format.count(seat_count) })}</strong>
          {' · '}
          {t('perPerson', { count: performance.max_seats_per_user })}
          {sale.state === 'open' && ` · ${t('closesAt', { at: format.moment(sale.closes_at) })}`}
        </p>
      )}
      <NextStep show={show} performance={performance} />
    </article>
  )
}

/** Counts down by the server's clock, and asks the server again at the end. */
function UntilOpen({ show, performance }: { show: Show; performance: Performance }) {
  const { t } = useTranslation('shows')
  const format = useFormat()
  const queries = useQueryClient()
  const { opens_at, state } = performance.sale
  const change = nextChange(performance.sale)
  const left = Date.parse(change.at) / 1000 - useServerSeconds()
  const due = left <= 0
  useEffect(() => {
    if (due) void queries.invalidateQueries({ queryKey: showQuery(show.show_id).queryKey })
  }, [due, queries, show.show_id])
  return (
    <div className={styles.countdown}>
      <span>{t(change.to === 'prequeue' ? 'gatheringIn' : 'opensIn')}</span>
      <strong className="numbers" role="timer">
        <Countdown seconds={left} />
      </strong>
      <small className="soft numbers">
        {t('opensAt', { at: format.moment(opens_at) })} · {t('serverClock')}
      </small>
      {state === 'prequeue' && <small className="soft">{t('gathering')}</small>}
    </div>
  )
}

const QUEUE = '/shows/$showId/performances/$performanceId/queue'
const SEATS = '/shows/$showId/performances/$performanceId/seats'

function NextStep({ show, performance }: { show: Show; performance: Performance }) {
  const { t } = useTranslation('shows')
  const { mode, state } = performance.sale
  const params = { showId: show.show_id, performanceId: performance.performance_id }
  const way = (to: typeof QUEUE | typeof SEATS, label: string, quiet = false) => (
    <Link to={to} params={params} className={quiet ? 'button quiet' : 'button'}>
      {label}
    </Link>
  )
  if (state === 'closed') return null
  if (mode === 'open') {
    if (state === 'open') return way(SEATS, t('choose'))
    return state === 'sold_out' ? way(SEATS, t('returned'), true) : null
  }
  if (state === 'scheduled') return way(QUEUE, t('prepare'), true)
  if (state === 'prequeue') return way(QUEUE, t('gather'))
  return way(QUEUE, state === 'sold_out' ? t('returned') : t('queue'), state !== 'open')
}
