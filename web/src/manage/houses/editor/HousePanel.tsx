/** What is said of the whole house: how many places each grade has, and where the audience looks. */
import { useTranslation } from 'react-i18next'
import { SwatchOf } from '../../../seats/Swatch.tsx'
import { useFormat } from '../../../ui/format.ts'
import { houseBox } from '../model/box.ts'
import { setFocus } from '../model/edit/shapes.ts'
import { PLACE_KINDS } from '../model/plan.ts'
import { totalsOf } from '../model/totals.ts'
import { type Desk, useDesk, usePlan } from './desk.ts'
import styles from './Panel.module.css'
import { Sign } from './Sign.tsx'

export function HousePanel({ desk }: { desk: Desk }) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  const plan = usePlan(desk)
  const grades = useDesk(desk, state => state.grades)
  const snaps = useDesk(desk, state => state.snaps)
  const totals = totalsOf(plan)
  const box = houseBox(plan)
  return (
    <>
      <table className={`${styles.totals} numbers`}>
        <caption className="hidden">{t('totals.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('grade.label')}</th>
            <th scope="col">{t('totals.places')}</th>
          </tr>
        </thead>
        <tbody>
          {grades.map((grade, index) => (
            <tr key={grade}>
              <th scope="row">
                <SwatchOf grade={index} /> {grade}
              </th>
              <td>{format.count(totals.grades.get(grade) ?? 0)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('totals.all')}</th>
            <td>{format.count(totals.places)}</td>
          </tr>
        </tfoot>
      </table>
      <ul className={styles.facts}>
        {totals.standing > 0 && <li>{t('totals.standing', { places: format.count(totals.standing) })}</li>}
        {PLACE_KINDS.filter(kind => totals.kinds[kind] > 0).map(kind => (
          <li key={kind}>
            <Sign kind={kind} /> {t(`kind.${kind}`)} {format.count(totals.kinds[kind])}
          </li>
        ))}
        {box !== undefined && (
          <li>
            {t('totals.size', {
              width: format.count(Math.round(box.right - box.left)),
              depth: format.count(Math.round(box.bottom - box.top)),
            })}
          </li>
        )}
      </ul>
      <p className="soft">{t('focus.text')}</p>
      {plan.focus !== undefined && (
        <button
          type="button"
          className="button quiet small"
          onClick={() => desk.edit(before => setFocus(before, undefined))}
        >
          {t('focus.reset')}
        </button>
      )}
      <label className={styles.check}>
        <input type="checkbox" checked={snaps} onChange={event => desk.set({ snaps: event.target.checked })} />
        {t('snap')}
      </label>
    </>
  )
}
