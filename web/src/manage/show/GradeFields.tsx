/** The grades and their prices, usually the dearest first. */
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import styles from './ShowForm.module.css'
import { GRADES_MAX, type GradeDraft } from './showForm.ts'

interface Props {
  grades: GradeDraft[]
  errors: Record<string, string>
  onChange: (grades: GradeDraft[]) => void
}

export function GradeFields({ grades, errors, onChange }: Props) {
  const { t } = useTranslation('manage')
  const key = Math.max(0, ...grades.map(grade => grade.key)) + 1
  const changed = (index: number, change: Partial<GradeDraft>) =>
    onChange(grades.map((grade, at) => (at === index ? { ...grade, ...change } : grade)))
  return (
    <div className="stack">
      <ol className={styles.grades}>
        {grades.map((grade, index) => (
          <li key={grade.key}>
            <Field label={t('show.grade')} error={errors[`grades[${index}].grade`]}>
              <input
                value={grade.grade}
                maxLength={40}
                onChange={event => changed(index, { grade: event.target.value })}
              />
            </Field>
            <Field label={t('show.price')} error={errors[`grades[${index}].price`]}>
              <input
                inputMode="numeric"
                value={grade.price}
                onChange={event => changed(index, { price: event.target.value.replaceAll(',', '') })}
              />
            </Field>
            <div className={styles.order}>
              <button
                type="button"
                className="button quiet"
                disabled={index === 0}
                aria-label={t('show.gradeUp', { grade: grade.grade })}
                onClick={() => onChange(swapped(grades, index - 1))}
              >
                <span aria-hidden="true">↑</span>
              </button>
              <button
                type="button"
                className="button quiet"
                disabled={index === grades.length - 1}
                aria-label={t('show.gradeDown', { grade: grade.grade })}
                onClick={() => onChange(swapped(grades, index))}
              >
                <span aria-hidden="true">↓</span>
              </button>
              <button
                type="button"
                className="button quiet"
                disabled={grades.length === 1}
                aria-label={t('show.gradeRemove', { grade: grade.grade })}
                onClick={() => onChange(grades.filter((_, at) => at !== index))}
              >
                <span aria-hidden="true">×</span>
              </button>
            </div>
          </li>
        ))}
      </ol>
      {errors.grades !== undefined && (
        <small role="alert" className={styles.wrong}>
          {errors.grades}
        </small>
      )}
      <div>
        <button
          type="button"
          className="button quiet"
          disabled={grades.length >= GRADES_MAX}
          onClick={() => onChange([...grades, { key, grade: '', price: '' }])}
        >
          {t('show.addGrade')}
        </button>
      </div>
    </div>
  )
}

/** Swaps the grade at an index with the next one. */
function swapped(grades: GradeDraft[], index: number): GradeDraft[] {
  const [one, other] = [grades[index], grades[index + 1]]
  if (one === undefined || other === undefined) return grades
  return grades.with(index, other).with(index + 1, one)
}
