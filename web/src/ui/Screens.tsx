/** Screens for unknown paths and for failures. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Notice } from './Notice.tsx'
import { Page } from './Page.tsx'
import { Reference } from './Reference.tsx'

export function NotFound() {
  return <NotThere error={undefined} />
}

/** The server was asked, and says that there is no such thing. */
export function NotThere({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <Page title={t('notFound.title')} width="narrow">
      <p className="soft">{t('notFound.text')}</p>
      <Reference error={error} />
      <Link to="/" className="button">
        {t('home')}
      </Link>
    </Page>
  )
}

/** Replaces a screen that crashed; the frame around it still works. */
export function Broken() {
  const { t } = useTranslation()
  return (
    <Page title={t('broken.title')} width="narrow">
      <Notice tone="bad">{t('broken.text')}</Notice>
      <button type="button" className="button" onClick={() => location.reload()}>
        {t('retry')}
      </button>
    </Page>
  )
}
