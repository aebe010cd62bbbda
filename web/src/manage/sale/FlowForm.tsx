/** The flow of the waiting room: people inside at once, people admitted per minute, and the work required to join. */
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { Notice, ProblemNotice } from '../../ui/Notice.tsx'
import { CAP_MAX, RATE_MAX } from '../performance/saleForm.ts'
import type { LiveSale } from '../queries.ts'
import { isWhole } from '../show/showForm.ts'
import { serverErrors } from '../wrongFields.ts'
import styles from './Sale.module.css'
import { useSteer } from './useSteer.ts'

const BOUNDS = {
  cap: { least: 1, most: CAP_MAX },
  rate_per_min: { least: 1, most: RATE_MAX },
  challenge_bits: { least: 0, most: 24 },
}
type Name = keyof typeof BOUNDS
const NAMES = ['cap', 'rate_per_min', 'challenge_bits'] as const

export function FlowForm({ sale }: { sale: LiveSale }) {
  const { t } = useTranslation('manage')
  const steer = useSteer(sale)
  /** The fields that the organizer is editing. */
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({})
  const wrong = NAMES.filter(name => {
    const text = typed[name]
    const { least, most } = BOUNDS[name]
    return text !== undefined && !isWhole(text, least, most)
  })
  const changed = NAMES.filter(name => typed[name] !== undefined && typed[name] !== String(sale[name]))
  const refused = serverErrors(steer.error)
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (wrong.length > 0 || changed.length === 0) return
    const steering = Object.fromEntries(changed.map(name => [name, Number(typed[name])]))
    steer.mutate(steering, { onSuccess: () => setTyped({}) })
  }
  return (
    <section className="card stack" aria-label={t('flow.title')}>
      <h2>{t('flow.title')}</h2>
      <form className="stack" onSubmit={apply} noValidate>
        <div className={styles.fields}>
          {NAMES.map(name => (
            <Field
              key={name}
              label={t(`flow.labels.${name}`)}
              hint={t(`flow.hints.${name}`)}
              error={wrong.includes(name) ? t(`flow.wrong.${name}`) : refused[name]}
            >
              <input
                inputMode="numeric"
                value={typed[name] ?? sale[name]}
                onChange={event => setTyped({ ...typed, [name]: event.target.value })}
              />
            </Field>
          ))}
        </div>
        {steer.isError && <ProblemNotice error={steer.error} />}
        {steer.isSuccess && changed.length === 0 && <Notice tone="good" title={t('flow.applied')} />}
        <div>
          <button type="submit" className="button" disabled={steer.isPending || changed.length === 0}>
            {t('flow.apply')}
          </button>
        </div>
      </form>
    </section>
  )
}
