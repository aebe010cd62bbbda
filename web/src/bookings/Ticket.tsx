/** The ticket of one seat, with the code that is scanned at the door. */
import { generate } from 'lean-qr'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client.ts'
import { useFormat } from '../ui/format.ts'
import styles from './Bookings.module.css'
import { type BookedPlace, longName } from './places.ts'
import type { BookingDetail } from './queries.ts'

interface Props {
  booking: BookingDetail
  ticket: Schemas['Ticket']
}

export function Ticket({ booking, ticket }: Props) {
  const { t } = useTranslation('bookings')
  const format = useFormat()
  const place = booking.places.find(place => place.seat === ticket.seat)
  const name = place === undefined ? ticket.seat : longName(place, t)
  return (
    <article className={styles.ticket} aria-label={name}>
      <div className={styles.stub}>
        <span className="soft">{booking.title}</span>
        <strong className={`${styles.seat} numbers`}>{name}</strong>
        {place !== undefined && <About place={place} />}
        <span className="numbers">
          {t('gradeName', { grade: ticket.grade })} · {format.money(ticket.price, booking.currency)}
        </span>
        <span className="soft numbers">{format.moment(booking.starts_at)}</span>
        <span className="soft">{booking.venue}</span>
      </div>
      <Code text={`yemae:${booking.booking_id}:${ticket.seat}`} label={t('qr', { seat: name })} />
    </article>
  )
}

/** What one has to know at the door, and in front of the stage. */
function About({ place }: { place: BookedPlace }) {
  const { t } = useTranslation('bookings')
  const { kind, entrance, note } = place
  return (
    <>
      {kind !== 'seat' && <span>{t(`kinds.${kind}`)}</span>}
      {entrance != null && <span>{t('entrance', { entrance })}</span>}
      {note != null && <span className="soft">{note}</span>}
    </>
  )
}

/** Black on white in every theme: scanners at doors may read nothing else. */
function Code({ text, label }: { text: string; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current !== null) {
      generate(text).toCanvas(canvas.current, { on: [0, 0, 0, 255], off: [255, 255, 255, 255] })
    }
  }, [text])
  return <canvas ref={canvas} className={styles.code} role="img" aria-label={label} />
}
