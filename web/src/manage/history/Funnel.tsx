/** How many buyers went from each step to the next, in the whole sale and in the period shown. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import styles from './History.module.css'
import { funnel, type Point, type Reached } from './points.ts'

interface Props {
  hasQueue: boolean
  /** The last point of the sale. */
  last: Point
  /** The first point of the period shown, if that is not the whole sale, and its name. */
  first: Point | undefined
  period: string
}

export function Funnel({ hasQueue, last, first, period }: Props) {
  const { t } = useTranslation('manage')
  const whole = funnel(undefined, last, hasQueue)
  const shown = first === undefined ? undefined : funnel(first, last, hasQueue)
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
            {shown !== undefined && <th scope="col">{period}</th>}
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
              {shown?.[index] !== undefined && <Count of={shown[index]} />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Count({ of: { count, share } }: { of: Reached }) {
  const format = useFormat()
  return (
    <td className="numbers">
      {format.count(count)} {share !== undefined && <small className="soft">{(share * 100).toFixed(1)}%</small>}
    </td>
  )
}
