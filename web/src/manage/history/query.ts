/** The query of a sale's history: it reads a period once, and from then on only what is new. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { serverNow } from '../../api/clock.ts'
import { beginOf, joined, lastBefore, missing, type Period, type SaleHistory } from './points.ts'

/** A point is written once a minute. */
const EVERY_MS = 20_000
/** How long before a period to look for the point that it follows; a longer gap is asked for by itself. */
const LEAD_MS = 15 * 60_000

export function historyQuery(client: QueryClient, performanceId: string, period: Period) {
  const queryKey = ['sale-history', performanceId, period]
  const read = (query: { from?: string; to?: string; step_min?: number }) =>
    answer(
      api.GET('/v1/manage/sales/{performance_id}/history', {
        params: { path: { performance_id: performanceId }, query },
      }),
    )
  return queryOptions({
    queryKey,
    queryFn: async () => {
      const known = client.getQueryData<SaleHistory>(queryKey)
      const now = serverNow()
      const begin = beginOf(period, now)
      const history = joined(known, await read(missing(known, period, now - LEAD_MS)))
      if (known !== undefined || begin === undefined || lastBefore(history.points, begin) !== undefined) return history
      // A long gap before the period, or the beginning of the sale.
      const earlier = await read({ to: new Date(begin).toISOString(), step_min: history.step_min })
      const base = lastBefore(earlier.points, begin)
      return base === undefined ? history : { ...history, points: [base, ...history.points] }
    },
    refetchInterval: EVERY_MS,
    staleTime: 0,
  })
}
