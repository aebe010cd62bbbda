/** What support finds a problem by: shown short, selected and copied whole. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/problem.ts'
import styles from './Reference.module.css'

/** Enough to find it, and to read it out on the phone. */
const SHOWN_DIGITS = 8

export function Reference({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<string>()
  const { trace } = Problem.of(error)
  if (trace === undefined) return null
  // Without HTTPS there is no clipboard, and the number can still be selected.
  const clipboard: Clipboard | undefined = navigator.clipboard
  const copy = () =>
    clipboard.writeText(trace).then(
      () => setCopied(trace),
      () => setCopied(undefined),
    )
  return (
    <small className={`soft ${styles.reference}`}>
      {t('trace.name')}{' '}
      <code>
        {trace.slice(0, SHOWN_DIGITS)}
        <span aria-hidden="true">{trace.slice(SHOWN_DIGITS)}</span>
      </code>
      {clipboard !== undefined && (
        <button type="button" className="button quiet small" onClick={copy}>
          {t(copied === trace ? 'trace.copied' : 'trace.copy')}
        </button>
      )}
    </small>
  )
}
