/** Changes a sale optimistically and rolls back if the server refuses. Repeating a change is harmless. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { isProblem } from '../../api/problem.ts'
import { patiently } from '../../api/queries.ts'
import { ifMatch, type LiveSale, type Steering, saleQuery } from '../queries.ts'

export function useSteer({ performance_id, version }: LiveSale) {
  const queries = useQueryClient()
  const { queryKey } = saleQuery(performance_id)
  return useMutation({
    mutationFn: (body: Steering) => {
      // The list of staff is sent whole, so it names the version it was made from. Other changes are independent.
      const header = body.bypass == null ? {} : ifMatch(version)
      const params = { path: { performance_id }, header }
      return patiently(() => answer(api.PATCH('/v1/manage/sales/{performance_id}', { params, body })))
    },
    onMutate: async ({ cap, rate_per_min, challenge_bits }) => {
      await queries.cancelQueries({ queryKey })
      const before = queries.getQueryData(queryKey)
      const wanted = { cap, rate_per_min, challenge_bits }
      const known = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value != null))
      if (before !== undefined) queries.setQueryData(queryKey, { ...before, ...known })
      return before
    },
    onSuccess: sale => queries.setQueryData(queryKey, sale),
    onError: (error, _steering, before) => {
      queries.setQueryData(queryKey, before)
      if (isProblem(error, 'changed_meanwhile')) void queries.invalidateQueries({ queryKey })
    },
  })
}
