/** A notice, which screen readers announce. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/problem.ts'
import styles from './Notice.module.css'
import { Reference } from './Reference.tsx'

type Tone = 'plain' | 'good' | 'warn' | 'bad'

export function Notice({ tone = 'plain', title, children }: { tone?: Tone; title?: string; children?: ReactNode }) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {title !== undefined && <strong>{title}</strong>}
      {children !== undefined && <div>{children}</div>}
    </div>
  )
}

/** Explains a problem in the reader's language. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation('problems')
  return error => {
    const { code } = Problem.of(error)
    return i18n.exists(code, { ns: 'problems' }) ? t(code as 'internal') : t('internal')
  }
}

/** A problem with the reference to quote to support, and a button to try again. */
export function ProblemNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const text = useProblemText()
  return (
    <Notice tone="bad" title={text(error)}>
      <Reference error={error} />
      {retry !== undefined && (
        <button type="button" className="button quiet small" onClick={retry}>
          {t('retry')}
        </button>
      )}
    </Notice>
  )
}
