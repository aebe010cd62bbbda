/** The form of a show beside its preview. It checks as the server does, and shows the server's errors at their fields. */
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../../ui/Notice.tsx'
import { serverErrors, useFocusOnWrong } from '../wrongFields.ts'
import { ShowFields } from './ShowFields.tsx'
import styles from './ShowForm.module.css'
import { ShowPreview } from './ShowPreview.tsx'
import { checkShow, type ShowForm } from './showForm.ts'

interface Props {
  form: ShowForm
  onChange: (next: ShowForm) => void
  onSend: () => void
  /** Why the server refused it. */
  error: unknown
  sending: boolean
  send: string
  locked?: boolean
  /** A notice above the button. */
  children?: ReactNode
}

export function ShowEditor({ form, onChange, onSend, error, sending, send, locked = false, children }: Props) {
  const { t } = useTranslation('manage')
  const [tries, setTries] = useState(0)
  const wrong = checkShow(form)
  const shown = Object.entries(tries === 0 ? {} : wrong).map(([field, why]) => [field, t(`wrong.${why ?? 'required'}`)])
  const errors = { ...serverErrors(error), ...Object.fromEntries(shown) }
  const formElement = useFocusOnWrong(tries, error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTries(tries + 1)
    if (Object.keys(wrong).length === 0) onSend()
  }
  return (
    <div className={styles.columns}>
      <form ref={formElement} className="stack" onSubmit={submit} noValidate>
        <ShowFields form={form} onChange={onChange} errors={errors} locked={locked} />
        {error != null && <ProblemNotice error={error} />}
        {children}
        <button type="submit" className="button" disabled={sending}>
          {send}
        </button>
      </form>
      <ShowPreview form={form} />
    </div>
  )
}
