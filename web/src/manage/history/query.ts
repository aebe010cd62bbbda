/** The query of a sale's history: it reads a period once, and from then on only what is new. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { joined, missing, type Period, type SaleHistory } from './points.ts'

/** A point is written once a minute. */
const EVERY_MS = 20_000

export function historyQuery(client: QueryClient, performanceId: string, period: Period) {
  const queryKey = ['sale-history', performanceId, period]
  return queryOptions({
    queryKey,
    queryFn: async () => {
      const known = client.getQueryData<SaleHistory>(queryKey)
      const params = { path: { performance_id: performanceId }, query: missing(known, period, Date.now()) }
      return joined(known, await answer(api.GET('/v1/manage/sales/{performance_id}/history', { params })))
    },
    refetchInterval: EVERY_MS,
    staleTime: 0,
  })
}
