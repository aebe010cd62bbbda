/** A password field that can show what was typed. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/Field.tsx'
import styles from './PasswordField.module.css'

interface Props {
  password: string
  onChange: (password: string) => void
  autoComplete: 'current-password' | 'new-password'
  error?: string | undefined
}

export function PasswordField({ password, onChange, autoComplete, error }: Props) {
  const { t } = useTranslation('account')
  const [shown, setShown] = useState(false)
  const hint = autoComplete === 'new-password' ? { hint: t('passwordHint') } : {}
  return (
    <>
      <Field label={t('password')} error={error} {...hint}>
        <input
          type={shown ? 'text' : 'password'}
          autoComplete={autoComplete}
          required
          maxLength={128}
          value={password}
          onChange={event => onChange(event.target.value)}
        />
      </Field>
      <label className={styles.show}>
        <input type="checkbox" checked={shown} onChange={event => setShown(event.target.checked)} />
        {t('show')}
      </label>
    </>
  )
}
