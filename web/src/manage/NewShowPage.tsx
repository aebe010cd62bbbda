/** A new show. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'

export function NewShowPage() {
  const { t } = useTranslation('manage')
  return <Page title={t('title')}>{null}</Page>
}
