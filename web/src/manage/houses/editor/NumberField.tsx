/** A number with its label and unit, reported as soon as the text is one within bounds. */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './Panel.module.css'

interface Props {
  label: string
  /** `undefined` when the things that are selected differ. */
  value: number | undefined
  min: number
  max: number
  step?: number
  unit?: string
  onChange: (value: number) => void
  /** The change is complete. */
  onEnd: () => void
}

export function NumberField({ label, value, min, max, step = 1, unit, onChange, onEnd }: Props) {
  const { t } = useTranslation('houses')
  const id = useId()
  const [typed, setTyped] = useState<string>()
  const type = (text: string) => {
    setTyped(text)
    const number = Number(text.replace(',', '.'))
    if (text.trim() !== '' && Number.isFinite(number) && number >= min && number <= max) onChange(number)
  }
  const shown = typed ?? (value === undefined ? '' : String(value))
  const isWrong = typed !== undefined && typed.trim() !== '' && !isWithin(typed, min, max)
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.input}>
        <input
          id={id}
          type="number"
          inputMode="decimal"
          min={min}
          max={max}
          step={step}
          value={shown}
          placeholder={value === undefined ? t('mixed') : undefined}
          aria-invalid={isWrong || undefined}
          onChange={event => type(event.target.value)}
          onBlur={() => {
            setTyped(undefined)
            onEnd()
          }}
        />
        {unit !== undefined && <span className={styles.unit}>{unit}</span>}
      </span>
    </div>
  )
}

function isWithin(text: string, min: number, max: number): boolean {
  const number = Number(text.replace(',', '.'))
  return Number.isFinite(number) && number >= min && number <= max
}
