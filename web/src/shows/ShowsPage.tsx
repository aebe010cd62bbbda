/** What is on: search, genre, dates, and one card a show. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { Loading } from '../ui/Loading.tsx'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { Filters, type Wanted, wantedMoments } from './Filters.tsx'
import { ShowCard } from './ShowCard.tsx'
import styles from './ShowsPage.module.css'

const PAGE_SHOWS = 24

export function ShowsPage() {
  const { t } = useTranslation(['shows', 'common'])
  const wanted = useSearch({ from: '/' })
  const navigate = useNavigate({ from: '/' })
  const shows = useShows(wanted)
  const found = shows.data?.pages.flatMap(page => page.items) ?? []
  return (
    <Page title={t('title')}>
      <Filters wanted={wanted} onChange={next => void navigate({ search: next, replace: true })} />
      {shows.isPending && <Loading />}
      {shows.isError && <ProblemNotice error={shows.error} retry={() => void shows.refetch()} />}
      {shows.isSuccess && found.length === 0 && <Notice>{t('none')}</Notice>}
      <ul className={styles.grid}>
        {found.map(show => (
          <li key={show.show_id}>
            <ShowCard show={show} />
          </li>
        ))}
      </ul>
      {shows.hasNextPage && (
        <button
          type="button"
          className="button quiet"
          disabled={shows.isFetching}
          onClick={() => void shows.fetchNextPage()}
        >
          {t('common:more')}
        </button>
      )}
    </Page>
  )
}

function useShows(wanted: Wanted) {
  return useInfiniteQuery({
    queryKey: ['shows', wanted],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam }
      const query = { ...wanted, ...wantedMoments(wanted), ...cursor, limit: PAGE_SHOWS }
      return answer(api.GET('/v1/shows', { params: { query } }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}
