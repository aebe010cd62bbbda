/** The state of a booking as a badge. */
import { useTranslation } from 'react-i18next'

const STATES = { reserved: 'paused', confirmed: 'open', cancelled: '', expired: '' } as const

export function BookingState({ state }: { state: string }) {
  const { t } = useTranslation('bookings')
  if (!(state in STATES)) return null
  const known = state as keyof typeof STATES
  return <span className={`tag ${STATES[known]}`}>{t(`states.${known}`)}</span>
}
