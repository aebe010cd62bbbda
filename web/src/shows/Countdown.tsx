/** The time left until a sale changes: days, and the rest as a clock. */
import { useTranslation } from 'react-i18next'
import { clock } from '../ui/format.ts'

const DAY_S = 86_400

export function Countdown({ seconds }: { seconds: number }) {
  const { t } = useTranslation('shows')
  const days = Math.floor(seconds / DAY_S)
  if (days < 1) return <>{clock(seconds)}</>
  return (
    <>
      {t('day', { count: days })} {clock(seconds % DAY_S)}
    </>
  )
}
