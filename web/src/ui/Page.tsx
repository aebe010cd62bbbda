/** The main part of a screen: its name in the window's title, its heading, and what is below. */
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './Page.module.css'

interface Props {
  title: string
  /** Beside the heading. */
  aside?: ReactNode
  /** Reading is easier in a narrow column; lists and maps want all the room. */
  width?: 'narrow' | 'wide' | 'full'
  /** The heading stands within the content, or is not to be seen. */
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

/** Names the window. */
export function useTitle(title: string): void {
  const { t } = useTranslation()
  const brand = t('brand')
  useEffect(() => {
    document.title = title === '' ? brand : `${title} · ${brand}`
  }, [title, brand])
}
