/** Staff, who are admitted without waiting and take no one's place. */
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { ProblemNotice } from '../../ui/Notice.tsx'
import type { LiveSale } from '../queries.ts'
import { serverErrors } from '../wrongFields.ts'
import styles from './Sale.module.css'
import { useStaffName } from './staffName.ts'
import { useSteer } from './useSteer.ts'

export function Staff({ sale }: { sale: LiveSale }) {
  const { t } = useTranslation('manage')
  const steer = useSteer(sale)
  const [email, setEmail] = useState('')
  const name = useStaffName()
  const ids = sale.bypass.map(({ user_id }) => user_id)
  const unknown = Object.keys(serverErrors(steer.error)).some(field => field.startsWith('bypass'))
  const add = (event: FormEvent) => {
    event.preventDefault()
    if (email.trim() !== '') steer.mutate({ bypass: [...ids, email.trim()] }, { onSuccess: () => setEmail('') })
  }
  return (
    <section className="card stack" aria-label={t('staff.title')}>
      <h2>{t('staff.title')}</h2>
      <p className="soft">{t('staff.text')}</p>
      <ul className={styles.staff}>
        {sale.bypass.map(person => (
          <li key={person.user_id}>
            <span>{name(person)}</span>
            <button
              type="button"
              className="button quiet small"
              disabled={steer.isPending}
              aria-label={t('staff.removeOf', { email: name(person) })}
              onClick={() => steer.mutate({ bypass: ids.filter(id => id !== person.user_id) })}
            >
              {t('staff.remove')}
            </button>
          </li>
        ))}
      </ul>
      <form className={styles.adding} onSubmit={add} noValidate>
        <Field label={t('staff.email')} error={unknown ? t('staff.unknown') : undefined}>
          <input type="email" value={email} autoComplete="off" onChange={event => setEmail(event.target.value)} />
        </Field>
        <button type="submit" className="button quiet" disabled={steer.isPending || email.trim() === ''}>
          {t('staff.add')}
        </button>
      </form>
      {steer.isError && !unknown && <ProblemNotice error={steer.error} />}
    </section>
  )
}
