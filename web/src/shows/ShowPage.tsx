/** One show. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'

export function ShowPage() {
  const { t } = useTranslation('shows')
  return <Page title={t('title')}>{null}</Page>
}
