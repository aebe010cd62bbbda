/**
 * The rows of a section, each with its length and its seats. Pressing a seat takes it off sale.
 *
 * All seats are one stop of the Tab key; the arrow keys move between them. A large section shows one row at a time.
 */
import { type KeyboardEvent, memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import styles from './Builder.module.css'
import { seatCountOf } from './check.ts'
import { ROW_SEATS_MAX, type RowDraft, rowName, type SectionDraft, withRowSeats, withToggled } from './house.ts'
import { NumberInput } from './NumberInput.tsx'

/** More controls than this make typing slow. */
const SEATS_SHOWN = 1_500

interface Props {
  section: SectionDraft
  onChange: (change: (before: SectionDraft) => SectionDraft) => void
}

export function SeatGrid({ section, onChange }: Props) {
  const { t } = useTranslation('manage')
  const [asked, setRow] = useState(0)
  const [at, setAt] = useState({ row: 0, seat: 1 })
  const large = seatCountOf(section) > SEATS_SHOWN
  const row = Math.min(asked, section.rows.length - 1)
  const shown = section.rows.map((_, index) => index).filter(index => !large || index === row)
  const current = stopOf(section, shown, at)
  return (
    <div className="stack">
      <p className="soft">{t('seat.hint')}</p>
      {large && (
        <Field label={t('seat.row')} hint={t('seat.large')}>
          <select value={row} onChange={event => setRow(Number(event.target.value))}>
            {section.rows.map((_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is identified by its place.
              <option key={index} value={index}>
                {rowName(section.rowNames, index)}
              </option>
            ))}
          </select>
        </Field>
      )}
      <fieldset className={styles.grid} onKeyDown={moveByArrows}>
        <legend className="hidden">{t('seat.all')}</legend>
        {shown.map(index => (
          <Row
            key={index}
            index={index}
            name={rowName(section.rowNames, index)}
            row={section.rows[index] ?? { seats: 0, kept: [] }}
            stop={current.row === index ? current.seat : undefined}
            onChange={onChange}
            onReach={setAt}
          />
        ))}
      </fieldset>
    </div>
  )
}

/** The seat that the Tab key reaches: the last one that had the focus, if it still exists. */
function stopOf(section: SectionDraft, shown: number[], at: Stop): Stop {
  const seats = section.rows[at.row]?.seats ?? 0
  return shown.includes(at.row) && at.seat <= seats ? at : { row: shown[0] ?? 0, seat: 1 }
}

interface Stop {
  row: number
  seat: number
}

interface RowProps {
  index: number
  name: string
  row: RowDraft
  stop: number | undefined
  onChange: Props['onChange']
  onReach: (stop: Stop) => void
}

const Row = memo(
  function Row({ index, name, row, stop, onChange, onReach }: RowProps) {
    const { t } = useTranslation('manage')
    return (
      <div className={styles.seatRow}>
        <span className="numbers">{t('seat.rowName', { row: name })}</span>
        <NumberInput
          aria-label={t('seat.rowSeats', { row: name })}
          value={row.seats}
          min={1}
          max={ROW_SEATS_MAX}
          onChange={seats => onChange(before => withRowSeats(before, index, seats))}
        />
        <div className={styles.seats}>
          {Array.from({ length: row.seats }, (_, seat) => seat + 1).map(number => (
            <button
              key={number}
              type="button"
              data-row={index}
              data-seat={number}
              tabIndex={number === stop ? 0 : -1}
              aria-pressed={row.kept.includes(number)}
              aria-label={t('seat.keep', { row: name, seat: number })}
              onFocus={() => onReach({ row: index, seat: number })}
              onClick={() => onChange(before => withToggled(before, index, number))}
            />
          ))}
        </div>
      </div>
    )
  },
  (before, after) =>
    before.row === after.row &&
    before.name === after.name &&
    before.stop === after.stop &&
    before.index === after.index,
)

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}

function moveByArrows(event: KeyboardEvent<HTMLFieldSetElement>): void {
  const step = STEPS[event.key]
  const { row, seat } = event.target instanceof HTMLButtonElement ? event.target.dataset : {}
  if (step === undefined || row === undefined || seat === undefined) return
  const [down, along] = step
  const next = `[data-row="${Number(row) + down}"][data-seat="${Number(seat) + along}"]`
  event.currentTarget.querySelector<HTMLButtonElement>(next)?.focus()
  event.preventDefault()
}
