/** What support finds a problem by: shown short, selected and copied whole. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/problem.ts'
import { copyText } from './clipboard.ts'
import styles from './Reference.module.css'

/** Enough to find it, and to read it out on the phone. */
const SHOWN_DIGITS = 8

export function Reference({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<string>()
  const trace = useFirstTrace(error)
  if (trace === undefined) return null
  const copy = async () => setCopied((await copyText(trace)) ? trace : undefined)
  return (
    <small className={`soft ${styles.reference}`}>
      {t('trace.name')}{' '}
      <code>
        {trace.slice(0, SHOWN_DIGITS)}
        <span aria-hidden="true">{trace.slice(SHOWN_DIGITS)}</span>
      </code>
      <button type="button" className="button quiet small" onClick={() => void copy()}>
        {t(copied === trace ? 'trace.copied' : 'trace.copy')}
      </button>
    </small>
  )
}

/** A number that changed with each failing poll could be neither read out nor copied: the first stays until it recovers. */
function useFirstTrace(error: unknown): string | undefined {
  const { code, trace } = Problem.of(error)
  const [first, setFirst] = useState({ code, trace })
  if (first.code === code && first.trace !== undefined) return first.trace
  if (first.code !== code || trace !== undefined) setFirst({ code, trace })
  return trace
}
