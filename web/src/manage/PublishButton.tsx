/** Publishes a performance, after saying what can no longer be changed then. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { serverNow } from '../api/clock.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNotice } from '../ui/Notice.tsx'
import type { ManagedShow, PerformanceSummary } from './queries.ts'
import { usePublication } from './usePublication.ts'

export function PublishButton({ show, performance }: { show: ManagedShow; performance: PerformanceSummary }) {
  const { t } = useTranslation(['manage', 'common'])
  const format = useFormat()
  const [asking, setAsking] = useState(false)
  const publish = usePublication(
    show.show_id,
    () => {
      const params = { path: { performance_id: performance.performance_id } }
      return answer(api.POST('/v1/manage/performances/{performance_id}/publish', { params }))
    },
    () => setAsking(false),
  )
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
