/** The fields of shapes: what they are, their word, their place and size. */
import { useTranslation } from 'react-i18next'
import { boxOfShape } from '../model/box.ts'
import { changeShape, ellipse, rectangle } from '../model/edit/shapes.ts'
import { type Corner, SHAPE_TEXT_MAX, type Shape, type ShapeKind, type ShapeRef } from '../model/plan.ts'
import { AlignFields } from './ArrangePanel.tsx'
import { type Desk, usePlan } from './desk.ts'
import { NumberField } from './NumberField.tsx'
import styles from './Panel.module.css'
import { Choice } from './SectionPanel.tsx'
import { TextField } from './TextField.tsx'

const KINDS: Record<ShapeRef['list'], readonly ShapeKind[]> = {
  stage: ['stage', 'field'],
  decorations: ['wall', 'door', 'text', 'field'],
}

export function ShapePanel({ desk, shapes }: { desk: Desk; shapes: readonly ShapeRef[] }) {
  const { t } = useTranslation('houses')
  const plan = usePlan(desk)
  const [ref, ...others] = shapes
  const shape = ref === undefined ? undefined : plan[ref.list][ref.index]
  if (others.length > 0) {
    return (
      <>
        <p>{t('many.shapes', { count: shapes.length })}</p>
        <AlignFields desk={desk} />
      </>
    )
  }
  return ref === undefined || shape === undefined ? null : <Fields desk={desk} shape={shape} at={ref} />
}

function Fields({ desk, shape, at: ref }: { desk: Desk; shape: Shape; at: ShapeRef }) {
  const { t } = useTranslation('houses')
  const box = boxOfShape(shape)
  const [width, depth] = [box.right - box.left, box.bottom - box.top]
  const edit = (change: Partial<Shape>, going?: string) => desk.edit(plan => changeShape(plan, ref, change), going)
  const onEnd = () => desk.end()
  const move = (axis: 'x' | 'y') => (
    <NumberField
      label={t(`place.${axis}`)}
      value={shape.at[axis]}
      min={-2_000}
      max={2_000}
      step={0.1}
      unit="m"
      onChange={value => edit({ at: { ...shape.at, [axis]: value } }, axis)}
      onEnd={onEnd}
    />
  )
  const size = (axis: 'width' | 'depth', value: number) => (
    <NumberField
      label={t(`shape.${axis}`)}
      value={Math.round(value * 100) / 100}
      min={0.1}
      max={1_000}
      step={0.1}
      unit="m"
      onChange={next => edit({ outline: stretched(shape.outline ?? [], axis === 'width' ? 0 : 1, next / value) }, axis)}
      onEnd={onEnd}
    />
  )
  return (
    <>
      <Choice
        label={t('shape.kind')}
        value={shape.kind}
        options={KINDS[ref.list].map(kind => [kind, t(`tools.${kind}`)] as const)}
        onChange={kind => edit({ kind })}
      />
      <TextField
        key={`${ref.list} ${ref.index}`}
        label={t('shape.text')}
        value={shape.text ?? ''}
        maxLength={SHAPE_TEXT_MAX}
        onChange={typed => {
          const text = typed.trim()
          if (text === '' && shape.outline === undefined) return false
          desk.edit(plan => changeShape(plan, ref, { text: text === '' ? undefined : text }))
          return true
        }}
      />
      <div className={styles.pair}>
        {move('x')}
        {move('y')}
      </div>
      {shape.outline !== undefined && (
        <>
          <div className={styles.pair}>
            {size('width', width)}
            {size('depth', depth)}
          </div>
          <div className={styles.buttons}>
            <button
              type="button"
              className="button quiet small"
              onClick={() => edit({ outline: rectangle(width, depth) })}
            >
              {t('shape.rectangle')}
            </button>
            <button
              type="button"
              className="button quiet small"
              onClick={() => edit({ outline: ellipse(width, depth) })}
            >
              {t('shape.ellipse')}
            </button>
          </div>
          <p className="soft">{t('section.corners')}</p>
        </>
      )}
    </>
  )
}

function stretched(outline: readonly Corner[], axis: 0 | 1, by: number): Corner[] {
  if (!Number.isFinite(by)) return [...outline]
  return outline.map(([x, y]) => (axis === 0 ? [x * by, y] : [x, y * by]))
}
