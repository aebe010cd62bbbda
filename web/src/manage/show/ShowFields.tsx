/** The fields of a show's details. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GENRES } from '../../shows/Filters.tsx'
import { Field } from '../../ui/Field.tsx'
import { GradeFields } from './GradeFields.tsx'
import styles from './ShowForm.module.css'
import { SEATS_PER_USER_MAX, type ShowForm } from './showForm.ts'

export interface FieldsProps {
  form: ShowForm
  onChange: (next: ShowForm) => void
  /** By the server's name for the field. */
  errors: Record<string, string>
  /** A performance is published, so what its buyers were promised stays. */
  locked?: boolean
}

export function ShowFields({ form, onChange, errors, locked = false }: FieldsProps) {
  const { t } = useTranslation('manage')
  const set = (change: Partial<ShowForm>) => onChange({ ...form, ...change })
  return (
    <>
      <fieldset className={styles.group}>
        <legend>{t('show.about')}</legend>
        <Field label={t('show.name')} error={errors.title}>
          <input value={form.title} maxLength={400} onChange={event => set({ title: event.target.value })} />
        </Field>
        <div className={styles.pair}>
          <GenreField genre={form.genre} error={errors.genre} onChange={genre => set({ genre })} />
          <Field label={t('show.venue')} hint={t('show.venueHint')} error={errors.venue}>
            <input value={form.venue} maxLength={400} onChange={event => set({ venue: event.target.value })} />
          </Field>
        </div>
        <Field label={t('show.description')} error={errors.description}>
          <textarea value={form.description} rows={5} onChange={event => set({ description: event.target.value })} />
        </Field>
        <Field label={t('show.poster')} hint={t('show.posterHint')} error={errors.poster_url}>
          <input inputMode="url" value={form.posterUrl} onChange={event => set({ posterUrl: event.target.value })} />
        </Field>
        <div className={styles.pair}>
          <Field label={t('show.age')} hint={t('show.ageHint')} error={errors.age_limit}>
            <input
              inputMode="numeric"
              value={form.ageLimit}
              onChange={event => set({ ageLimit: event.target.value })}
            />
          </Field>
          <Field label={t('show.runtime')} hint={t('show.runtimeHint')} error={errors.runtime_min}>
            <input
              inputMode="numeric"
              value={form.runtimeMin}
              onChange={event => set({ runtimeMin: event.target.value })}
            />
          </Field>
        </div>
      </fieldset>
      <fieldset className={styles.group} disabled={locked}>
        <legend>{t('show.prices')}</legend>
        {locked && <p className="soft">{t('show.locked')}</p>}
        <GradeFields grades={form.grades} errors={errors} onChange={grades => set({ grades })} />
        <Field label={t('show.maxSeats')} hint={t('show.maxSeatsHint')} error={errors.max_seats_per_user}>
          <select value={form.maxSeatsPerUser} onChange={event => set({ maxSeatsPerUser: event.target.value })}>
            {Array.from({ length: SEATS_PER_USER_MAX }, (_, index) => String(index + 1)).map(seats => (
              <option key={seats} value={seats}>
                {t('show.tickets', { count: Number(seats) })}
              </option>
            ))}
          </select>
        </Field>
      </fieldset>
    </>
  )
}

const OWN = 'own'

/** A genre that buyers can filter by, or the organizer's own word. */
function GenreField(props: { genre: string; error: string | undefined; onChange: (genre: string) => void }) {
  const { genre, error, onChange } = props
  const { t } = useTranslation(['manage', 'shows'])
  const known = GENRES.find(known => known === genre)
  const [own, setOwn] = useState(genre !== '' && known === undefined)
  const choose = (chosen: string) => {
    setOwn(chosen === OWN)
    onChange(chosen === OWN ? '' : chosen)
  }
  return (
    <div className={styles.genre}>
      <Field label={t('show.genre')} error={own ? undefined : error}>
        <select value={own ? OWN : (known ?? '')} onChange={event => choose(event.target.value)}>
          <option value="" disabled>
            {t('show.choose')}
          </option>
          {GENRES.map(genre => (
            <option key={genre} value={genre}>
              {t(`shows:genres.${genre}`)}
            </option>
          ))}
          <option value={OWN}>{t('show.ownGenre')}</option>
        </select>
      </Field>
      {own && (
        <Field label={t('show.ownGenreLabel')} error={error}>
          <input value={genre} maxLength={80} onChange={event => onChange(event.target.value)} />
        </Field>
      )}
    </div>
  )
}
