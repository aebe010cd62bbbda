/** The fields for a performance's time, and for when and how its seats are sold. */
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { useFormat } from '../../ui/format.ts'
import styles from '../show/ShowForm.module.css'
import { fromVenue } from '../venueTime.ts'
import own from './SaleFields.module.css'
import { type SaleForm, withOpening } from './saleForm.ts'

interface Props {
  form: SaleForm
  onChange: (next: SaleForm) => void
  /** By the server's name for the field. */
  errors: Record<string, string>
  /** Whether the house has wheelchair places. */
  hasWheelchairs: boolean
}

export function SaleFields({ form, onChange, errors, hasWheelchairs }: Props) {
  const { t } = useTranslation('manage')
  const set = (change: Partial<SaleForm>) => onChange({ ...form, ...change })
  return (
    <>
      <fieldset className={styles.group}>
        <legend>{t('sale.times')}</legend>
        <p className="soft">{t('sale.zone')}</p>
        <div className={styles.pair}>
          <Time
            label={t('sale.startsAt')}
            value={form.startsAt}
            error={errors.starts_at}
            onChange={startsAt => set({ startsAt })}
          />
          <Time
            label={t('sale.opensAt')}
            value={form.opensAt}
            error={errors['sale.opens_at']}
            onChange={opensAt => onChange(withOpening(form, opensAt))}
          />
        </div>
        <Time
          label={t('sale.closesAt')}
          hint={t('sale.closesHint')}
          value={form.closesAt}
          error={errors['sale.closes_at']}
          onChange={closesAt => set({ closesAt })}
        />
        {hasWheelchairs && (
          <Time
            label={t('sale.accessible')}
            hint={t('sale.accessibleHint')}
            value={form.accessibleReleaseAt ?? ''}
            error={errors['sale.accessible_release_at']}
            onChange={accessibleReleaseAt => set({ accessibleReleaseAt })}
          />
        )}
        {form.closesAt !== '' && (
          <Choice
            label={t('sale.lateEntry')}
            text={t('sale.lateEntryText')}
            checked={form.lateEntry}
            onChange={lateEntry => set({ lateEntry })}
          />
        )}
      </fieldset>
      <fieldset className={styles.group}>
        <legend>{t('sale.way')}</legend>
        <div className={own.modes}>
          {(['queue', 'open'] as const).map(mode => (
            <label key={mode} className={own.mode}>
              <input type="radio" name="mode" checked={form.mode === mode} onChange={() => set({ mode })} />
              <span>
                <strong>{t(`sale.modes.${mode}`)}</strong>
                <small className="soft">{t(`sale.modeTexts.${mode}`)}</small>
              </span>
            </label>
          ))}
        </div>
        {form.mode === 'queue' && <Queue form={form} set={set} errors={errors} />}
      </fieldset>
    </>
  )
}

function Queue({ form, set, errors }: Pick<Props, 'form' | 'errors'> & { set: (change: Partial<SaleForm>) => void }) {
  const { t } = useTranslation('manage')
  return (
    <>
      <div className={styles.pair}>
        <Field label={t('sale.cap')} hint={t('sale.capHint')} error={errors['sale.cap']}>
          <input inputMode="numeric" value={form.cap} onChange={event => set({ cap: event.target.value })} />
        </Field>
        <Field label={t('sale.rate')} hint={t('sale.rateHint')} error={errors['sale.rate_per_min']}>
          <input
            inputMode="numeric"
            value={form.ratePerMin}
            onChange={event => set({ ratePerMin: event.target.value })}
          />
        </Field>
      </div>
      <Choice
        label={t('sale.gathers')}
        text={t('sale.gathersText')}
        checked={form.gathers}
        onChange={gathers => set({ gathers })}
      />
      {form.gathers && (
        <Time
          label={t('sale.prequeueAt')}
          value={form.prequeueAt}
          error={errors['sale.prequeue_at']}
          onChange={prequeueAt => set({ prequeueAt })}
        />
      )}
    </>
  )
}

interface ChoiceProps {
  label: string
  text: string
  checked: boolean
  onChange: (checked: boolean) => void
}

function Choice({ label, text, checked, onChange }: ChoiceProps) {
  return (
    <label className={own.mode}>
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} />
      <span>
        <strong>{label}</strong>
        <small className="soft">{text}</small>
      </span>
    </label>
  )
}

interface TimeProps {
  label: string
  hint?: string
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

/** A date and time at the venue, repeated in words. */
function Time({ label, hint, value, error, onChange }: TimeProps) {
  const format = useFormat()
  const moment = fromVenue(value)
  const words = moment === undefined ? undefined : format.moment(moment)
  return (
    <Field label={label} hint={words ?? hint} error={error}>
      <input type="datetime-local" value={value} onChange={event => onChange(event.target.value)} />
    </Field>
  )
}
