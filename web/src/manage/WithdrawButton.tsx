/** Takes back a published mistake, as long as no buyer has anything of it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNotice } from '../ui/Notice.tsx'
import type { ManagedShow, PerformanceSummary } from './queries.ts'
import { usePublication } from './usePublication.ts'

export function WithdrawButton({ show, performance }: { show: ManagedShow; performance: PerformanceSummary }) {
  const { t } = useTranslation(['manage', 'common'])
  const format = useFormat()
  const [asking, setAsking] = useState(false)
  const withdraw = usePublication(
    show.show_id,
    () => {
      const params = { path: { performance_id: performance.performance_id } }
      return answer(api.POST('/v1/manage/performances/{performance_id}/withdraw', { params }))
    },
    () => setAsking(false),
  )
  const when = format.moment(performance.starts_at)
  const close = () => {
    setAsking(false)
    withdraw.reset()
  }
  return (
    <>
      <button
        type="button"
        className="button quiet small"
        aria-label={t('withdraw.of', { when })}
        onClick={() => setAsking(true)}
      >
        {t('withdraw.withdraw')}
      </button>
      {asking && (
        <Dialog
          title={t('withdraw.title')}
          onClose={close}
          actions={
            <>
              <button type="button" className="button quiet" onClick={close}>
                {t('common:cancel')}
              </button>
              <button
                type="button"
                className="button danger"
                disabled={withdraw.isPending}
                onClick={() => withdraw.mutate()}
              >
                {t('withdraw.withdraw')}
              </button>
            </>
          }
        >
          <p className="numbers">
            <strong>{when}</strong>
          </p>
          <p>{t('withdraw.text')}</p>
          {withdraw.isError && <ProblemNotice error={withdraw.error} />}
        </Dialog>
      )}
    </>
  )
}
