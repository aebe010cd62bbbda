/** The fields of what is selected, or of the house. */
import { useTranslation } from 'react-i18next'
import { Actions, SectionsPanel } from './ArrangePanel.tsx'
import { AreaPanel, BrushPanel } from './BrushPanel.tsx'
import type { Hands } from './commands.ts'
import { selectionSize, useDesk, usePlan } from './desk.ts'
import { HousePanel } from './HousePanel.tsx'
import { singleSection } from './handles.ts'
import styles from './Panel.module.css'
import { SeatsPanel } from './SeatsPanel.tsx'
import { SectionPanel, StandingPanel } from './SectionPanel.tsx'
import { ShapePanel } from './ShapePanel.tsx'

export function Inspector({ hands }: { hands: Hands }) {
  const { t } = useTranslation('houses')
  const { desk } = hands
  const plan = usePlan(desk)
  const selection = useDesk(desk, state => state.selection)
  const tool = useDesk(desk, state => state.tool)
  const isBrush = tool === 'grade' || tool === 'mark'
  const isEmpty = selectionSize(selection) === 0
  const single = singleSection(plan, selection)
  const title = isEmpty
    ? t('inspector.house')
    : t(`inspector.${single?.kind === 'standing' ? 'standing' : selection.kind}`)
  return (
    <section className={styles.panel} aria-label={t('inspector.label')}>
      {isBrush && <BrushPanel desk={desk} />}
      {(tool === 'seats' || tool === 'select') && <AreaPanel desk={desk} />}
      <h2>{title}</h2>
      {isEmpty && <HousePanel desk={desk} />}
      {single?.kind === 'seats' && <SectionPanel desk={desk} section={single} />}
      {single?.kind === 'standing' && <StandingPanel desk={desk} section={single} />}
      {selection.kind === 'sections' && selection.names.length > 1 && (
        <SectionsPanel desk={desk} names={selection.names} />
      )}
      {selection.kind === 'seats' && !isEmpty && <SeatsPanel desk={desk} names={selection.names} />}
      {selection.kind === 'shapes' && !isEmpty && <ShapePanel desk={desk} shapes={selection.shapes} />}
      {!isEmpty && <Actions hands={hands} />}
    </section>
  )
}
