/** Questions about one's own shows and their sales. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client.ts'

export type ManagedShow = Schemas['ManagedShow']
export type PerformanceSummary = Schemas['ManagedSummary']
export type LiveSale = Schemas['LiveSale']
export type Steering = Schemas['Steering']

/** Says which version a change was made from, so that it overwrites no other. */
export const ifMatch = (version: number | string) => ({ 'If-Match': `"${version}"` })

const PAGE = 20
const SALE_EVERY_MS = 2_000

/** One's own shows, newest first. */
export const ownShowsQuery = infiniteQueryOptions({
  queryKey: ['own-shows'],
  queryFn: ({ pageParam }) =>
    answer(
      api.GET('/v1/manage/shows', {
        params: { query: { limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: page => page.next_cursor ?? undefined,
})

export const ownShowQuery = (showId: string) =>
  queryOptions({
    queryKey: ['own-show', showId],
    queryFn: () => answer(api.GET('/v1/manage/shows/{show_id}', { params: { path: { show_id: showId } } })),
  })

/** A sale, again and again while it is looked at. */
export const saleQuery = (performanceId: string) =>
  queryOptions({
    queryKey: ['sale', performanceId],
    queryFn: () =>
      answer(api.GET('/v1/manage/sales/{performance_id}', { params: { path: { performance_id: performanceId } } })),
    refetchInterval: SALE_EVERY_MS,
    staleTime: 0,
  })

/** What everybody sees of its queue; nothing where it has none. */
export const queueQuery = (performanceId: string, hasQueue: boolean) =>
  queryOptions({
    queryKey: ['sale-queue', performanceId],
    queryFn: () =>
      answer(api.GET('/v1/queues/{performance_id}', { params: { path: { performance_id: performanceId } } })),
    refetchInterval: SALE_EVERY_MS,
    staleTime: 0,
    enabled: hasQueue,
  })
