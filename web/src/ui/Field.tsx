/** An input with its label, hint and error, linked for screen readers. */
import { cloneElement, type ReactElement, type ReactNode, useId } from 'react'
import styles from './Field.module.css'

interface Props {
  label: string
  hint?: ReactNode
  error?: string | undefined
  /** One input, select or textarea. */
  children: ReactElement<Record<string, unknown>>
}

export function Field({ label, hint, error, children }: Props) {
  const id = useId()
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ')
  const input = cloneElement(children, {
    id,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': error === undefined ? undefined : true,
  })
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {input}
      {hint !== undefined && (
        <small id={`${id}-hint`} className="soft">
          {hint}
        </small>
      )}
      {error !== undefined && (
        <small id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </small>
      )}
    </div>
  )
}
