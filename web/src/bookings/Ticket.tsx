/** The ticket of one seat, with the code that is scanned at the door. */
import { generate } from 'lean-qr'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client.ts'
import { useFormat } from '../ui/format.ts'
import styles from './Bookings.module.css'
import type { BookingDetail } from './queries.ts'

interface Props {
  booking: BookingDetail
  ticket: Schemas['Ticket']
}

export function Ticket({ booking, ticket }: Props) {
  const { t } = useTranslation('bookings')
  const format = useFormat()
  const [section, row, number] = parts(ticket.seat)
  return (
    <article className={styles.ticket} aria-label={ticket.seat}>
      <div className={styles.stub}>
        <span className="soft">{booking.title}</span>
        <strong className={`${styles.seat} numbers`}>{t('seatName', { section, row, number })}</strong>
        <span className="numbers">
          {t('gradeName', { grade: ticket.grade })} · {format.money(ticket.price, booking.currency)}
        </span>
        <span className="soft numbers">{format.moment(booking.starts_at)}</span>
        <span className="soft">{booking.venue}</span>
      </div>
      <Code text={`yemae:${booking.booking_id}:${ticket.seat}`} label={t('qr', { seat: ticket.seat })} />
    </article>
  )
}

/** Splits `{section}-{row}-{number}` from the right: only a section's name may hold dashes. */
function parts(seat: string): [section: string, row: string, number: string] {
  const all = seat.split('-')
  const number = all.pop() ?? ''
  const row = all.pop() ?? ''
  return [all.join('-'), row, number]
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
