/** A whole number within bounds, reported as soon as the text is one. */
import { type InputHTMLAttributes, useState } from 'react'

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'min' | 'max'> {
  value: number
  min: number
  max: number
  onChange: (value: number) => void
}

export function NumberInput({ value, min, max, onChange, ...others }: Props) {
  const [typed, setTyped] = useState<string>()
  const type = (text: string) => {
    setTyped(text)
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= min && number <= max) onChange(number)
  }
  return (
    <input
      {...others}
      type="number"
      inputMode="numeric"
      min={min}
      max={max}
      value={typed ?? value}
      onChange={event => type(event.target.value)}
      onBlur={() => setTyped(undefined)}
    />
  )
}
