/** A text with its label, reported when it is complete, or at each key. */
import { useId, useState } from 'react'
import styles from './Panel.module.css'

interface Props {
  label: string
  value: string
  maxLength: number
  placeholder?: string
  hint?: string
  /** Choices to pick from. */
  list?: readonly string[]
  /** Answers whether the text can be taken. */
  onChange: (value: string) => boolean | undefined
}

/** What is typed is taken when the field is left or Enter is pressed; a text that cannot be taken goes back. */
export function TextField({ label, value, maxLength, placeholder, hint, list, onChange }: Props) {
  const id = useId()
  const [typed, setTyped] = useState<string>()
  const [isRefused, setRefused] = useState(false)
  const take = () => {
    if (typed !== undefined && typed !== value) {
      const taken = onChange(typed) !== false
      setRefused(!taken)
      if (!taken) return
    }
    setTyped(undefined)
    setRefused(false)
  }
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={typed ?? value}
        maxLength={maxLength}
        placeholder={placeholder}
        list={list === undefined ? undefined : `${id}-list`}
        aria-invalid={isRefused || undefined}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={event => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={event => {
          if (event.key === 'Enter') take()
        }}
      />
      {list !== undefined && (
        <datalist id={`${id}-list`}>
          {list.map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      {hint !== undefined && (
        <small id={`${id}-hint`} className="soft">
          {hint}
        </small>
      )}
    </div>
  )
}
