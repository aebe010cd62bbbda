/** A preview of the show as buyers will see it. */
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import { GenreName } from '../../shows/Filters.tsx'
import { useFormat } from '../../ui/format.ts'
import { Poster } from '../../ui/Poster.tsx'
import styles from './ShowForm.module.css'
import { isPicture, isWhole, PRICE_MAX, type ShowForm } from './showForm.ts'

export function ShowPreview({ form }: { form: ShowForm }) {
  const { t } = useTranslation(['manage', 'shows'])
  const format = useFormat()
  const poster = useDeferredValue(form.posterUrl.trim())
  const title = form.title.trim() === '' ? t('show.untitled') : form.title
  const age = Number(form.ageLimit)
  const facts = [
    age > 0 ? t('shows:ageFrom', { age }) : t('shows:ageAll'),
    ...(Number(form.runtimeMin) > 0 ? [format.duration(Number(form.runtimeMin) * 60)] : []),
  ]
  return (
    <aside className={styles.preview} aria-label={t('show.preview')}>
      <h2>{t('show.preview')}</h2>
      <article className="card">
        <Poster title={title} url={isPicture(poster) ? poster : null} seed={title} />
        <div>
          <small className="soft">
            <GenreName genre={form.genre} />
          </small>
          <h3>{title}</h3>
          <span className="soft">{form.venue}</span>
          <small className="soft numbers">{facts.join(' · ')}</small>
          <ul className="numbers">
            {form.grades.map(grade => (
              <li key={grade.key}>
                <span>{grade.grade}</span>
                {isWhole(grade.price, 0, PRICE_MAX) && <strong>{format.money(Number(grade.price), 'KRW')}</strong>}
              </li>
            ))}
          </ul>
        </div>
        {form.description.trim() !== '' && <p className={styles.about}>{form.description}</p>}
      </article>
    </aside>
  )
}
