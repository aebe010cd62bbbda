/** The frame of every screen: brand, navigation, account, language and theme. */
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { signOut, useUser } from './account/session.ts'
import { chooseLanguage } from './i18n/index.ts'
import styles from './Shell.module.css'
import { chooseTheme, THEMES, useTheme } from './ui/theme.ts'
import { useOnline } from './ui/useOnline.ts'

export function Shell() {
  const { t } = useTranslation()
  const online = useOnline()
  useFocusOnNewScreen()
  return (
    <>
      <a className={styles.skip} href="#main">
        {t('skip')}
      </a>
      <Header />
      {!online && (
        <p className={styles.offline} role="status">
          {t('offline')}
        </p>
      )}
      <Outlet />
      <Footer />
    </>
  )
}

function Header() {
  const { t } = useTranslation()
  const user = useUser()
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.brand}>
        <img src="/favicon.svg" alt="" width="28" height="28" />
        {t('brand')}
      </Link>
      <nav aria-label={t('nav.label')} className={styles.nav}>
        {user !== undefined && (
          <>
            <Link to="/bookings">{t('nav.bookings')}</Link>
            {user.role !== 'buyer' && <Link to="/manage">{t('nav.manage')}</Link>}
          </>
        )}
        {user === undefined && <Link to="/login">{t('nav.login')}</Link>}
        <LanguageButton />
      </nav>
    </header>
  )
}

function LanguageButton() {
  const { t, i18n } = useTranslation()
  const other = i18n.language === 'ko' ? 'en' : 'ko'
  return (
    <button type="button" className={styles.language} lang={other} onClick={() => void chooseLanguage(other)}>
      {t('language.other')}
    </button>
  )
}

function Footer() {
  const { t } = useTranslation()
  const theme = useTheme()
  const user = useUser()
  const navigate = useNavigate()
  const leave = async () => {
    await signOut()
    await navigate({ to: '/' })
  }
  return (
    <footer className={styles.footer}>
      <p className="soft">
        {t('footer')} <a href="/docs/">{t('api')}</a>
      </p>
      <div className={styles.choices}>
        {user !== undefined && (
          <button type="button" className="button quiet small" onClick={() => void leave()}>
            {t('nav.logout')}
          </button>
        )}
        <label className={styles.theme}>
          <span className="hidden">{t('theme.label')}</span>
          <select value={theme} onChange={event => chooseTheme(event.target.value as typeof theme)}>
            {THEMES.map(theme => (
              <option key={theme} value={theme}>
                {t(`theme.${theme}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </footer>
  )
}

/** Moves the focus to the main part of a new screen, so that a screen reader begins there as on a new page. */
function useFocusOnNewScreen(): void {
  const path = useRouterState({ select: state => state.resolvedLocation?.pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current !== undefined && path !== before.current) document.getElementById('main')?.focus()
    before.current = path
  }, [path])
}
