/** What the brush paints with, and what it covers. */
import { useTranslation } from 'react-i18next'
import { PLACE_KINDS } from '../model/plan.ts'
import { type Desk, useDesk } from './desk.ts'
import { GradePicker } from './GradePicker.tsx'
import styles from './Panel.module.css'
import { Sign } from './Sign.tsx'

export function BrushPanel({ desk }: { desk: Desk }) {
  const { t } = useTranslation('houses')
  const { tool, brush, stroke, mark } = useDesk(desk, state => state)
  if (tool === 'mark') {
    return (
      <fieldset className={styles.kinds}>
        <legend>{t('brush.mark')}</legend>
        {PLACE_KINDS.map(kind => (
          <button key={kind} type="button" aria-pressed={mark === kind} onClick={() => desk.set({ mark: kind })}>
            <Sign kind={kind} />
            {t(`kind.${kind}`)}
          </button>
        ))}
      </fieldset>
    )
  }
  return (
    <>
      <GradePicker desk={desk} label={t('brush.grade')} value={brush} onChoose={grade => desk.set({ brush: grade })} />
      <fieldset className={styles.segments}>
        <legend>{t('brush.stroke')}</legend>
        {(['seats', 'rows', 'sections'] as const).map(each => (
          <button key={each} type="button" aria-pressed={stroke === each} onClick={() => desk.set({ stroke: each })}>
            {t(`brush.${each}`)}
          </button>
        ))}
      </fieldset>
    </>
  )
}

/** Whether an area is selected by a rectangle or a lasso. */
export function AreaPanel({ desk }: { desk: Desk }) {
  const { t } = useTranslation('houses')
  const area = useDesk(desk, state => state.area)
  return (
    <fieldset className={styles.segments}>
      <legend>{t('area.label')}</legend>
      {(['rectangle', 'lasso'] as const).map(each => (
        <button key={each} type="button" aria-pressed={area === each} onClick={() => desk.set({ area: each })}>
          {t(`area.${each}`)}
        </button>
      ))}
    </fieldset>
  )
}
