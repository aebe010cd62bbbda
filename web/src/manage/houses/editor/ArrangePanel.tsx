/** What can be done with whole sections or shapes: copies, mirror images, alignment. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../ui/format.ts'
import { align, distribute, face } from '../model/edit/arrange.ts'
import { paintGrade } from '../model/edit/places.ts'
import { placeCount } from '../model/plan.ts'
import { type CommandId, type Hands, runCommand } from './commands.ts'
import { type Desk, selectionSize, useDesk, usePlan } from './desk.ts'
import { GradePicker } from './GradePicker.tsx'
import { Icon, type IconName } from './icons.tsx'
import styles from './Panel.module.css'
import { commonOf } from './SectionPanel.tsx'

const ALIGNMENTS = ['left', 'center', 'right', 'top', 'middle', 'bottom'] as const

/** The buttons below the fields of every selection. */
export function Actions({ hands }: { hands: Hands }) {
  const selection = useDesk(hands.desk, state => state.selection)
  return (
    <div className={styles.actions}>
      {selection.kind !== 'seats' && <Action hands={hands} id="duplicate" icon="copy" />}
      {selection.kind === 'sections' && <Action hands={hands} id="mirror" icon="mirror" />}
      <Action hands={hands} id="remove" icon="remove" />
    </div>
  )
}

function Action({ hands, id, icon }: { hands: Hands; id: CommandId; icon: IconName }) {
  const { t } = useTranslation('houses')
  return (
    <button type="button" onClick={() => runCommand(hands, id)}>
      <Icon name={icon} />
      {t(`commands.${id}`)}
    </button>
  )
}

/** Several sections. */
export function SectionsPanel({ desk, names }: { desk: Desk; names: readonly string[] }) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  const plan = usePlan(desk)
  const wanted = new Set(names)
  const sections = plan.sections.filter(({ section }) => wanted.has(section))
  const places = sections.reduce((sum, section) => sum + placeCount(section), 0)
  return (
    <>
      <p className="numbers">
        {t('many.sections', { count: sections.length })} · {t('placesOf', { places: format.count(places) })}
      </p>
      <GradePicker
        desk={desk}
        label={t('grade.label')}
        value={commonOf(sections.map(({ grade }) => grade))}
        onChoose={grade => desk.edit(plan => paintGrade(plan, { kind: 'sections', names }, grade))}
      />
      <AlignFields desk={desk} />
      <button type="button" className="button quiet small" onClick={() => desk.edit(plan => face(plan, names))}>
        {t('place.face')}
      </button>
    </>
  )
}

/** Aligns and distributes what is selected. */
export function AlignFields({ desk }: { desk: Desk }) {
  const { t } = useTranslation('houses')
  const selection = useDesk(desk, state => state.selection)
  const size = selectionSize(selection)
  return (
    <fieldset className={styles.group}>
      <legend>{t('align.title')}</legend>
      <div className={styles.icons}>
        {ALIGNMENTS.map(to => (
          <button
            key={to}
            type="button"
            aria-label={t(`align.${to}`)}
            title={t(`align.${to}`)}
            onClick={() => desk.edit(plan => align(plan, selection, to))}
          >
            <Icon name={to} />
          </button>
        ))}
        {(['x', 'y'] as const).map(axis => (
          <button
            key={axis}
            type="button"
            disabled={size < 3}
            aria-label={t(`align.distribute.${axis}`)}
            title={t(`align.distribute.${axis}`)}
            onClick={() => desk.edit(plan => distribute(plan, selection, axis))}
          >
            <Icon name={axis === 'x' ? 'distributeX' : 'distributeY'} />
          </button>
        ))}
      </div>
    </fieldset>
  )
}
