/** How the sale went, minute by minute, from the service's own record: charts, conversion by step, and the table. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { learnServerTime, serverNow } from '../../api/clock.ts'
import { useFormat } from '../../ui/format.ts'
import { Loading } from '../../ui/Loading.tsx'
import { ProblemNotice } from '../../ui/Notice.tsx'
import type { LiveSale } from '../queries.ts'
import { Chart } from './Chart.tsx'
import { Funnel } from './Funnel.tsx'
import styles from './History.module.css'
import { PointsTable } from './PointsTable.tsx'
import {
  beginOf,
  lastBefore,
  PERIODS,
  type Period,
  type Point,
  type SaleHistory as Points,
  since,
  stretches,
} from './points.ts'
import { historyQuery } from './query.ts'

export function SaleHistory({ sale }: { sale: LiveSale }) {
  const { t } = useTranslation('manage')
  const [period, setPeriod] = useState<Period>('whole')
  const history = useQuery(historyQuery(useQueryClient(), sale.performance_id, period))
  useEffect(() => {
    void learnServerTime()
  }, [])
  return (
    <section className="card stack" aria-label={t('past.title')}>
      <div className={styles.head}>
        <div>
          <h2>{t('past.title')}</h2>
          <small className="soft">{t('past.note')}</small>
        </div>
        <label>
          <span className="hidden">{t('past.period')}</span>
          <select value={period} onChange={event => setPeriod(event.target.value as Period)}>
            {PERIODS.map(name => (
              <option key={name} value={name}>
                {t(`past.periods.${name}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {history.isPending && <Loading />}
      {history.isError && <ProblemNotice error={history.error} retry={() => void history.refetch()} />}
      {history.data !== undefined && (
        <Shown
          history={history.data}
          begin={beginOf(period, serverNow())}
          period={period}
          hasQueue={sale.mode === 'queue'}
        />
      )}
    </section>
  )
}

interface Props {
  history: Points
  /** When the period begins; `undefined` for the whole sale. */
  begin: number | undefined
  period: Period
  hasQueue: boolean
}

function Shown({ history, begin, period, hasQueue }: Props) {
  const { t } = useTranslation('manage')
  const points = since(history.points, begin)
  const base = lastBefore(history.points, begin)
  /** The time of the point that is read; the newest while none is chosen. */
  const [readAt, setReadAt] = useState<string>()
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined)
    return <p className="soft">{t(period === 'whole' ? 'past.empty' : 'past.emptyPeriod')}</p>
  const chosen = points.findIndex(({ at }) => at === readAt)
  const index = chosen === -1 ? points.length - 1 : chosen
  const read = points[index] ?? last
  const onRead = (index: number) => setReadAt(index === points.length - 1 ? undefined : points[index]?.at)
  const shared = { points, stepMin: history.step_min, read, onRead }
  return (
    <>
      <Reader points={points} index={index} read={read} hasQueue={hasQueue} onRead={onRead} />
      <div className={styles.charts}>
        {hasQueue && (
          <>
            <Chart
              title={t('past.charts.waiting')}
              layers={[people(t('past.charts.waiting'), 'waiting')]}
              {...shared}
            />
            <Chart
              title={t('past.charts.inside')}
              layers={[people(t('past.charts.inside'), 'inside')]}
              limit={{ name: t('past.cap'), value: ({ room }) => room.cap }}
              {...shared}
            />
          </>
        )}
        <Chart
          title={t('past.charts.seats')}
          layers={SEATS.map(look => ({ name: t(`share.${look}`), look, value: ({ seats }) => seats[look] }))}
          limit={{ name: t('past.forSale'), value: () => history.seats_for_sale }}
          {...shared}
        />
      </div>
      {stretches(points, history.step_min).length > 1 && <small className="soft">{t('past.gap')}</small>}
      <Funnel
        hasQueue={hasQueue}
        last={last}
        base={base}
        period={period === 'whole' ? undefined : t(`past.periods.${period}`)}
      />
      <PointsTable points={points} base={base} hasQueue={hasQueue} />
    </>
  )
}

const SEATS = ['sold', 'reserved', 'held'] as const

function people(name: string, of: 'waiting' | 'inside') {
  return { name, look: 'people' as const, value: ({ room }: Point) => room[of] }
}

interface ReaderProps {
  points: readonly Point[]
  index: number
  read: Point
  hasQueue: boolean
  onRead(index: number): void
}

/** Chooses the moment that is read, with keys, too, and says its figures. */
function Reader({ points, index, read, hasQueue, onRead }: ReaderProps) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const { seats, room } = read
  const said = t(hasQueue ? 'past.seen' : 'past.seenSeats', {
    time: `${format.day(read.at)} ${format.time(read.at)}`,
    waiting: format.count(room.waiting),
    inside: format.count(room.inside),
    cap: format.count(room.cap),
    sold: format.count(seats.sold),
    reserved: format.count(seats.reserved),
    held: format.count(seats.held),
  })
  return (
    <div className={styles.reader}>
      <p className="numbers">{said}</p>
      <input
        type="range"
        aria-label={t('past.points')}
        aria-valuetext={said}
        min={0}
        max={Math.max(points.length - 1, 0)}
        value={index}
        onChange={event => onRead(event.target.valueAsNumber)}
      />
    </div>
  )
}
