/** A new performance. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'

export function NewPerformancePage() {
  const { t } = useTranslation('manage')
  return <Page title={t('title')}>{null}</Page>
}
