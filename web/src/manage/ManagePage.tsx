/** An organizer's shows. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'

export function ManagePage() {
  const { t } = useTranslation('manage')
  return <Page title={t('title')}>{null}</Page>
}
