/** What is said about single seats: their grade, their kind, a note, and the aisles beside them. */
import { useTranslation } from 'react-i18next'
import { clearPlaces, mark, paintGrade, placeOf, setNote, wheelchairWith } from '../model/edit/places.ts'
import { toggleAisle, toggleAisleThrough } from '../model/edit/rows.ts'
import { NOTE_MAX, PLACE_KINDS, type PlaceKind } from '../model/plan.ts'
import { type Desk, usePlan } from './desk.ts'
import { GradePicker } from './GradePicker.tsx'
import styles from './Panel.module.css'
import { commonOf } from './SectionPanel.tsx'
import { Sign } from './Sign.tsx'
import { TextField } from './TextField.tsx'

/** More seats than this are not looked at one by one. */
const LOOKED_AT_MAX = 400

export function SeatsPanel({ desk, names }: { desk: Desk; names: readonly string[] }) {
  const { t } = useTranslation('houses')
  const plan = usePlan(desk)
  const [one] = names
  const places = names.slice(0, LOOKED_AT_MAX).map(name => placeOf(plan, name))
  const kinds = places.map(({ kind }) => kind ?? 'plain')
  const kind = commonOf(kinds)
  const companion = names.length === 1 ? places[0]?.companion_of : undefined
  const choose = (next: PlaceKind | 'plain') =>
    desk.edit(before => {
      if (next === 'plain') return clearKinds(before)
      if (next !== 'wheelchair') return mark(before, names, next)
      return names.reduce((edited, name) => wheelchairWith(edited, name), before)
    })
  const clearKinds = (before: typeof plan) => mark(before, names, undefined)
  return (
    <>
      <p>
        <strong>
          {names.length === 1 && one !== undefined
            ? one.replaceAll('-', ' · ')
            : t('many.seats', { count: names.length })}
        </strong>
      </p>
      <GradePicker
        desk={desk}
        label={t('grade.label')}
        value={commonOf(places.map(({ grade }) => grade))}
        onChoose={grade => desk.edit(before => paintGrade(before, { kind: 'seats', names }, grade))}
      />
      <fieldset className={styles.kinds}>
        <legend>{t('kind.title')}</legend>
        {(['plain', ...PLACE_KINDS] as const).map(each => (
          <button key={each} type="button" aria-pressed={kind === each} onClick={() => choose(each)}>
            <Sign kind={each} />
            {t(`kind.${each}`)}
          </button>
        ))}
      </fieldset>
      {companion !== undefined && (
        <p className="soft">{t('kind.companionOf', { seat: companion.replaceAll('-', ' · ') })}</p>
      )}
      <TextField
        key={names.join()}
        label={t('kind.note')}
        value={commonOf(places.map(({ note }) => note ?? '')) ?? ''}
        maxLength={NOTE_MAX}
        placeholder={t('kind.noteHint')}
        onChange={note => {
          desk.edit(before => setNote(before, names, note.trim() === '' ? undefined : note.trim()))
          return true
        }}
      />
      {names.length === 1 && one !== undefined && (
        <div className={styles.buttons}>
          <button
            type="button"
            className="button quiet small"
            onClick={() => desk.edit(before => toggleAisle(before, one))}
          >
            {t('rows.aisleHere')}
          </button>
          <button
            type="button"
            className="button quiet small"
            onClick={() => desk.edit(before => toggleAisleThrough(before, one))}
          >
            {t('rows.aisleThrough')}
          </button>
        </div>
      )}
      <button
        type="button"
        className="button quiet small"
        disabled={kinds.every(each => each === 'plain') && places.every(({ note }) => note === undefined)}
        onClick={() => desk.edit(before => clearPlaces(before, names))}
      >
        {t('kind.clear')}
      </button>
    </>
  )
}
