/** The totals of a house: seats of each grade, and their revenue if all are sold. */
import { useTranslation } from 'react-i18next'
import { gradeToken } from '../../seats/map/palette.ts'
import { useFormat } from '../../ui/format.ts'
import styles from './Builder.module.css'
import { totalsOf } from './check.ts'
import type { House } from './house.ts'

interface Props {
  house: House
  grades: readonly { grade: string; price: number }[]
  dearest: readonly string[]
  currency: string
}

export function HouseTotals({ house, grades, dearest, currency }: Props) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const totals = totalsOf(house, grades)
  return (
    <table className={`${styles.totals} numbers`}>
      <caption className="hidden">{t('totals.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('totals.grade')}</th>
          <th scope="col">{t('totals.price')}</th>
          <th scope="col">{t('totals.seats')}</th>
          <th scope="col">{t('totals.revenue')}</th>
        </tr>
      </thead>
      <tbody>
        {totals.grades.map(({ grade, price, seats, revenue }) => (
          <tr key={grade}>
            <th scope="row">
              <i style={{ background: `var(${gradeToken(dearest.indexOf(grade))})` }} />
              {grade}
            </th>
            <td>{format.money(price, currency)}</td>
            <td>{format.count(seats)}</td>
            <td>{format.money(revenue, currency)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('totals.all')}</th>
          <td>{totals.kept > 0 && t('totals.kept', { count: totals.kept })}</td>
          <td>{format.count(totals.forSale)}</td>
          <td>{format.money(totals.revenue, currency)}</td>
        </tr>
      </tfoot>
    </table>
  )
}
