/** A show of one's own. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'

export function ManagedShowPage() {
  const { t } = useTranslation('manage')
  return <Page title={t('title')}>{null}</Page>
}
