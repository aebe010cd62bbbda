/** The chosen seats, their price, the time left and the way on: a bar below on a phone, a column beside on a wide window. */
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useServerSeconds } from '../api/clock.ts'
import { admissionOf } from '../queue/admission.ts'
import type { Performance, Show } from '../shows/queries.ts'
import { clock } from '../ui/format.ts'
import { BestForm } from './BestForm.tsx'
import type { Board } from './board.ts'
import { amountOf } from './choice/amount.ts'
import type { Choice } from './choice/choice.ts'
import { newOrphans } from './choice/orphans.ts'
import { gradeOf } from './geometry.ts'
import { HoldClock } from './HoldClock.tsx'
import { useChosen } from './hooks.ts'
import { OrphanDialog } from './OrphanDialog.tsx'
import styles from './Panel.module.css'
import { SwatchOf } from './Swatch.tsx'
import { TroubleNotice } from './TroubleNotice.tsx'
import type { Words } from './words.ts'

interface Props {
  board: Board
  choice: Choice
  words: Words
  show: Show
  performance: Performance
  /** The grade that is filtered for. */
  grade: number | undefined
}

/** How long before its end the session's time is shown. */
const SESSION_WARN_S = 120

export function Panel({ board, choice, words, show, performance, grade }: Props) {
  const { t } = useTranslation('seats')
  const chosen = useChosen(choice)
  const { seats, hold, trouble } = chosen
  const [open, setOpen] = useState(false)
  const id = useId()
  // A phone has no room for both.
  const shown = open && trouble === undefined
  const toggle = () => {
    choice.dismiss()
    setOpen(!shown)
  }
  const amount = amountOf(chosen, board.plan, words.priceOf)
  return (
    <section className={styles.panel} aria-label={t('chosen.label')}>
      <SessionLeft performanceId={performance.performance_id} />
      {trouble !== undefined && (
        <TroubleNotice
          trouble={trouble}
          choice={choice}
          board={board}
          words={words}
          showId={show.show_id}
          performanceId={performance.performance_id}
        />
      )}
      <BestForm
        id={id}
        open={shown}
        board={board}
        choice={choice}
        words={words}
        preferred={grade}
        max={performance.max_seats_per_user}
        onDone={() => setOpen(false)}
      />
      <ChosenSeats board={board} choice={choice} words={words} seats={seats} max={performance.max_seats_per_user} />
      {seats.length > 0 && (
        <div className={styles.sum}>
          <p className={styles.total}>
            <span>{t('chosen.total', { seats: seats.length })}</span>
            <strong className="numbers">{words.money(amount)}</strong>
          </p>
          {hold !== undefined && <HoldClock hold={hold} onLapse={() => choice.lapse()} />}
        </div>
      )}
      <div className={styles.actions}>
        <button
          type="button"
          className={`button quiet ${styles.opener}`}
          aria-expanded={shown}
          aria-controls={id}
          onClick={toggle}
        >
          {t('best.open')}
        </button>
        <Next board={board} choice={choice} words={words} />
      </div>
      <p className="hidden" role="status">
        {hold !== undefined && hold.seats.length === seats.length
          ? t('chosen.said', { seats: seats.length, amount: words.money(amount) })
          : ''}
      </p>
    </section>
  )
}

interface ChosenProps extends Pick<Props, 'board' | 'choice' | 'words'> {
  seats: readonly number[]
  max: number
}

function ChosenSeats({ board, choice, words, seats, max }: ChosenProps) {
  const { t } = useTranslation('seats')
  if (seats.length === 0) {
    return (
      <p className={styles.none}>
        <strong>{t('chosen.none')}</strong> <span className="soft">{t('chosen.max', { max })}</span>
      </p>
    )
  }
  return (
    <ul className={styles.seats}>
      {seats.map(seat => {
        const grade = gradeOf(board.plan, seat)
        const special = words.special(seat)
        return (
          <li key={seat}>
            <SwatchOf grade={grade} />
            <span className={styles.seat}>
              <strong>{words.seat(seat)}</strong>
              <span className="soft numbers">
                {words.grade(grade)} {words.price(grade)}
              </span>
              {special !== undefined && <span className={styles.special}>{special}</span>}
            </span>
            <button
              type="button"
              className={styles.remove}
              aria-label={t('chosen.remove', { seat: words.seat(seat) })}
              onClick={() => choice.toggle(seat)}
            >
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <path d="M4 4l8 8M12 4l-8 8" />
              </svg>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** Continues to the payment, and asks first if a single seat would be left. */
function Next({ board, choice, words }: Pick<Props, 'board' | 'choice' | 'words'>) {
  const { t } = useTranslation('seats')
  const navigate = useNavigate()
  const { seats, hold, busy } = useChosen(choice)
  const [orphans, setOrphans] = useState<number[]>()
  const [booking, setBooking] = useState(false)
  const book = async () => {
    setOrphans(undefined)
    setBooking(true)
    const made = await choice.book()
    setBooking(false)
    if (made === undefined) return
    const to = made.state === 'reserved' ? '/bookings/$bookingId/pay' : '/bookings/$bookingId'
    await navigate({ to, params: { bookingId: made.booking_id } })
  }
  const goOn = () => {
    const alone = newOrphans(board.plan, seat => choice.isOffered(seat), seats)
    if (alone.length > 0) setOrphans(alone)
    else void book()
  }
  return (
    <>
      <button
        type="button"
        className={`button ${styles.next}`}
        disabled={seats.length === 0 || hold === undefined || busy}
        onClick={goOn}
      >
        {booking ? t('chosen.booking') : t('chosen.next')}
      </button>
      {orphans !== undefined && (
        <OrphanDialog
          board={board}
          choice={choice}
          words={words}
          orphans={orphans}
          onInsist={() => void book()}
          onClose={() => setOrphans(undefined)}
        />
      )}
    </>
  )
}

function SessionLeft({ performanceId }: { performanceId: string }) {
  const { t } = useTranslation('seats')
  const now = useServerSeconds()
  const admission = admissionOf(performanceId)
  if (admission === undefined) return null
  const left = Date.parse(admission.session_ends_at) / 1000 - now
  if (left > SESSION_WARN_S || left <= 0) return null
  // A screen reader announces it once, not every second.
  return (
    <>
      <p className={styles.session} aria-hidden="true">
        {t('session.left', { left: clock(left) })}
      </p>
      <p className="hidden" role="status">
        {t('session.left', { left: clock(SESSION_WARN_S) })}
      </p>
    </>
  )
}
