/** Why the wait ended without admission, and what to do next. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Notice } from '../ui/Notice.tsx'
import styles from './QueuePage.module.css'

interface Props {
  how: 'lapsed' | 'left' | 'closed'
  showId: string
  joinAgain: () => void
}

export function Ended({ how, showId, joinAgain }: Props) {
  const { t } = useTranslation('queue')
  return (
    <>
      <Notice tone={how === 'left' ? 'plain' : 'warn'} title={t(`${how}.title`)}>
        {t(`${how}.text`)}
      </Notice>
      <div className={styles.actions}>
        {how !== 'closed' && (
          <button type="button" className="button" onClick={joinAgain}>
            {t('joinAgain')}
          </button>
        )}
        <Link to="/shows/$showId" params={{ showId }} className="button quiet">
          {t('toShow')}
        </Link>
      </div>
    </>
  )
}
