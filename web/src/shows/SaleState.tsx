/** The state of a sale as a badge. */
import { useTranslation } from 'react-i18next'

const STATES = ['scheduled', 'prequeue', 'open', 'paused', 'closed', 'sold_out'] as const

export function SaleState({ state }: { state: string }) {
  const { t } = useTranslation()
  const known = STATES.find(known => known === state)
  if (known === undefined) return null
  return <span className={`tag ${known}`}>{t(`saleState.${known}`)}</span>
}
