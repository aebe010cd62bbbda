/** A figure that can be read from across the room. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import styles from './Sale.module.css'

interface Props {
  label: string
  value: string
  note: ReactNode
  children?: ReactNode
}

export function Tile({ label, value, note, children }: Props) {
  return (
    <div className={`card ${styles.tile}`}>
      <h2>{label}</h2>
      <strong className="numbers">{value}</strong>
      {children}
      <small className="soft numbers">{note}</small>
    </div>
  )
}

/** A meter of how full it is. */
export function InsideTile({ active, cap }: { active: number; cap: number }) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const part = Math.min(1, active / Math.max(1, cap))
  return (
    <Tile label={t('live.inside')} value={format.count(active)} note={t('live.insideOf', { cap: format.count(cap) })}>
      <meter className="hidden" aria-label={t('live.inside')} min={0} max={cap} value={Math.min(active, cap)} />
      <div className={styles.meter} aria-hidden="true">
        <i style={{ width: `${part * 100}%` }} />
      </div>
    </Tile>
  )
}
