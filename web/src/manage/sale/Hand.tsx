/** Pauses, resumes and closes the sale. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog.tsx'
import { ProblemNotice } from '../../ui/Notice.tsx'
import type { LiveSale } from '../queries.ts'
import { type Control, controlOf } from './figures.ts'
import styles from './Sale.module.css'
import { useSteer } from './useSteer.ts'

export function Hand({ sale }: { sale: LiveSale }) {
  const { t } = useTranslation(['manage', 'common'])
  const steer = useSteer(sale)
  const [closing, setClosing] = useState(false)
  const control = controlOf(sale)
  const order = (state: Control) => {
    setClosing(false)
    steer.mutate({ state })
  }
  return (
    <section className="card stack" aria-label={t('hand.title')}>
      <h2>{t('hand.title')}</h2>
      <p role="status">{t(`hand.is.${control}`)}</p>
      <div className={styles.buttons}>
        {control === 'open' ? (
          <button type="button" className="button" disabled={steer.isPending} onClick={() => order('paused')}>
            {t('hand.pause')}
          </button>
        ) : (
          <button type="button" className="button" disabled={steer.isPending} onClick={() => order('open')}>
            {t(control === 'paused' ? 'hand.resume' : 'hand.reopen')}
          </button>
        )}
        {control !== 'closed' && (
          <button type="button" className="button danger" disabled={steer.isPending} onClick={() => setClosing(true)}>
            {t('hand.close')}
          </button>
        )}
      </div>
      {steer.isError && <ProblemNotice error={steer.error} />}
      {closing && (
        <Dialog
          title={t('hand.closeTitle')}
          onClose={() => setClosing(false)}
          actions={
            <>
              <button type="button" className="button quiet" onClick={() => setClosing(false)}>
                {t('common:cancel')}
              </button>
              <button type="button" className="button danger" onClick={() => order('closed')}>
                {t('hand.closeYes')}
              </button>
            </>
          }
        >
          <p>{t('hand.closeText')}</p>
        </Dialog>
      )}
    </section>
  )
}
