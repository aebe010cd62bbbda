/** The waiting room: the buyer's place, what happens next, and automatic entry to the seats. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { performanceOf, showQuery } from '../shows/queries.ts'
import { nextChange } from '../shows/saleClock.ts'
import { useFormat } from '../ui/format.ts'
import { Loading } from '../ui/Loading.tsx'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { admissionOf, isLapsed, isOver, useAdmission } from './admission.ts'
import { announce } from './announce.ts'
import { Early } from './Early.tsx'
import { Ended } from './Ended.tsx'
import styles from './QueuePage.module.css'
import { useWaitingRoom } from './useWaitingRoom.ts'
import { Waiting } from './Waiting.tsx'

/** The public state changes slowly; the buyer's own place is polled more often. */
const LOOK_AROUND_MS = 5_000

export function QueuePage() {
  const { t } = useTranslation('queue')
  const format = useFormat()
  const { showId, performanceId } = useParams({ from: '/shows/$showId/performances/$performanceId/queue' })
  const show = useQuery(showQuery(showId)).data
  const performance = performanceOf(show, performanceId)
  const queue = useQueue(performanceId).data
  const joinable = performance === undefined ? undefined : nextChange(performance.sale).at
  const waiting = useWaitingRoom(performanceId, joinable)
  const { room, problem } = waiting
  useGoingIn(room.at, showId, performanceId)
  return (
    <Page title={t('title')} width="narrow">
      {show !== undefined && performance !== undefined && (
        <p className={styles.what}>
          <strong>{show.title}</strong>
          <span className="soft numbers">{format.moment(performance.starts_at)}</span>
        </p>
      )}
      {queue?.state === 'paused' && (
        <Notice tone="warn" title={t('paused.title')}>
          {t('paused.text')}
        </Notice>
      )}
      {room.at === 'waiting' && <Waiting place={room.place} queue={queue} sale={performance?.sale} room={waiting} />}
      {room.at === 'early' && <Early sale={performance?.sale} />}
      {room.at === 'joining' && problem === undefined && <Loading />}
      {room.at === 'solving' && <Notice title={t('solving')} />}
      {(room.at === 'entering' || room.at === 'inside' || room.at === 'unused') && (
        <Notice tone="good" title={t('entering')} />
      )}
      {(room.at === 'lapsed' || room.at === 'left' || room.at === 'closed') && (
        <Ended how={room.at} showId={showId} joinAgain={waiting.joinAgain} />
      )}
      {problem !== undefined && <ProblemNotice error={problem} />}
    </Page>
  )
}

function useQueue(performanceId: string) {
  return useQuery({
    queryKey: ['queue', performanceId],
    queryFn: () =>
      answer(api.GET('/v1/queues/{performance_id}', { params: { path: { performance_id: performanceId } } })),
    refetchInterval: LOOK_AROUND_MS,
    retry: false,
  })
}

/** Leads to the seats as soon as there is an admission, from this tab, another one, or before. */
function useGoingIn(at: string, showId: string, performanceId: string): void {
  const { t } = useTranslation('queue')
  const navigate = useNavigate()
  const admission = useAdmission(performanceId)
  const inside = at === 'inside' || (admission !== undefined && !isOver(admission) && !isLapsed(admission))
  useEffect(() => {
    if (!inside && at !== 'unused') return
    if (at === 'inside' && admissionOf(performanceId) !== undefined) announce(t('titleCalled'))
    void navigate({
      to: '/shows/$showId/performances/$performanceId/seats',
      params: { showId, performanceId },
      replace: true,
    })
  }, [inside, at, showId, performanceId, navigate, t])
}
