/** Pays for a reservation while it lasts, at the sandbox provider. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { serverNow } from '../api/clock.ts'
import { isProblem } from '../api/problem.ts'
import { patiently } from '../api/queries.ts'
import { leaveAdmission } from '../queue/admission.ts'
import { useFormat } from '../ui/format.ts'
import { Loading } from '../ui/Loading.tsx'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { Reference } from '../ui/Reference.tsx'
import { afterRefusal, attemptKey, attemptOf, begun, dropAttempts, keepAttempt } from './attempts.ts'
import { Summary } from './BookingPage.tsx'
import styles from './Bookings.module.css'
import { type BookingDetail, bookingQuery, bookingsQuery } from './queries.ts'
import { TimeLeft } from './TimeLeft.tsx'

/** Each payment token makes the sandbox provider behave differently. */
const WAYS = ['ok', 'decline', 'slow', 'lost'] as const
type Way = (typeof WAYS)[number]

export function PaymentPage() {
  const { t } = useTranslation('bookings')
  const { bookingId } = useParams({ from: '/bookings/$bookingId/pay' })
  const booking = useQuery(bookingQuery(bookingId))
  return (
    <Page title={t('payment.title')} width="narrow">
      {booking.isPending && <Loading />}
      {booking.isError && <ProblemNotice error={booking.error} retry={() => void booking.refetch()} />}
      {booking.data !== undefined && <Payable booking={booking.data} />}
    </Page>
  )
}

function Payable({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  const { booking_id, show_id, state } = booking
  const navigate = useNavigate()
  useEffect(() => {
    if (state === 'confirmed') {
      void navigate({ to: '/bookings/$bookingId', params: { bookingId: booking_id }, replace: true })
    }
  }, [state, booking_id, navigate])
  return (
    <>
      <section className="card stack">
        <h2>{booking.title}</h2>
        <Summary booking={booking} />
      </section>
      {state === 'reserved' && <Pay booking={booking} />}
      {(state === 'expired' || state === 'cancelled') && (
        <>
          <Notice tone="warn" title={t('expired.title')}>
            {t('expired.text')}
          </Notice>
          <Link to="/shows/$showId" params={{ showId: show_id }} className="button">
            {t('toShow')}
          </Link>
        </>
      )}
    </>
  )
}

function Pay({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  const format = useFormat()
  const [way, setWay] = useState<Way>('ok')
  const pay = usePay(booking)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!pay.isPending) pay.mutate(way)
  }
  const over = isProblem(pay.error, 'payment_window_over') || Date.parse(booking.pay_by) <= serverNow()
  return (
    <form className="stack" onSubmit={submit}>
      <TimeLeft until={booking.pay_by} />
      <fieldset className={styles.ways}>
        <legend>{t('payment.way')}</legend>
        <p className="soft">{t('payment.sandbox')}</p>
        {WAYS.map(name => (
          <label key={name} className={styles.way}>
            <input type="radio" name="way" value={name} checked={way === name} onChange={() => setWay(name)} />
            <span>
              <strong>{t(`payment.ways.${name}.name`)}</strong>
              <small className="soft">{t(`payment.ways.${name}.text`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {isProblem(pay.error, 'payment_declined') && (
        <Notice tone="bad" title={t('payment.declined.title')}>
          {t('payment.declined.text')}
          <Reference error={pay.error} />
        </Notice>
      )}
      {pay.isError && !isProblem(pay.error, 'payment_declined') && <ProblemNotice error={pay.error} />}
      {pay.isPending && <Notice title={t('payment.pending')} />}
      {over ? (
        <Link to="/shows/$showId" params={{ showId: booking.show_id }} className="button">
          {t('toShow')}
        </Link>
      ) : (
        <button type="submit" className="button wide" aria-disabled={pay.isPending}>
          {t('payment.pay', { amount: format.money(booking.amount, booking.currency) })}
        </button>
      )}
    </form>
  )
}

/** Pays exactly once, then gives up the place inside: a buyer who has paid no longer needs it. */
function usePay({ booking_id, performance_id }: BookingDetail) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (way: Way) => patiently(() => payOnce(booking_id, way)),
    onError: error => {
      if (isProblem(error, 'payment_declined')) keepAttempt(booking_id, afterRefusal(attemptOf(booking_id)))
    },
    onSuccess: async () => {
      dropAttempts(booking_id)
      void leaveAdmission(performance_id)
      await queries.invalidateQueries({ queryKey: bookingsQuery.queryKey })
      await queries.invalidateQueries({ queryKey: bookingQuery(booking_id).queryKey })
      await navigate({ to: '/bookings/$bookingId', params: { bookingId: booking_id }, replace: true })
    },
  })
}

function payOnce(booking_id: string, way: Way) {
  const attempt = begun(attemptOf(booking_id), way)
  keepAttempt(booking_id, attempt)
  return answer(
    api.POST('/v1/payments', {
      params: { header: { 'Idempotency-Key': attemptKey(booking_id, attempt.number) } },
      body: { booking_id, method: 'card', token: attempt.token ?? way },
    }),
  )
}
