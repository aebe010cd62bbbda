/** A booking: its tickets, or the payment it still needs, and how to cancel it. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../api/clock.ts'
import { isProblem } from '../api/problem.ts'
import { useFormat } from '../ui/format.ts'
import { Loading } from '../ui/Loading.tsx'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { NotThere } from '../ui/Screens.tsx'
import { BookingState } from './BookingState.tsx'
import styles from './Bookings.module.css'
import { Cancelling } from './Cancelling.tsx'
import { shortNames } from './places.ts'
import { type BookingDetail, bookingQuery } from './queries.ts'
import { Ticket } from './Ticket.tsx'
import { TimeLeft } from './TimeLeft.tsx'

export function BookingPage() {
  const { bookingId } = useParams({ from: '/bookings/$bookingId' })
  const booking = useQuery(bookingQuery(bookingId))
  if (booking.data !== undefined) return <Found booking={booking.data} />
  if (isProblem(booking.error, 'not_found')) return <NotThere error={booking.error} />
  return (
    <Page title="" heading="none">
      {booking.isError ? <ProblemNotice error={booking.error} retry={() => void booking.refetch()} /> : <Loading />}
    </Page>
  )
}

function Found({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  const { state } = booking
  return (
    <Page title={booking.title} width="narrow" aside={<BookingState state={state} />}>
      <Summary booking={booking} />
      {state === 'confirmed' && <Tickets booking={booking} />}
      {state === 'reserved' && <Unpaid booking={booking} />}
      {state === 'expired' && (
        <Notice tone="warn" title={t('expired.title')}>
          {t('expired.text')}
        </Notice>
      )}
      {state === 'cancelled' && <Refunded booking={booking} />}
      <History booking={booking} />
      {(state === 'confirmed' || state === 'reserved') && <Cancelling booking={booking} />}
      <Link to="/bookings">{t('toAll')}</Link>
    </Page>
  )
}

export function Summary({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  const format = useFormat()
  return (
    <dl className={styles.summary}>
      <dt>{t('when')}</dt>
      <dd className="numbers">{format.moment(booking.starts_at)}</dd>
      <dt>{t('where')}</dt>
      <dd>{booking.venue}</dd>
      <dt>{t('seatsLabel')}</dt>
      <dd className="numbers">{shortNames(booking.places, t)}</dd>
      <dt>{t('amount')}</dt>
      <dd className="numbers">
        <strong>{format.money(booking.amount, booking.currency)}</strong>
      </dd>
    </dl>
  )
}

function Tickets({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  return (
    <section className="stack" aria-labelledby="tickets">
      <Notice tone="good" title={t('confirmed.title')}>
        {t('confirmed.text')}
      </Notice>
      <h2 id="tickets">{t('tickets', { count: booking.tickets.length })}</h2>
      <ul className="stack">
        {booking.tickets.map(ticket => (
          <li key={ticket.seat}>
            <Ticket booking={booking} ticket={ticket} />
          </li>
        ))}
      </ul>
      <button type="button" className={`button quiet ${styles.print}`} onClick={() => print()}>
        {t('print')}
      </button>
    </section>
  )
}

function Unpaid({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  if (Date.parse(booking.pay_by) <= serverNow()) {
    return (
      <Notice tone="warn" title={t('expired.title')}>
        {t('expired.text')}
      </Notice>
    )
  }
  return (
    <div className="stack">
      <TimeLeft until={booking.pay_by} />
      <Link to="/bookings/$bookingId/pay" params={{ bookingId: booking.booking_id }} className="button">
        {t('pay')}
      </Link>
    </div>
  )
}

function Refunded({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  const format = useFormat()
  const [refund, fee] = [booking.refund, booking.fee].map(amount => format.money(amount, booking.currency))
  return (
    <Notice title={t('cancelled.title')}>
      <span className="numbers">{t('cancelled.text', { refund, fee })}</span>
    </Notice>
  )
}

const STATES = ['reserved', 'confirmed', 'cancelled', 'expired'] as const

function History({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  const format = useFormat()
  return (
    <section className="stack" aria-labelledby="history">
      <h2 id="history">{t('history')}</h2>
      <ol className={styles.history}>
        {booking.history.map(({ state, at }) => {
          const known = STATES.find(known => known === state)
          return (
            <li key={at + state}>
              <span>{known === undefined ? state : t(`states.${known}`)}</span>
              <span className="soft numbers">{format.moment(at)}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
