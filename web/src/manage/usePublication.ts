/** Changes whether buyers see a performance; then all that shows it is read anew. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { patiently } from '../api/queries.ts'
import { showQuery } from '../shows/queries.ts'
import { ownShowQuery, ownShowsQuery } from './queries.ts'

export function usePublication<T>(showId: string, change: () => Promise<T>, onDone: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => patiently(change),
    onSuccess: async () => {
      onDone()
      void queries.invalidateQueries({ queryKey: ownShowsQuery.queryKey })
      void queries.invalidateQueries({ queryKey: showQuery(showId).queryKey })
      await queries.invalidateQueries({ queryKey: ownShowQuery(showId).queryKey })
    },
  })
}
