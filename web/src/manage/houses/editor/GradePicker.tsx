/** The grades of the house with their colours; one is chosen, or a new one is added. */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SwatchOf } from '../../../seats/Swatch.tsx'
import { plain } from '../../plain.ts'
import { type Desk, useDesk } from './desk.ts'
import styles from './Panel.module.css'

interface Props {
  desk: Desk
  label: string
  /** `undefined` when what is selected differs. */
  value: string | undefined
  onChoose: (grade: string) => void
}

export const GRADE_MAX = 20

export function GradePicker({ desk, label, value, onChoose }: Props) {
  const { t } = useTranslation('houses')
  const grades = useDesk(desk, state => state.grades)
  const [typed, setTyped] = useState('')
  const id = useId()
  const add = () => {
    const grade = plain(typed)
    if (grade === '') return
    if (!grades.includes(grade)) desk.set({ grades: [...grades, grade] })
    onChoose(grade)
    setTyped('')
  }
  return (
    <fieldset className={styles.grades}>
      <legend>{label}</legend>
      {grades.map(grade => (
        <button key={grade} type="button" aria-pressed={grade === value} onClick={() => onChoose(grade)}>
          <SwatchOf grade={grades.indexOf(grade)} />
          {grade}
        </button>
      ))}
      <span className={styles.adds}>
        <label htmlFor={id} className="hidden">
          {t('grade.new')}
        </label>
        <input
          id={id}
          value={typed}
          maxLength={GRADE_MAX}
          placeholder={t('grade.new')}
          onChange={event => setTyped(event.target.value)}
          onKeyDown={event => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
        <button type="button" className="button quiet small" disabled={typed.trim() === ''} onClick={add}>
          {t('grade.add')}
        </button>
      </span>
    </fieldset>
  )
}
