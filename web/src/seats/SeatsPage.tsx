/** The screen for choosing seats: checks admission and loads what the map needs. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link, Navigate, useParams } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { useServerSeconds } from '../api/clock.ts'
import { isLapsed, isOver, useAdmission } from '../queue/admission.ts'
import { performanceOf, showQuery } from '../shows/queries.ts'
import { Loading } from '../ui/Loading.tsx'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { NotFound } from '../ui/Screens.tsx'
import { SeatSelection } from './SeatSelection.tsx'

const PATH = '/shows/$showId/performances/$performanceId/seats'

/** A layout never changes, so it is fetched once. */
const layoutQuery = (performance_id: string) =>
  queryOptions({
    queryKey: ['layout', performance_id],
    queryFn: () => answer(api.GET('/v1/seats/{performance_id}/layout', { params: { path: { performance_id } } })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })

export function SeatsPage() {
  const { t } = useTranslation('seats')
  const { showId, performanceId } = useParams({ from: PATH })
  const show = useQuery(showQuery(showId))
  const layout = useQuery(layoutQuery(performanceId))
  const performance = performanceOf(show.data, performanceId)
  const problem = [show, layout].find(query => query.isError && query.data === undefined)

  if (problem !== undefined) {
    return (
      <Page title={t('title')} width="narrow">
        <ProblemNotice error={problem.error} retry={() => void problem.refetch()} />
      </Page>
    )
  }
  if (show.data !== undefined && performance === undefined) return <NotFound />
  if (show.data === undefined || performance === undefined || layout.data === undefined) {
    return (
      <Page title={t('title')} heading="hidden">
        <Loading />
      </Page>
    )
  }
  if (['scheduled', 'prequeue', 'closed'].includes(performance.sale.state)) return <NotOpen showId={showId} />
  const selection = (
    <SeatSelection key={performanceId} show={show.data} performance={performance} layout={layout.data} />
  )
  if (performance.sale.mode !== 'queue') return selection
  return (
    <Admitted showId={showId} performanceId={performanceId}>
      {selection}
    </Admitted>
  )
}

/** Admits only buyers from the waiting room, and tells a buyer whose session is over. */
function Admitted({
  showId,
  performanceId,
  children,
}: {
  showId: string
  performanceId: string
  children: React.ReactNode
}) {
  const { t } = useTranslation('seats')
  const admission = useAdmission(performanceId)
  useServerSeconds()
  const wasInside = useRef(false)
  const to = '/shows/$showId/performances/$performanceId/queue'
  const params = { showId, performanceId }
  const goesOn = admission !== undefined && !isOver(admission)
  if (goesOn && !isLapsed(admission)) {
    wasInside.current = true
    return children
  }
  // A phone that slept goes through the waiting room, which leads back into the same session.
  if (goesOn || !wasInside.current) return <Navigate to={to} params={params} replace />
  return (
    <Page title={t('title')} width="narrow">
      <Notice tone="bad" title={t('session.over')}>
        {t('session.text')}
      </Notice>
      <Link to={to} params={params} className="button">
        {t('session.queue')}
      </Link>
    </Page>
  )
}

function NotOpen({ showId }: { showId: string }) {
  const { t } = useTranslation('seats')
  return (
    <Page title={t('notOpen.title')} width="narrow">
      <p className="soft">{t('closed')}</p>
      <Link to="/shows/$showId" params={{ showId }} className="button">
        {t('notOpen.back')}
      </Link>
    </Page>
  )
}
