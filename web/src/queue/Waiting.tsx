/** The wait: the buyer's number, people ahead, estimated time, and what happens next. */
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client.ts'
import { useServerSeconds } from '../api/clock.ts'
import { Countdown } from '../shows/Countdown.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNotice } from '../ui/Notice.tsx'
import { soundWanted, wantSound } from './announce.ts'
import { Proof } from './Proof.tsx'
import styles from './QueuePage.module.css'
import { minutes, type Place, progress } from './room.ts'
import { ticketOf } from './ticket.ts'
import type { WaitingRoom } from './useWaitingRoom.ts'

interface Props {
  place: Place
  queue: Schemas['QueueStatus'] | undefined
  sale: Schemas['PublicSale'] | undefined
  room: WaitingRoom
}

export function Waiting({ place, queue, sale, room }: Props) {
  const { t } = useTranslation('queue')
  return (
    <>
      {place.number == null ? <Gathering sale={sale} /> : <Numbered place={place} queue={queue} />}
      <section className="stack" aria-labelledby="next">
        <h2 id="next">{t('next.title')}</h2>
        <ol className={styles.steps}>
          <li>{t(place.number == null ? 'next.draw' : 'next.wait')}</li>
          <li>{t('next.enter')}</li>
          <li>{t('next.choose')}</li>
        </ol>
        <p className="soft">{t('safe')}</p>
      </section>
      <div className={styles.actions}>
        <Sound />
        <Leave room={room} />
      </div>
      {queue?.draw != null && <Proof draw={queue.draw} />}
    </>
  )
}

function Numbered({ place, queue }: Pick<Props, 'place' | 'queue'>) {
  const { t } = useTranslation('queue')
  const format = useFormat()
  const { performanceId } = useParams({ from: '/shows/$showId/performances/$performanceId/queue' })
  const ahead = place.ahead ?? 0
  const first = ticketOf(performanceId)?.ahead ?? ahead
  const come = Math.round(progress(first, ahead) * 100)
  return (
    <section className={styles.place}>
      <p className={styles.label}>{t('ahead')}</p>
      <p className={`${styles.ahead} numbers`} aria-live="polite" aria-atomic="true">
        {t('people', { people: format.count(ahead) })}
      </p>
      <div className={styles.bar} role="progressbar" aria-label={t('come')} aria-valuenow={come}>
        <span style={{ width: `${come}%` }} />
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>{t('number')}</dt>
          <dd className="numbers">{format.count(place.number ?? 0)}</dd>
        </div>
        <div>
          <dt>{t('eta')}</dt>
          <dd className="numbers">
            <Eta place={place} />
          </dd>
        </div>
        {queue !== undefined && queue.called_per_min > 0 && (
          <div>
            <dt>{t('speed')}</dt>
            <dd className="numbers">{t('perMinute', { people: format.count(queue.called_per_min) })}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}

/** A range once the speed was measured; no promise before. */
function Eta({ place }: { place: Place }) {
  const { t } = useTranslation('queue')
  const format = useFormat()
  const range = minutes(place.eta_s)
  if (range === undefined) return <>{t('etaUnknown')}</>
  const to = format.duration(range.to * 60)
  if (range.from === 0) return <>{t('etaWithin', { to })}</>
  if (range.from === range.to) return <>{t('etaAbout', { to })}</>
  return <>{t('etaRange', { from: format.duration(range.from * 60), to })}</>
}

/** Before the opening there are no numbers, and arriving early gains nothing. */
function Gathering({ sale }: Pick<Props, 'sale'>) {
  const { t } = useTranslation('queue')
  const now = useServerSeconds()
  return (
    <section className={styles.place}>
      <p className={styles.label}>{t('gathering.title')}</p>
      {sale !== undefined && (
        <p className={`${styles.ahead} numbers`} role="timer">
          <Countdown seconds={Date.parse(sale.opens_at) / 1000 - now} />
        </p>
      )}
      <p>{t('gathering.text')}</p>
    </section>
  )
}

function Sound() {
  const { t } = useTranslation('queue')
  const [wanted, setWanted] = useState(soundWanted())
  const change = () => {
    wantSound(!wanted)
    setWanted(!wanted)
  }
  return (
    <button type="button" className="button quiet" aria-pressed={wanted} onClick={change}>
      {t(wanted ? 'sound.on' : 'sound.off')}
    </button>
  )
}

function Leave({ room }: { room: WaitingRoom }) {
  const { t } = useTranslation(['queue', 'common'])
  const [asked, setAsked] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const leave = () => room.leave().then(() => setAsked(false), setProblem)
  return (
    <>
      <button type="button" className="button quiet" onClick={() => setAsked(true)}>
        {t('leave.button')}
      </button>
      {asked && (
        <Dialog
          title={t('leave.title')}
          onClose={() => setAsked(false)}
          actions={
            <>
              <button type="button" className="button quiet" onClick={() => setAsked(false)}>
                {t('leave.stay')}
              </button>
              <button type="button" className="button danger" onClick={() => void leave()}>
                {t('leave.confirm')}
              </button>
            </>
          }
        >
          <p>{t('leave.text')}</p>
          {problem !== undefined && <ProblemNotice error={problem} />}
        </Dialog>
      )}
    </>
  )
}
