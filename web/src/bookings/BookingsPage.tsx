/** My bookings. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/Page.tsx'

export function BookingsPage() {
  const { t } = useTranslation('bookings')
  return <Page title={t('title')}>{null}</Page>
}
