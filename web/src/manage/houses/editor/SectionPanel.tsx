/** The fields of one section of seats. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { plain } from '../../plain.ts'
import { curve, face } from '../model/edit/arrange.ts'
import { type NumberRule, renameRows, renumber } from '../model/edit/numbers.ts'
import { paintGrade } from '../model/edit/places.ts'
import { changeRows, setAisles, setRowCount, setSeats, taper } from '../model/edit/rows.ts'
import { changeSection, renameSection } from '../model/edit/sections.ts'
import type { LabelKind } from '../model/names.ts'
import {
  DEPTH_M,
  PART_NAME_MAX,
  PITCH_M,
  PITCH_MIN_M,
  placeCount,
  ROW_SEATS_MAX,
  ROWS_MAX,
  type Row,
  type RowsRef,
  SEATS_MAX,
  type SeatsSection,
  type StandingSection,
} from '../model/plan.ts'
import type { Desk } from './desk.ts'
import { GradePicker } from './GradePicker.tsx'
import { NumberField } from './NumberField.tsx'
import styles from './Panel.module.css'
import { TextField } from './TextField.tsx'

const POSITION_MAX_M = 2_000

interface Props<Kind> {
  desk: Desk
  section: Kind
}

export function SectionPanel({ desk, section }: Props<SeatsSection>) {
  return (
    <>
      <NameFields desk={desk} section={section} />
      <RowFields key={section.section} desk={desk} section={section} />
      <NumberFields desk={desk} section={section} />
      <PlaceFields desk={desk} section={section} />
    </>
  )
}

export function StandingPanel({ desk, section }: Props<StandingSection>) {
  const { t } = useTranslation('houses')
  return (
    <>
      <NameFields desk={desk} section={section} />
      <NumberField
        label={t('section.capacity')}
        value={section.capacity}
        min={1}
        max={SEATS_MAX}
        unit={t('section.people')}
        onChange={capacity =>
          desk.edit(plan => changeSection(plan, section.section, { capacity: Math.round(capacity) }), 'capacity')
        }
        onEnd={() => desk.end()}
      />
      <p className="soft">{t('section.corners')}</p>
    </>
  )
}

function NameFields({ desk, section }: Props<SeatsSection | StandingSection>) {
  const { t } = useTranslation('houses')
  const name = section.section
  const rename = (typed: string) => {
    const to = plain(typed)
    const renamed = renameSection(desk.plan, name, to)
    if (renamed === desk.plan) return to === name
    desk.make(() => ({ plan: renamed, selection: { kind: 'sections', names: [to] } }))
    return true
  }
  return (
    <>
      <div className={styles.pair}>
        <TextField key={name} label={t('section.name')} value={name} maxLength={PART_NAME_MAX} onChange={rename} />
        <TextField
          label={t('section.entrance')}
          value={section.entrance ?? ''}
          maxLength={PART_NAME_MAX}
          placeholder={t('section.noEntrance')}
          onChange={typed => {
            const entrance = plain(typed)
            desk.edit(plan => changeSection(plan, name, { entrance: entrance === '' ? undefined : entrance }))
            return true
          }}
        />
      </div>
      <GradePicker
        desk={desk}
        label={t('grade.label')}
        value={section.grade}
        onChoose={grade => desk.edit(plan => paintGrade(plan, { kind: 'sections', names: [name] }, grade))}
      />
    </>
  )
}

/** The rows of the whole section, or one of them. */
function RowFields({ desk, section }: Props<SeatsSection>) {
  const { t } = useTranslation('houses')
  const name = section.section
  const [chosen, setChosen] = useState('')
  const rows = section.rows.some(({ row }) => row === chosen) ? [chosen] : undefined
  const ref: RowsRef = { section: name, ...(rows === undefined ? {} : { rows }) }
  const meant = rows === undefined ? section.rows : section.rows.filter(({ row }) => row === chosen)
  const common = <T,>(of: (row: Row) => T): T | undefined => commonOf(meant.map(of))
  const onEnd = () => desk.end()
  return (
    <fieldset className={styles.group}>
      <legend>{t('rows.title')}</legend>
      <div className={styles.pair}>
        <NumberField
          label={t('rows.count')}
          value={section.rows.length}
          min={1}
          max={Math.min(ROWS_MAX, 500)}
          onChange={count => desk.edit(plan => setRowCount(plan, name, Math.round(count)), 'rows')}
          onEnd={onEnd}
        />
        <Choice
          label={t('rows.which')}
          value={rows === undefined ? '' : chosen}
          options={[['', t('rows.every')], ...section.rows.map(({ row }) => [row, t('rows.row', { row })] as const)]}
          onChange={setChosen}
        />
      </div>
      <div className={styles.pair}>
        <NumberField
          label={t('rows.seats')}
          value={common(row => row.seats)}
          min={1}
          max={ROW_SEATS_MAX}
          onChange={seats => desk.edit(plan => setSeats(plan, ref, Math.round(seats)), `seats ${chosen}`)}
          onEnd={onEnd}
        />
        <NumberField
          label={t('rows.taper')}
          value={taperOf(section.rows)}
          min={-10}
          max={10}
          onChange={by => desk.edit(plan => taper(plan, name, by), 'taper')}
          onEnd={onEnd}
        />
      </div>
      <div className={styles.pair}>
        <NumberField
          label={t('rows.pitch')}
          value={common(row => row.pitch_m ?? PITCH_M)}
          min={PITCH_MIN_M}
          max={5}
          step={0.05}
          unit="m"
          onChange={pitch_m =>
            desk.edit(
              plan => changeRows(plan, ref, { pitch_m: pitch_m === PITCH_M ? undefined : pitch_m }),
              `pitch ${chosen}`,
            )
          }
          onEnd={onEnd}
        />
        <NumberField
          label={t('rows.depth')}
          value={common(row => row.depth_m ?? DEPTH_M)}
          min={PITCH_MIN_M}
          max={20}
          step={0.05}
          unit="m"
          onChange={depth_m =>
            desk.edit(
              plan => changeRows(plan, ref, { depth_m: depth_m === DEPTH_M ? undefined : depth_m }),
              `depth ${chosen}`,
            )
          }
          onEnd={onEnd}
        />
      </div>
      <div className={styles.pair}>
        <NumberField
          label={t('rows.offset')}
          value={common(row => row.offset_m ?? 0)}
          min={-200}
          max={200}
          step={0.1}
          unit="m"
          onChange={offset_m =>
            desk.edit(
              plan => changeRows(plan, ref, { offset_m: offset_m === 0 ? undefined : offset_m }),
              `offset ${chosen}`,
            )
          }
          onEnd={onEnd}
        />
        <TextField
          label={t('rows.aisles')}
          value={common(row => (row.aisles ?? []).join(', ')) ?? ''}
          maxLength={100}
          placeholder={t('rows.noAisles')}
          hint={t('rows.aislesHint')}
          onChange={typed => {
            const after = aislesOf(typed)
            if (after === undefined) return false
            desk.edit(plan => setAisles(plan, ref, after))
            return true
          }}
        />
      </div>
      {chosen === '' && <p className="soft numbers">{t('rows.places', { count: placeCount(section) })}</p>}
    </fieldset>
  )
}

/** `6, 14`: after which seats an aisle leads. */
export function aislesOf(typed: string): number[] | undefined {
  const parts = typed.split(/[\s,]+/).filter(part => part !== '')
  const numbers = parts.map(Number)
  return numbers.every(number => Number.isInteger(number) && number > 0) ? numbers : undefined
}

/** The one value of all; `undefined` if they differ. */
export function commonOf<T>(values: readonly T[]): T | undefined {
  const [first] = values
  return values.every(value => value === first) ? first : undefined
}

/** By how many seats each row is longer than the one in front. */
function taperOf(rows: readonly Row[]): number | undefined {
  if (rows.length < 2) return 0
  return commonOf(rows.slice(1).map((row, index) => row.seats - (rows[index]?.seats ?? 0)))
}

function NumberFields({ desk, section: { section: name } }: Props<SeatsSection>) {
  const { t } = useTranslation('houses')
  const [rule, setRule] = useState<NumberRule>({ order: 'left', start: 1, step: 1, labels: 'numbers' })
  const [rowLabels, setRowLabels] = useState<LabelKind>('numbers')
  const [rowStart, setRowStart] = useState(1)
  return (
    <details className={styles.details}>
      <summary>{t('numbers.title')}</summary>
      <div className={styles.group}>
        <div className={styles.pair}>
          <Choice
            label={t('numbers.order')}
            value={rule.order}
            options={(['left', 'right', 'middle'] as const).map(
              order => [order, t(`numbers.orders.${order}`)] as const,
            )}
            onChange={order => setRule({ ...rule, order })}
          />
          <Choice
            label={t('numbers.kind')}
            value={kindOf(rule)}
            options={(['all', 'odd', 'even', 'letters', 'hangul'] as const).map(
              kind => [kind, t(`numbers.kinds.${kind}`)] as const,
            )}
            onChange={kind => setRule({ ...rule, ...KINDS[kind] })}
          />
        </div>
        <div className={styles.pair}>
          <NumberField
            label={t('numbers.start')}
            value={rule.start}
            min={1}
            max={90_000}
            onChange={start => setRule({ ...rule, start: Math.round(start) })}
            onEnd={() => {}}
          />
          <button
            type="button"
            className="button quiet small"
            onClick={() => desk.edit(plan => renumber(plan, { section: name }, rule))}
          >
            {t('numbers.apply')}
          </button>
        </div>
        <div className={styles.pair}>
          <Choice
            label={t('numbers.rows')}
            value={rowLabels}
            options={(['numbers', 'letters', 'hangul'] as const).map(
              kind => [kind, t(`numbers.rowKinds.${kind}`)] as const,
            )}
            onChange={setRowLabels}
          />
          <NumberField
            label={t('numbers.rowStart')}
            value={rowStart}
            min={1}
            max={9_000}
            onChange={setRowStart}
            onEnd={() => {}}
          />
        </div>
        <div className={styles.buttons}>
          {(['front', 'back'] as const).map(from => (
            <button
              key={from}
              type="button"
              className="button quiet small"
              onClick={() => desk.edit(plan => renameRows(plan, name, { labels: rowLabels, start: rowStart, from }))}
            >
              {t(`numbers.from.${from}`)}
            </button>
          ))}
        </div>
      </div>
    </details>
  )
}

const KINDS = {
  all: { start: 1, step: 1, labels: 'numbers' },
  odd: { start: 1, step: 2, labels: 'numbers' },
  even: { start: 2, step: 2, labels: 'numbers' },
  letters: { start: 1, step: 1, labels: 'letters' },
  hangul: { start: 1, step: 1, labels: 'hangul' },
} as const satisfies Record<string, Omit<NumberRule, 'order'>>

function kindOf({ labels, step, start }: NumberRule): keyof typeof KINDS {
  if (labels !== 'numbers') return labels
  if (step === 1) return 'all'
  return start % 2 === 0 ? 'even' : 'odd'
}

function PlaceFields({ desk, section }: Props<SeatsSection>) {
  const { t } = useTranslation('houses')
  const { section: name, at, turn_deg, curve_m } = section
  const onEnd = () => desk.end()
  const field = (axis: 'x' | 'y') => (
    <NumberField
      label={t(`place.${axis}`)}
      value={at[axis]}
      min={-POSITION_MAX_M}
      max={POSITION_MAX_M}
      step={0.1}
      unit="m"
      onChange={value => desk.edit(plan => changeSection(plan, name, { at: { ...at, [axis]: value } }), axis)}
      onEnd={onEnd}
    />
  )
  return (
    <details className={styles.details} open>
      <summary>{t('place.title')}</summary>
      <div className={styles.group}>
        <div className={styles.pair}>
          {field('x')}
          {field('y')}
        </div>
        <div className={styles.pair}>
          <NumberField
            label={t('place.turn')}
            value={turn_deg}
            min={-360}
            max={360}
            unit="°"
            onChange={turn => desk.edit(plan => changeSection(plan, name, { turn_deg: turn }), 'turn field')}
            onEnd={onEnd}
          />
          <NumberField
            label={t('place.curve')}
            value={curve_m ?? 0}
            min={-POSITION_MAX_M}
            max={POSITION_MAX_M}
            step={0.5}
            unit="m"
            onChange={radius => desk.edit(plan => curve(plan, [name], radius === 0 ? undefined : radius), 'curve')}
            onEnd={onEnd}
          />
        </div>
        <small className="soft">{t('place.curveHint')}</small>
        <button type="button" className="button quiet small" onClick={() => desk.edit(plan => face(plan, [name]))}>
          {t('place.face')}
        </button>
      </div>
    </details>
  )
}

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  options: readonly (readonly [Value, string])[]
  onChange: (value: Value) => void
}

export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <select value={value} onChange={event => onChange(event.target.value as Value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
