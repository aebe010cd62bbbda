/** The query of a sale's history: it reads a period once, and from then on only what is new. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { serverNow } from '../../api/clock.ts'
import type { operations } from '../../api/schema.d.ts'
import { beginOf, isTooFine, joined, lastBefore, missing, type Period, type SaleHistory, trimmed } from './points.ts'

type Asked = NonNullable<operations['sale_history']['parameters']['query']>

/** A point is written once a minute. */
const EVERY_MS = 20_000
/** How long before a period to look for the point that it follows; a longer gap is asked for by itself. */
const LEAD_MS = 15 * 60_000

export function historyQuery(client: QueryClient, performanceId: string, period: Period) {
  const queryKey = ['sale-history', performanceId, period]
  const read = (query: Asked) =>
    answer(
      api.GET('/v1/manage/sales/{performance_id}/history', {
        params: { path: { performance_id: performanceId }, query },
      }),
    )
  return queryOptions({
    queryKey,
    queryFn: () => readOn(client.getQueryData<SaleHistory>(queryKey), period, serverNow(), read),
    refetchInterval: EVERY_MS,
    staleTime: 0,
  })
}

/** What is known of a period, and what has happened since. However long that is, no gap appears and nothing piles up. */
export async function readOn(
  known: SaleHistory | undefined,
  period: Period,
  now: number,
  read: (query: Asked) => Promise<SaleHistory>,
): Promise<SaleHistory> {
  const begin = beginOf(period, now)
  const history = joined(known, await read(missing(known, period, now - LEAD_MS)))
  if (begin === undefined) return trimmed(known !== undefined && isTooFine(history) ? await read({}) : history, begin)
  if (known !== undefined || lastBefore(history.points, begin) !== undefined) return trimmed(history, begin)
  // A long gap before the period, or the beginning of the sale.
  const earlier = await read({ to: new Date(begin).toISOString(), step_min: history.step_min })
  const base = lastBefore(earlier.points, begin)
  return base === undefined ? history : { ...history, points: [base, ...history.points] }
}
