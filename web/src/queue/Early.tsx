/** Before people can join: a countdown by the server's clock. Joining is automatic. */
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client.ts'
import { useServerSeconds } from '../api/clock.ts'
import { Countdown } from '../shows/Countdown.tsx'
import { nextChange } from '../shows/saleClock.ts'
import { useFormat } from '../ui/format.ts'
import styles from './QueuePage.module.css'

export function Early({ sale }: { sale: Schemas['PublicSale'] | undefined }) {
  const { t } = useTranslation('queue')
  const format = useFormat()
  const now = useServerSeconds()
  if (sale === undefined) return null
  const change = nextChange(sale)
  return (
    <section className={styles.place}>
      <p className={styles.label}>{t(change.to === 'prequeue' ? 'early.gathering' : 'early.opening')}</p>
      <p className={`${styles.ahead} numbers`} role="timer">
        <Countdown seconds={Date.parse(change.at) / 1000 - now} />
      </p>
      <p className="soft numbers">{format.moment(change.at)}</p>
      <p>{t('early.text')}</p>
    </section>
  )
}
