/** Creates an account and signs in with it. */
import { useMutation } from '@tanstack/react-query'
import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { components } from '../api/schema.d.ts'
import { Field } from '../ui/Field.tsx'
import { ProblemNotice } from '../ui/Notice.tsx'
import { Page } from '../ui/Page.tsx'
import { PasswordField } from './PasswordField.tsx'
import { placeWithin } from './placeWithin.ts'
import { signIn } from './session.ts'

type NewUser = components['schemas']['NewUser']

const EMPTY: NewUser = { email: '', password: '', name: '' }
/** The server counts characters in the same way. */
const PASSWORD_MIN = 10

export function SignupPage() {
  const { t } = useTranslation('account')
  const { next } = useSearch({ from: '/signup' })
  const { history } = useRouter()
  const [person, setPerson] = useState(EMPTY)
  const signup = useMutation({
    mutationFn: async (person: NewUser) => {
      await answer(api.POST('/v1/users', { body: person }))
      await signIn(person.email, person.password)
    },
    onSuccess: () => history.push(placeWithin(next)),
  })
  const wrong = useWrongFields(signup.error, signup.variables)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signup.mutate(person)
  }
  return (
    <Page title={t('signup')} width="narrow">
      <p className="soft">{t('signupText')}</p>
      <form className="stack" onSubmit={submit}>
        <Field label={t('email')} error={wrong('email')}>
          <input
            type="email"
            autoComplete="username"
            required
            maxLength={254}
            value={person.email}
            onChange={event => setPerson({ ...person, email: event.target.value })}
          />
        </Field>
        <Field label={t('name')} hint={t('nameHint')} error={wrong('name')}>
          <input
            type="text"
            autoComplete="name"
            required
            maxLength={100}
            value={person.name}
            onChange={event => setPerson({ ...person, name: event.target.value })}
          />
        </Field>
        <PasswordField
          password={person.password}
          onChange={password => setPerson({ ...person, password })}
          autoComplete="new-password"
          error={wrong('password')}
        />
        {signup.isError && <ProblemNotice error={signup.error} />}
        <button type="submit" className="button wide" disabled={signup.isPending}>
          {t('signup')}
        </button>
      </form>
      <Link to="/login" search={next === undefined ? {} : { next }}>
        {t('toLogin')}
      </Link>
    </Page>
  )
}

/** The error of a field in the reader's language. The server names the field, but its words are English. */
function useWrongFields(error: unknown, sent: NewUser = EMPTY): (field: keyof NewUser) => string | undefined {
  const { t } = useTranslation('account')
  const errors = error == null ? [] : (Problem.of(error).body.errors ?? [])
  const isLong = [...sent.password].length >= PASSWORD_MIN
  const words = {
    email: t('errors.email'),
    name: t('errors.name'),
    password: t(isLong ? 'errors.guessable' : 'errors.password'),
  }
  return field => (errors.some(wrong => wrong.field === field) ? words[field] : undefined)
}
