/** A show: its details, its prices, and its performances with the way to their seats. */
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../api/problem.ts'
import { useFormat } from '../ui/format.ts'
import { Loading } from '../ui/Loading.tsx'
import { ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { Poster } from '../ui/Poster.tsx'
import { NotThere } from '../ui/Screens.tsx'
import { GenreName } from './Filters.tsx'
import { PerformanceCard } from './PerformanceCard.tsx'
import { type Show, showQuery } from './queries.ts'
import { SaleState } from './SaleState.tsx'
import styles from './ShowPage.module.css'

const LOOK_AGAIN_MS = 15_000

export function ShowPage() {
  const { showId } = useParams({ from: '/shows/$showId' })
  const show = useQuery({ ...showQuery(showId), refetchInterval: LOOK_AGAIN_MS })
  if (show.data !== undefined) return <Found show={show.data} />
  if (isProblem(show.error, 'not_found')) return <NotThere error={show.error} />
  return (
    <Page title="" heading="none">
      {show.isError ? <ProblemNotice error={show.error} retry={() => void show.refetch()} /> : <Loading />}
    </Page>
  )
}

function Found({ show }: { show: Show }) {
  const { t } = useTranslation('shows')
  return (
    <Page title={show.title} heading="none">
      <div className={styles.top}>
        <div className={styles.poster}>
          <Poster title={show.title} url={show.poster_url} seed={show.show_id} />
        </div>
        <div className={styles.about}>
          <div className="row">
            <SaleState state={show.sale_state} />
            <span className="soft">
              <GenreName genre={show.genre} />
            </span>
          </div>
          <h1>{show.title}</h1>
          <Facts show={show} />
        </div>
      </div>
      <div className={styles.columns}>
        <section className="stack" aria-labelledby="performances">
          <h2 id="performances">{t('performances')}</h2>
          {show.performances.length === 0 && <p className="soft">{t('noPerformances')}</p>}
          {show.performances.map(performance => (
            <PerformanceCard key={performance.performance_id} show={show} performance={performance} />
          ))}
        </section>
        <section className="stack">
          <Grades show={show} />
          {show.description !== '' && (
            <>
              <h2>{t('about')}</h2>
              <p className={styles.description}>{show.description}</p>
            </>
          )}
        </section>
      </div>
    </Page>
  )
}

function Facts({ show }: { show: Show }) {
  const { t } = useTranslation('shows')
  const format = useFormat()
  const [from, to] = [format.day(show.from), format.day(show.to)]
  return (
    <dl className={styles.facts}>
      <dt>{t('when')}</dt>
      <dd className="numbers">{from === to ? format.moment(show.from) : t('between', { from, to })}</dd>
      <dt>{t('where')}</dt>
      <dd>{show.venue}</dd>
      {show.runtime_min > 0 && (
        <>
          <dt>{t('runtime')}</dt>
          <dd className="numbers">{format.duration(show.runtime_min * 60)}</dd>
        </>
      )}
      <dt>{t('age')}</dt>
      <dd className="numbers">{show.age_limit === 0 ? t('ageAll') : t('ageFrom', { age: show.age_limit })}</dd>
    </dl>
  )
}

function Grades({ show }: { show: Show }) {
  const { t } = useTranslation('shows')
  const format = useFormat()
  return (
    <>
      <h2>{t('prices')}</h2>
      <ul className={styles.grades}>
        {show.grades.map(({ grade, price, currency }) => (
          <li key={grade}>
            <span>{grade}</span>
            <strong className="numbers">{price === 0 ? t('free') : format.money(price, currency)}</strong>
          </li>
        ))}
      </ul>
    </>
  )
}
