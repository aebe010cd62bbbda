/** The list of shows: search, filters, and a card for each show. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { Notice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { Paged } from '../ui/Paged.tsx'
import { Filters, type Wanted } from './Filters.tsx'
import { ShowCard } from './ShowCard.tsx'
import styles from './ShowsPage.module.css'

const PAGE_SHOWS = 24

export function ShowsPage() {
  const { t } = useTranslation('shows')
  const wanted = useSearch({ from: '/' })
  const navigate = useNavigate({ from: '/' })
  const shows = useShows(wanted)
  return (
    <Page title={t('title')}>
      <Filters wanted={wanted} onChange={next => void navigate({ search: next, replace: true })} />
      <Paged list={shows} className={styles.grid} keyOf={show => show.show_id} none={<Notice>{t('none')}</Notice>}>
        {show => <ShowCard show={show} />}
      </Paged>
    </Page>
  )
}

function useShows(wanted: Wanted) {
  return useInfiniteQuery({
    queryKey: ['shows', wanted],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam }
      const query = { ...wanted, ...cursor, limit: PAGE_SHOWS }
      return answer(api.GET('/v1/shows', { params: { query } }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}
