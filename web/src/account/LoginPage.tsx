/** The log-in, which leads back to where the user came from. */
import { useMutation } from '@tanstack/react-query'
import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/problem.ts'
import { Field } from '../ui/Field.tsx'
import { useFormat } from '../ui/format.ts'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { PasswordField } from './PasswordField.tsx'
import { placeWithin } from './placeWithin.ts'
import { signIn } from './session.ts'

export function LoginPage() {
  const { t } = useTranslation('account')
  const { next } = useSearch({ from: '/login' })
  const { history } = useRouter()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: () => history.push(placeWithin(next)),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate()
  }
  return (
    <Page title={t('login')} width="narrow">
      <p className="soft">{t('loginText')}</p>
      <form className="stack" onSubmit={submit}>
        <Field label={t('email')}>
          <input
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={event => setEmail(event.target.value)}
          />
        </Field>
        <PasswordField password={password} onChange={setPassword} autoComplete="current-password" />
        {login.isError && <ProblemNotice error={login.error} />}
        {login.isError && <RetryIn error={login.error} />}
        <button type="submit" className="button wide" disabled={login.isPending}>
          {t('login')}
        </button>
      </form>
      <Link to="/signup" search={next === undefined ? {} : { next }}>
        {t('toSignup')}
      </Link>
    </Page>
  )
}

function RetryIn({ error }: { error: unknown }) {
  const { t } = useTranslation('account')
  const format = useFormat()
  const { retryAfterMs } = Problem.of(error)
  if (retryAfterMs === undefined) return null
  return <Notice tone="warn">{t('retryIn', { time: format.duration(retryAfterMs / 1000) })}</Notice>
}
