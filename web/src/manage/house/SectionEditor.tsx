/** Edits one section: its name, grade, rows and seats, and its place among the others. */
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import styles from './Builder.module.css'
import { type SectionError, seatCountOf } from './check.ts'
import { ROW_SEATS_MAX, ROWS_MAX, type SectionDraft, withRows, withSeats } from './house.ts'
import { NumberInput } from './NumberInput.tsx'
import { SeatGrid } from './SeatGrid.tsx'

interface Props {
  section: SectionDraft
  grades: readonly { grade: string }[]
  error: SectionError | undefined
  /** Counted from 0. */
  place: number
  sections: number
  onChange: (change: (before: SectionDraft) => SectionDraft) => void
  onMove: (by: -1 | 1) => void
  onCopy: () => void
  onRemove: () => void
}

export function SectionEditor(props: Props) {
  const { section, grades, error, onChange } = props
  const { t } = useTranslation('manage')
  const nameError = error === 'name' || error === 'nameTwice' ? t(`sectionWrong.${error}`) : undefined
  const longest = Math.max(1, ...section.rows.map(row => row.seats))
  return (
    <section className={styles.section} aria-label={t('section.label', { section: section.name })}>
      <div className={styles.sectionHead}>
        <h3>{t('section.label', { section: section.name })}</h3>
        <span className="soft numbers">{t('seatsCount', { count: seatCountOf(section) })}</span>
      </div>
      <div className={styles.fields}>
        <Field label={t('section.name')} error={nameError}>
          <input
            value={section.name}
            maxLength={40}
            onChange={event => onChange(before => ({ ...before, name: event.target.value }))}
          />
        </Field>
        <Field label={t('section.grade')} error={error === 'grade' ? t('sectionWrong.grade') : undefined}>
          <select
            value={section.grade}
            onChange={event => onChange(before => ({ ...before, grade: event.target.value }))}
          >
            {!grades.some(({ grade }) => grade === section.grade) && <option value={section.grade}>–</option>}
            {grades.map(({ grade }) => (
              <option key={grade}>{grade}</option>
            ))}
          </select>
        </Field>
        <Field label={t('section.rows')} error={error === 'rows' ? t('sectionWrong.rows') : undefined}>
          <NumberInput
            value={section.rows.length}
            min={1}
            max={ROWS_MAX}
            onChange={rows => onChange(before => withRows(before, rows))}
          />
        </Field>
        <Field label={t('section.seats')} error={error === 'rowSeats' ? t('sectionWrong.rowSeats') : undefined}>
          <NumberInput
            value={longest}
            min={1}
            max={ROW_SEATS_MAX}
            onChange={seats => onChange(before => withSeats(before, seats))}
          />
        </Field>
        <Field label={t('section.rowNames')}>
          <select
            value={section.rowNames}
            onChange={event =>
              onChange(before => ({ ...before, rowNames: event.target.value === 'letters' ? 'letters' : 'numbers' }))
            }
          >
            <option value="numbers">1, 2, 3 …</option>
            <option value="letters">A, B, C …</option>
          </select>
        </Field>
      </div>
      <Acts {...props} />
      <SeatGrid section={section} onChange={onChange} />
    </section>
  )
}

function Acts({ section, place, sections, onMove, onCopy, onRemove }: Props) {
  const { t } = useTranslation('manage')
  return (
    <div className={styles.acts}>
      <button type="button" className="button quiet small" disabled={place === 0} onClick={() => onMove(-1)}>
        {t('section.before')}
      </button>
      <button type="button" className="button quiet small" disabled={place === sections - 1} onClick={() => onMove(1)}>
        {t('section.after')}
      </button>
      <button type="button" className="button quiet small" onClick={onCopy}>
        {t('section.copy')}
      </button>
      <button
        type="button"
        className="button danger small"
        aria-label={t('section.removeOf', { section: section.name })}
        onClick={onRemove}
      >
        {t('section.remove')}
      </button>
    </div>
  )
}
