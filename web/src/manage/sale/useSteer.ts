/** Steers a sale: shown at once, taken back when the server refuses. Saying the same again changes nothing. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { patiently } from '../../api/queries.ts'
import { type LiveSale, type Steering, saleQuery } from '../queries.ts'

export function useSteer({ performance_id }: LiveSale) {
  const queries = useQueryClient()
  const { queryKey } = saleQuery(performance_id)
  const params = { path: { performance_id } }
  return useMutation({
    mutationFn: (body: Steering) =>
      patiently(() => answer(api.PATCH('/v1/manage/sales/{performance_id}', { params, body }))),
    onMutate: async ({ cap, rate_per_min, challenge_bits }) => {
      await queries.cancelQueries({ queryKey })
      const before = queries.getQueryData(queryKey)
      const wanted = { cap, rate_per_min, challenge_bits }
      const known = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value != null))
      if (before !== undefined) queries.setQueryData(queryKey, { ...before, ...known })
      return before
    },
    onSuccess: sale => queries.setQueryData(queryKey, sale),
    onError: (_error, _steering, before) => queries.setQueryData(queryKey, before),
  })
}
