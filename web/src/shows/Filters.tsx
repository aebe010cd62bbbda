/** Filters for shows, kept in the address so that a search can be shared. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/Field.tsx'
import styles from './Filters.module.css'

export interface Wanted {
  q?: string
  genre?: string
  /** Dates in Korea in the server's form: `2026-12-05`. */
  from?: string
  to?: string
  sort?: string
}

export const GENRES = [
  'musical',
  'concert',
  'classical',
  'play',
  'jazz',
  'dance',
  'opera',
  'festival',
  'sports',
] as const
const SORTS = ['date', 'title', 'price', '-price'] as const
const TYPING_MS = 250

interface Props {
  wanted: Wanted
  onChange: (next: Wanted) => void
}

export function Filters({ wanted, onChange }: Props) {
  const { t } = useTranslation('shows')
  const set = (name: keyof Wanted, value: string) => {
    const { [name]: _, ...others } = wanted
    onChange(value === '' ? others : { ...others, [name]: value })
  }
  return (
    <search className={styles.filters} aria-label={t('filters')}>
      <Search text={wanted.q ?? ''} onChange={text => set('q', text)} />
      <Genres chosen={wanted.genre} onChange={genre => set('genre', genre)} />
      <details className={styles.more} open={wanted.from !== undefined || wanted.to !== undefined}>
        <summary>
          {t('dates')} · {t('sort')}
        </summary>
        <div className={styles.fields}>
          <Field label={t('from')}>
            <input type="date" value={wanted.from ?? ''} onChange={event => set('from', event.target.value)} />
          </Field>
          <Field label={t('to')}>
            <input
              type="date"
              value={wanted.to ?? ''}
              min={wanted.from}
              onChange={event => set('to', event.target.value)}
            />
          </Field>
          <Field label={t('sort')}>
            <select
              value={wanted.sort ?? 'date'}
              onChange={event => set('sort', event.target.value === 'date' ? '' : event.target.value)}
            >
              {SORTS.map(sort => (
                <option key={sort} value={sort}>
                  {t(`sorts.${sort}`)}
                </option>
              ))}
            </select>
          </Field>
          {Object.keys(wanted).length > 0 && (
            <button type="button" className="button quiet" onClick={() => onChange({})}>
              {t('clear')}
            </button>
          )}
        </div>
      </details>
    </search>
  )
}

/** Searches when typing pauses, not at every letter. */
function Search({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation('shows')
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  useEffect(() => {
    if (typed.trim() === text) return
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, text, onChange])
  return (
    <input
      type="search"
      aria-label={t('search')}
      placeholder={t('searchHint')}
      maxLength={100}
      value={typed}
      onChange={event => setTyped(event.target.value)}
    />
  )
}

function Genres({ chosen, onChange }: { chosen: string | undefined; onChange: (genre: string) => void }) {
  const { t } = useTranslation('shows')
  const offered = chosen === undefined || GENRES.some(genre => genre === chosen) ? GENRES : [...GENRES, chosen]
  return (
    <fieldset className={styles.genres}>
      <legend className="hidden">{t('genre')}</legend>
      <button type="button" aria-pressed={chosen === undefined} onClick={() => onChange('')}>
        {t('anyGenre')}
      </button>
      {offered.map(genre => (
        <button key={genre} type="button" aria-pressed={genre === chosen} onClick={() => onChange(genre)}>
          <GenreName genre={genre} />
        </button>
      ))}
    </fieldset>
  )
}

/** A genre in the reader's language, or as the organizer wrote it. */
export function GenreName({ genre }: { genre: string }) {
  const { t } = useTranslation('shows')
  const known = GENRES.find(known => known === genre)
  return <>{known === undefined ? genre : t(`genres.${known}`)}</>
}
