/** The live sale console: figures large enough for a wall, and the controls of the sale. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SaleState } from '../shows/SaleState.tsx'
import { useFormat } from '../ui/format.ts'
import { Loading } from '../ui/Loading.tsx'
import { ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { SaleHistory } from './history/SaleHistory.tsx'
import { OrganizerOnly } from './OrganizerOnly.tsx'
import { type LiveSale, ownShowQuery, queueQuery, saleQuery } from './queries.ts'
import { Changes } from './sale/Changes.tsx'
import { FlowForm } from './sale/FlowForm.tsx'
import { Hand } from './sale/Hand.tsx'
import { History } from './sale/History.tsx'
import styles from './sale/Sale.module.css'
import { SeatBar } from './sale/SeatBar.tsx'
import { Staff } from './sale/Staff.tsx'
import { InsideTile, Tile } from './sale/Tile.tsx'

export function SalePage() {
  return (
    <OrganizerOnly>
      <Sale />
    </OrganizerOnly>
  )
}

function Sale() {
  const { t } = useTranslation('manage')
  const { performanceId } = useParams({ from: '/manage/sales/$performanceId' })
  const sale = useQuery(saleQuery(performanceId))
  const show = useQuery({ ...ownShowQuery(sale.data?.show_id ?? ''), enabled: sale.data !== undefined })
  return (
    <Page title={show.data?.title ?? t('saleTitle')} aside={sale.data && <SaleState state={sale.data.state} />}>
      {sale.data === undefined && !sale.isError && <Loading />}
      {sale.isError && <ProblemNotice error={sale.error} retry={() => void sale.refetch()} />}
      {sale.data !== undefined && (
        <>
          <When sale={sale.data} startsAt={startOf(show.data?.performances, performanceId)} />
          <Figures sale={sale.data} at={sale.dataUpdatedAt} />
          <Controls sale={sale.data} />
          <SaleHistory key={sale.data.performance_id} sale={sale.data} />
        </>
      )}
    </Page>
  )
}

function startOf(performances: { performance_id: string; starts_at: string }[] = [], id: string): string | undefined {
  return performances.find(({ performance_id }) => performance_id === id)?.starts_at
}

function When({ sale, startsAt }: { sale: LiveSale; startsAt: string | undefined }) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  return (
    <p className="row soft numbers">
      {startsAt !== undefined && <strong>{format.moment(startsAt)}</strong>}
      <span>{t('live.between', { from: format.moment(sale.opens_at), to: format.moment(sale.closes_at) })}</span>
      <Link to="/manage/shows/$showId" params={{ showId: sale.show_id }}>
        {t('live.toShow')}
      </Link>
    </p>
  )
}

function Figures({ sale, at }: { sale: LiveSale; at: number }) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const hasQueue = sale.mode === 'queue'
  const queue = useQuery(queueQuery(sale.performance_id, hasQueue))
  const called = queue.data === undefined ? '–' : format.count(queue.data.called_per_min)
  const soldPart = sale.seat_count === 0 ? 0 : sale.sold / sale.seat_count
  return (
    <section className="stack" aria-label={t('live.figures')}>
      <div className={styles.tiles}>
        {hasQueue && (
          <>
            <Tile
              label={t(sale.state === 'prequeue' ? 'live.gathered' : 'live.waiting')}
              value={format.count(sale.waiting)}
              note={t('live.people', { joined: format.count(sale.joined), called: format.count(sale.called) })}
            />
            <InsideTile active={sale.active} cap={sale.cap} />
            <Tile
              label={t('live.called')}
              value={called}
              note={t('live.calledAtMost', { rate: format.count(sale.rate_per_min) })}
            />
          </>
        )}
        <Tile
          label={t('live.sold')}
          value={format.count(sale.sold)}
          note={t('live.soldOf', { part: percent(soldPart), all: format.count(sale.seat_count) })}
        />
      </div>
      {/* Buyers see numbers, which a loss makes higher than there are people. */}
      {sale.issued > sale.joined && (
        <small className="soft numbers">{t('live.numbersSkipped', { issued: format.count(sale.issued) })}</small>
      )}
      <SeatBar sale={sale} />
      <History key={sale.performance_id} sale={sale} at={at} />
    </section>
  )
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)}%`
}

function Controls({ sale }: { sale: LiveSale }) {
  return (
    <>
      <div className={styles.controls}>
        <div className="stack">
          <Hand sale={sale} />
          {sale.mode === 'queue' && <Staff sale={sale} />}
        </div>
        {sale.mode === 'queue' && <FlowForm sale={sale} />}
      </div>
      <Changes sale={sale} />
    </>
  )
}
