/** The sections as a list: it says what is drawn, and chooses without the drawing. */
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SwatchOf } from '../../../seats/Swatch.tsx'
import { useFormat } from '../../../ui/format.ts'
import { boxOf } from '../model/box.ts'
import { reorderSection } from '../model/edit/sections.ts'
import { placeCount, type Section, type Selection } from '../model/plan.ts'
import { type Desk, isSelected, toggled, useDesk, usePlan } from './desk.ts'
import type { Easel } from './easel.ts'
import styles from './Panel.module.css'

interface Props {
  desk: Desk
  easel: Easel | undefined
}

/** Longer lists are searched. */
const SHOWN_MAX = 120

export function SectionList({ desk, easel }: Props) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  const { sections } = usePlan(desk)
  const selection = useDesk(desk, state => state.selection)
  const grades = useDesk(desk, state => state.grades)
  const [sought, setSought] = useState('')
  const found = sought === '' ? sections : sections.filter(({ section }) => section.includes(sought.trim()))
  const choose = (name: string, adds: boolean) => {
    const one: Selection = { kind: 'sections', names: [name] }
    desk.set({ selection: adds ? toggled(desk.state.selection, one) : one, tool: 'select' })
    const box = boxOf(desk.plan, one)
    if (box !== undefined) easel?.show(box)
  }
  return (
    <section className={styles.panel} aria-label={t('list.title')}>
      <h2>
        {t('list.title')} <span className="soft numbers">{format.count(sections.length)}</span>
      </h2>
      {sections.length > 12 && (
        <input
          type="search"
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          value={sought}
          onChange={event => setSought(event.target.value)}
        />
      )}
      {sections.length === 0 && <p className="soft">{t('list.none')}</p>}
      <ul className={styles.sections}>
        {found.slice(0, SHOWN_MAX).map(section => (
          <Entry
            key={section.section}
            section={section}
            grade={grades.indexOf(section.grade)}
            isChosen={isSelected(selection, section.section) || holds(selection, section.section)}
            onChoose={choose}
            onMove={by => desk.edit(plan => reorderSection(plan, section.section, by))}
          />
        ))}
      </ul>
      {found.length > SHOWN_MAX && <p className="soft">{t('list.more', { count: found.length - SHOWN_MAX })}</p>}
    </section>
  )
}

function holds(selection: Selection, section: string): boolean {
  return selection.kind === 'seats' && selection.names.some(name => name.startsWith(`${section}-`))
}

interface EntryProps {
  section: Section
  grade: number
  isChosen: boolean
  onChoose: (name: string, adds: boolean) => void
  onMove: (by: -1 | 1) => void
}

const Entry = memo(
  function Entry({ section, grade, isChosen, onChoose, onMove }: EntryProps) {
    const { t } = useTranslation('houses')
    const format = useFormat()
    const places = format.count(placeCount(section))
    return (
      <li>
        <button
          type="button"
          aria-pressed={isChosen}
          onClick={event => onChoose(section.section, event.shiftKey || event.metaKey || event.ctrlKey)}
          onKeyDown={event => {
            if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
            event.preventDefault()
            onMove(event.key === 'ArrowUp' ? -1 : 1)
          }}
        >
          <SwatchOf grade={grade} />
          <strong>{section.section}</strong>
          <span className="soft numbers">
            {section.kind === 'standing'
              ? t('list.standing', { places })
              : t('list.seats', { rows: format.count(section.rows.length), places })}
          </span>
        </button>
      </li>
    )
  },
  (before, after) =>
    before.section === after.section && before.grade === after.grade && before.isChosen === after.isChosen,
)
