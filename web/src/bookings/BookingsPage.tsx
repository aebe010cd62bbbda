/** The user's bookings, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Booking } from '../seats/choice/server.ts'
import { useFormat } from '../ui/format.ts'
import { Page } from '../ui/Page.tsx'
import { Paged } from '../ui/Paged.tsx'
import { BookingState } from './BookingState.tsx'
import styles from './Bookings.module.css'
import { shortNames } from './places.ts'
import { bookingsQuery } from './queries.ts'

export function BookingsPage() {
  const { t } = useTranslation('bookings')
  const bookings = useInfiniteQuery(bookingsQuery)
  return (
    <Page title={t('title')} width="narrow">
      <Paged list={bookings} className="stack" keyOf={booking => booking.booking_id} none={<None />}>
        {booking => <Line booking={booking} />}
      </Paged>
    </Page>
  )
}

function None() {
  const { t } = useTranslation(['bookings', 'common'])
  return (
    <div className="stack">
      <p className="soft">{t('none')}</p>
      <Link to="/" className="button">
        {t('common:home')}
      </Link>
    </div>
  )
}

function Line({ booking }: { booking: Booking }) {
  const { t } = useTranslation('bookings')
  const format = useFormat()
  return (
    <Link to="/bookings/$bookingId" params={{ bookingId: booking.booking_id }} className={`card ${styles.line}`}>
      <span className={styles.lineHead}>
        <strong>{booking.title}</strong>
        <BookingState state={booking.state} />
      </span>
      <span className="numbers">{format.moment(booking.starts_at)}</span>
      <span className="soft">{booking.venue}</span>
      <span className="soft numbers">
        {t('seats', { count: booking.seats.length })} · {shortNames(booking.places, t)} ·{' '}
        {format.money(booking.amount, booking.currency)}
      </span>
    </Link>
  )
}
