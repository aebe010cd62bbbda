/** Queries about shows that several screens share. */
import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client.ts'

export type Show = Schemas['ShowDetail']
export type Performance = Schemas['PublicPerformance']

/** A show with its performances. */
export const showQuery = (showId: string) =>
  queryOptions({
    queryKey: ['show', showId],
    queryFn: () => answer(api.GET('/v1/shows/{show_id}', { params: { path: { show_id: showId } } })),
  })

export function performanceOf(show: Show | undefined, performanceId: string): Performance | undefined {
  return show?.performances.find(performance => performance.performance_id === performanceId)
}
