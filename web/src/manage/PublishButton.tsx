/** Publishes a performance, after saying what can no longer be changed then. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { serverNow } from '../api/clock.ts'
import { patiently } from '../api/queries.ts'
import { showQuery } from '../shows/queries.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNotice } from '../ui/Notice.tsx'
import { type ManagedShow, ownShowQuery, ownShowsQuery, type PerformanceSummary } from './queries.ts'

export function PublishButton({ show, performance }: { show: ManagedShow; performance: PerformanceSummary }) {
  const { t } = useTranslation(['manage', 'common'])
  const format = useFormat()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const publish = useMutation({
    mutationFn: () => {
      const params = { path: { performance_id: performance.performance_id } }
      return patiently(() => answer(api.POST('/v1/manage/performances/{performance_id}/publish', { params })))
    },
    onSuccess: async () => {
      setAsking(false)
      void queries.invalidateQueries({ queryKey: ownShowsQuery.queryKey })
      void queries.invalidateQueries({ queryKey: showQuery(show.show_id).queryKey })
      await queries.invalidateQueries({ queryKey: ownShowQuery(show.show_id).queryKey })
    },
  })
  const when = format.moment(performance.starts_at)
  return (
    <>
      <button
        type="button"
        className="button small"
        aria-label={t('publish.of', { when })}
        onClick={() => setAsking(true)}
      >
        {t('publish.publish')}
      </button>
      {asking && (
        <Dialog
          title={t('publish.title')}
          onClose={() => setAsking(false)}
          actions={
            <>
              <button type="button" className="button quiet" onClick={() => setAsking(false)}>
                {t('common:cancel')}
              </button>
              <button type="button" className="button" disabled={publish.isPending} onClick={() => publish.mutate()}>
                {t('publish.publish')}
              </button>
            </>
          }
        >
          <p className="numbers">
            <strong>{when}</strong> · {t('seatsCount', { count: performance.seat_count })}
          </p>
          <p>
            {Date.parse(performance.opens_at) <= serverNow()
              ? t('publish.textNow')
              : t('publish.text', { opens: format.moment(performance.opens_at) })}
          </p>
          <p className="soft">{t('publish.final')}</p>
          {publish.isError && <ProblemNotice error={publish.error} />}
        </Dialog>
      )}
    </>
  )
}
