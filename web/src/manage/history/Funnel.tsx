/**
 * How many buyers went from each step to the next in the whole sale, and how many took each step in the period shown. Those who
 * pay in a period may have joined before it, so a period has no shares.
 */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import styles from './History.module.css'
import { funnel, type Point, type Reached } from './points.ts'

interface Props {
  hasQueue: boolean
  /** The last point of the sale. */
  last: Point
  /** The last point before the period shown, if there is one. */
  base: Point | undefined
  /** The name of the period, if it is not the whole sale. */
  period: string | undefined
}

export function Funnel({ hasQueue, last, base, period }: Props) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const whole = funnel(undefined, last, hasQueue)
  const shown = period === undefined ? undefined : funnel(base, last, hasQueue)
  const most = Math.max(1, ...whole.map(({ count }) => count))
  return (
    <div className={styles.funnel}>
      <table>
        <caption>
          <strong>{t('past.funnel')}</strong> <small className="soft">{t('past.funnelNote')}</small>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('past.step')}</th>
            <th scope="col">{t('past.wholeSale')}</th>
            {period !== undefined && <th scope="col">{period}</th>}
          </tr>
        </thead>
        <tbody>
          {whole.map((reached, index) => (
            <tr key={reached.step}>
              <th scope="row">
                {t(`past.steps.${reached.step}`)}
                <i aria-hidden="true" style={{ width: `${(reached.count / most) * 100}%` }} />
              </th>
              <Count of={reached} />
              {shown !== undefined && <td className="numbers">{format.count(shown[index]?.count ?? 0)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Staff choose seats without coming in: a share of more than all would say nothing. */
function Count({ of: { count, share } }: { of: Reached }) {
  const format = useFormat()
  return (
    <td className="numbers">
      {format.count(count)}{' '}
      {share !== undefined && share <= 1 && <small className="soft">{(share * 100).toFixed(1)}%</small>}
    </td>
  )
}
