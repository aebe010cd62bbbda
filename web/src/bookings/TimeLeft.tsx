/** The time left to pay for a reservation, by the server's clock. */
import { useTranslation } from 'react-i18next'
import { useServerSeconds } from '../api/clock.ts'
import { clock } from '../ui/format.ts'
import styles from './Bookings.module.css'

const HURRY_S = 60

export function TimeLeft({ until }: { until: string }) {
  const { t } = useTranslation('bookings')
  const left = Date.parse(until) / 1000 - useServerSeconds()
  return (
    <p className={left < HURRY_S ? `${styles.left} ${styles.hurry}` : styles.left}>
      <span>{t('payWithin')}</span>
      <strong className="numbers" role="timer">
        {clock(left)}
      </strong>
      <span className="hidden" role="status">
        {left > 0 && left < HURRY_S ? t('payHurry') : ''}
      </span>
    </p>
  )
}
