/** Log in. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'

export function LoginPage() {
  const { t } = useTranslation('account')
  return <Page title={t('title')}>{null}</Page>
}
