/** The main part of a screen: window title, heading and content. */
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './Page.module.css'

interface Props {
  title: string
  /** Beside the heading. */
  aside?: ReactNode
  /** Text is easier to read in a narrow column; lists and maps take the whole width. */
  width?: 'narrow' | 'wide' | 'full'
  /** The content has its own heading, or the heading is hidden. */
  heading?: 'shown' | 'hidden' | 'none'
  children: ReactNode
}

export function Page({ title, aside, width = 'wide', heading = 'shown', children }: Props) {
  useTitle(title)
  return (
    <main id="main" tabIndex={-1} className={`${styles.page} ${styles[width]}`}>
      {heading !== 'none' && (
        <div className={heading === 'hidden' ? 'hidden' : styles.head}>
          <h1>{title}</h1>
          {aside}
        </div>
      )}
      {children}
    </main>
  )
}

/** Sets the window's title. */
export function useTitle(title: string): void {
  const { t } = useTranslation()
  const brand = t('brand')
  useEffect(() => {
    document.title = title === '' ? brand : `${title} · ${brand}`
  }, [title, brand])
}
