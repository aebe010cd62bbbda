/** The time left on the hold, by the server's clock. Screen readers announce the last minute. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useServerSeconds } from '../api/clock.ts'
import { clock } from '../ui/format.ts'
import type { Hold } from './choice/server.ts'
import styles from './Panel.module.css'

const LAST_S = 60

export function HoldClock({ hold, onLapse }: { hold: Hold; onLapse: () => void }) {
  const { t } = useTranslation('seats')
  const left = Date.parse(hold.expires_at) / 1000 - useServerSeconds()
  const over = left <= 0
  useEffect(() => {
    if (over) onLapse()
  }, [over, onLapse])
  return (
    <>
      <p className={`${styles.clock} ${left <= LAST_S ? styles.last : ''}`} role="timer">
        <span>{t('chosen.left')}</span> <strong className="numbers">{clock(left)}</strong>
      </p>
      <p className="hidden" role="status">
        {left <= LAST_S ? t('chosen.lastMinute') : ''}
      </p>
    </>
  )
}
