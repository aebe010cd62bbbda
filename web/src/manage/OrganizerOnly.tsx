/** A screen for organizers. It tells a buyer what it is and where to go instead. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '../account/session.ts'
import { Notice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'

export function OrganizerOnly({ children }: { children: ReactNode }) {
  const { t } = useTranslation(['manage', 'common'])
  const user = useUser()
  if (user !== undefined && user.role !== 'buyer') return children
  return (
    <Page title={t('forbidden.title')} width="narrow">
      <Notice>{t('forbidden.text', { email: user?.email ?? '' })}</Notice>
      <Link to="/" className="button">
        {t('common:home')}
      </Link>
    </Page>
  )
}
