/** The organizer's shows, each with its performances. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'
import { Paged } from '../ui/Paged.tsx'
import { Poster } from '../ui/Poster.tsx'
import styles from './Manage.module.css'
import { OrganizerOnly } from './OrganizerOnly.tsx'
import { PerformanceLine } from './PerformanceLine.tsx'
import { type ManagedShow, ownShowsQuery } from './queries.ts'

export function ManagePage() {
  return (
    <OrganizerOnly>
      <Shows />
    </OrganizerOnly>
  )
}

function Shows() {
  const { t } = useTranslation('manage')
  const shows = useInfiniteQuery(ownShowsQuery)
  const none = shows.data?.pages[0]?.items.length === 0
  const create = (
    <Link to="/manage/shows/new" className="button">
      {t('createShow')}
    </Link>
  )
  const plans = (
    <Link to="/manage/houses" className="button quiet">
      {t('seatingPlans')}
    </Link>
  )
  return (
    <Page
      title={t('title')}
      aside={
        <div className="row">
          {plans}
          {!none && create}
        </div>
      }
    >
      <Paged
        list={shows}
        className={styles.shows}
        keyOf={show => show.show_id}
        none={
          <section className="card stack">
            <Steps />
            <div>{create}</div>
          </section>
        }
      >
        {show => <ShowCard show={show} />}
      </Paged>
    </Page>
  )
}

function Steps() {
  const { t } = useTranslation('manage')
  return (
    <>
      <h2>{t('steps.title')}</h2>
      <ol className={styles.steps}>
        {(['show', 'performance', 'publish'] as const).map(step => (
          <li key={step}>
            <strong>{t(`steps.${step}`)}</strong>
            <span className="soft">{t(`steps.texts.${step}`)}</span>
          </li>
        ))}
      </ol>
    </>
  )
}

function ShowCard({ show }: { show: ManagedShow }) {
  const { t } = useTranslation('manage')
  return (
    <article className={`card ${styles.show}`}>
      <Poster title={show.title} url={show.poster_url} seed={show.show_id} />
      <div>
        <div className={styles.what}>
          <h2>
            <Link to="/manage/shows/$showId" params={{ showId: show.show_id }}>
              {show.title}
            </Link>
          </h2>
          <span className="soft">{show.venue}</span>
        </div>
        {show.performances.length === 0 ? (
          <div className={styles.ways}>
            <Link
              to="/manage/shows/$showId/performances/new"
              params={{ showId: show.show_id }}
              className="button quiet small"
            >
              {t('addPerformance')}
            </Link>
          </div>
        ) : (
          <ul className={styles.performances}>
            {show.performances.map(performance => (
              <PerformanceLine key={performance.performance_id} performance={performance} />
            ))}
          </ul>
        )}
      </div>
    </article>
  )
}
