/** Queries about the organizer's shows and their sales. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client.ts'

export type ManagedShow = Schemas['ManagedShow']
export type PerformanceSummary = Schemas['ManagedSummary']
export type LiveSale = Schemas['LiveSale']
export type Steering = Schemas['Steering']

/** Names the version a change was made from, so that it overwrites no other change. */
export const ifMatch = (version: number | string) => ({ 'If-Match': `"${version}"` })

const PAGE = 20
const SALE_EVERY_MS = 2_000

/** The organizer's shows, newest first. */
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

/** A sale, polled while it is on the screen. */
export const saleQuery = (performanceId: string) =>
  queryOptions({
    queryKey: ['sale', performanceId],
    queryFn: () =>
      answer(api.GET('/v1/manage/sales/{performance_id}', { params: { path: { performance_id: performanceId } } })),
    refetchInterval: SALE_EVERY_MS,
    staleTime: 0,
  })

/** The public state of its queue, if it has one. */
export const queueQuery = (performanceId: string, hasQueue: boolean) =>
  queryOptions({
    queryKey: ['sale-queue', performanceId],
    queryFn: () =>
      answer(api.GET('/v1/queues/{performance_id}', { params: { path: { performance_id: performanceId } } })),
    refetchInterval: SALE_EVERY_MS,
    staleTime: 0,
    enabled: hasQueue,
  })
