/** Builds a house: a form for its sections beside a live picture. */
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { gradeToken } from '../../seats/map/palette.ts'
import { Notice } from '../../ui/Notice.tsx'
import styles from './Builder.module.css'
import { checkHouse, type HouseErrors } from './check.ts'
import { HousePicture } from './HousePicture.tsx'
import { HouseTotals } from './HouseTotals.tsx'
import { type House, SECTIONS_MAX, withChanged, withCopy, withMoved, withoutSection, withSection } from './house.ts'
import { SectionEditor } from './SectionEditor.tsx'
import { TemplateButtons } from './TemplateButtons.tsx'
import { isTemplate } from './templates.ts'

interface Props {
  house: House
  grades: readonly { grade: string; price: number }[]
  currency: string
  /** Why the server refused the house. */
  refused: string | undefined
  onChange: (change: (before: House) => House) => void
}

export function SeatPlanBuilder({ house, grades, currency, refused, onChange }: Props) {
  const { t } = useTranslation('manage')
  const [asked, setChosen] = useState<number>()
  const dearest = useMemo(() => grades.toSorted((a, b) => b.price - a.price).map(({ grade }) => grade), [grades])
  const errors = useMemo(() => checkHouse(house, grades), [house, grades])
  const chosen = house.sections.find(({ key }) => key === asked) ?? house.sections[0]
  const add = () => {
    const next = withSection(house, dearest[0] ?? '')
    onChange(() => next)
    setChosen(next.sections.at(-1)?.key)
  }
  return (
    <div className={styles.builder}>
      <div className={styles.picture}>
        <TemplateButtons
          grades={dearest}
          touched={!isTemplate(house, dearest)}
          onChoose={made => onChange(() => made)}
        />
        {chosen === undefined ? (
          <p className="soft">{t('house.empty')}</p>
        ) : (
          <HousePicture house={house} grades={dearest} chosen={chosen.key} onChoose={setChosen} />
        )}
        <HouseTotals house={house} grades={grades} dearest={dearest} currency={currency} />
        <Wrong errors={errors} refused={refused} house={house} onChoose={setChosen} />
      </div>
      <div className={styles.form}>
        <fieldset className={styles.chips}>
          <legend>{t('house.sections')}</legend>
          {house.sections.map(section => (
            <button
              key={section.key}
              type="button"
              aria-pressed={section.key === chosen?.key}
              data-wrong={errors.sections.has(section.key) || undefined}
              onClick={() => setChosen(section.key)}
            >
              <i style={{ background: `var(${gradeToken(Math.max(0, dearest.indexOf(section.grade)))})` }} />
              {section.name === '' ? '–' : section.name}
              {errors.sections.has(section.key) && <span className="hidden">{t('house.wrongSection')}</span>}
            </button>
          ))}
        </fieldset>
        <div>
          <button type="button" className="button quiet" disabled={house.sections.length >= SECTIONS_MAX} onClick={add}>
            {t('house.add')}
          </button>
        </div>
        {chosen !== undefined && (
          <SectionEditor
            key={chosen.key}
            section={chosen}
            grades={grades}
            error={errors.sections.get(chosen.key)}
            place={house.sections.indexOf(chosen)}
            sections={house.sections.length}
            onChange={change => onChange(before => withChanged(before, chosen.key, change))}
            onMove={by => onChange(before => withMoved(before, chosen.key, by))}
            onCopy={() => onChange(before => withCopy(before, chosen.key))}
            onRemove={() => onChange(before => withoutSection(before, chosen.key))}
          />
        )}
      </div>
    </div>
  )
}

interface WrongProps {
  errors: HouseErrors
  refused: string | undefined
  house: House
  onChoose: (key: number) => void
}

function Wrong({ errors, refused, house, onChoose }: WrongProps) {
  const { t } = useTranslation('manage')
  const [first] = errors.sections
  const section = house.sections.find(({ key }) => key === first?.[0])
  return (
    <>
      {errors.house !== undefined && <Notice tone="bad" title={t(`houseWrong.${errors.house}`)} />}
      {section !== undefined && (
        <Notice tone="bad" title={t('house.wrongSections', { count: errors.sections.size })}>
          <button type="button" className="button quiet small" onClick={() => onChoose(section.key)}>
            {t('house.toWrong', { section: section.name })}
          </button>
        </Notice>
      )}
      {refused !== undefined && <Notice tone="bad" title={t('house.refused', { why: refused })} />}
    </>
  )
}
