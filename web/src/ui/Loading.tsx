/** A loading indicator. */
import { useTranslation } from 'react-i18next'
import styles from './Loading.module.css'

export function Loading() {
  const { t } = useTranslation()
  return (
    <div className={styles.loading} role="status">
      <span className={styles.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span className="hidden">{t('loading')}</span>
    </div>
  )
}
