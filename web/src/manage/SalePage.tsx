/** The live sale console. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'

export function SalePage() {
  const { t } = useTranslation('manage')
  return <Page title={t('title')}>{null}</Page>
}
