/** The proof of the draw: a commitment published before the first buyer gathered, and its secret once the draw is made. */
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client.ts'
import styles from './QueuePage.module.css'

export function Proof({ draw }: { draw: Schemas['Draw'] }) {
  const { t } = useTranslation('queue')
  return (
    <details className={styles.proof}>
      <summary>{t('proof.title')}</summary>
      <p>{t('proof.text')}</p>
      <dl>
        <dt>{t('proof.commitment')}</dt>
        <dd>
          <code>{draw.commitment}</code>
        </dd>
        {draw.seed != null && (
          <>
            <dt>{t('proof.seed')}</dt>
            <dd>
              <code>{draw.seed}</code>
            </dd>
          </>
        )}
        {draw.roster_root != null && (
          <>
            <dt>{t('proof.roster')}</dt>
            <dd>
              <code>{draw.roster_root}</code>
            </dd>
          </>
        )}
      </dl>
    </details>
  )
}
