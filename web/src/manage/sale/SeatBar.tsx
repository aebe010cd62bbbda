/** All seats of the house in one bar: sold, reserved, on hold, available. Patterns repeat what the colours say. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import type { LiveSale } from '../queries.ts'
import { shares } from './figures.ts'
import styles from './Sale.module.css'

export function SeatBar({ sale }: { sale: LiveSale }) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const all = shares(sale)
  return (
    <div className="card stack">
      <h2>{t('live.seats', { all: format.count(sale.seat_count) })}</h2>
      <div className={styles.bar} aria-hidden="true">
        {all.map(({ state, part }) => (
          <i key={state} className={styles[state]} style={{ width: `${part * 100}%` }} />
        ))}
      </div>
      <dl className={styles.legend}>
        {all.map(({ state, seats, part }) => (
          <div key={state}>
            <dt>
              <i className={styles[state]} aria-hidden="true" />
              {t(`share.${state}`)}
            </dt>
            <dd className="numbers">
              <strong>{format.count(seats)}</strong> <small className="soft">{(part * 100).toFixed(1)}%</small>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
