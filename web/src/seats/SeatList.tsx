/** The seats as a list of sections, rows and seats, for the keyboard and screen readers. */
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import type { Board } from './board.ts'
import type { Choice } from './choice/choice.ts'
import { gradeOf, labelOf, type Row, type Section } from './geometry.ts'
import { useRevision } from './hooks.ts'
import { gradeFill } from './map/marks.ts'
import styles from './SeatList.module.css'
import { Standing } from './Standing.tsx'
import { SwatchOf } from './Swatch.tsx'
import { AVAILABLE, freeInSection } from './states.ts'
import { useStateOf } from './useStateOf.ts'
import type { Words } from './words.ts'

interface Props {
  board: Board
  choice: Choice
  words: Words
  /** The grade that is filtered for. */
  grade: number | undefined
  /** How many places a buyer may have. */
  max: number
}

export function SeatList({ board, choice, words, grade, max }: Props) {
  const { t } = useTranslation('seats')
  const format = useFormat()
  useRevision(board)
  const [open, setOpen] = useState<number>()
  return (
    <section className={styles.list} aria-label={t('list.label')}>
      <ul>
        {board.plan.sections.map((section, index) => {
          const grades = section.parts.flatMap(part => board.plan.parts[part]?.grade ?? []).sort((a, b) => a - b)
          if (grade !== undefined && !grades.includes(grade)) return null
          const free = freeInSection(board.counts, index)
          return (
            <li key={section.name} className={styles.section}>
              <h2>
                <button
                  type="button"
                  className={styles.bar}
                  aria-expanded={open === index}
                  onClick={() => setOpen(open === index ? undefined : index)}
                >
                  <SwatchOf grade={grade ?? section.grade} />
                  <span className={styles.name}>{t('section', { section: section.name })}</span>
                  <span className="soft numbers">
                    {section.standing && `${t('standing.word')} · `}
                    {grades.map(each => `${words.grade(each)} ${words.price(each)}`).join(' · ')}
                  </span>
                  <span className={`numbers ${styles.free}`}>
                    {free === 0 ? t('list.none') : t('list.free', { free: format.count(free) })}
                  </span>
                </button>
              </h2>
              {open === index && section.standing && (
                <div className={styles.standing}>
                  <Standing board={board} choice={choice} words={words} section={section} max={max} />
                </div>
              )}
              {open === index && !section.standing && (
                <Rows board={board} choice={choice} words={words} section={section} grade={grade} />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Rows({ board, choice, words, section, grade }: Omit<Props, 'max'> & { section: Section }) {
  const { t } = useTranslation('seats')
  const [open, setOpen] = useState<Row>()
  return (
    <ul className={styles.rows}>
      {section.rows.map(row => {
        const own = seatsOf(row).filter(seat => grade === undefined || gradeOf(board.plan, seat) === grade)
        if (own.length === 0) return null
        const free = own.filter(seat => board.states[seat] === AVAILABLE).length
        return (
          <li key={row.row}>
            <h3>
              <button
                type="button"
                className={styles.bar}
                aria-expanded={open === row}
                onClick={() => setOpen(open === row ? undefined : row)}
              >
                <span className={styles.name}>{t('row', { row: row.row })}</span>
                <span className={`numbers ${styles.free}`}>
                  {free === 0 ? t('list.none') : t('list.free', { free })}
                </span>
              </button>
            </h3>
            {open === row && <Seats board={board} choice={choice} words={words} row={row} />}
          </li>
        )
      })}
    </ul>
  )
}

/** One stop of the Tab key; the arrow keys move from seat to seat. */
function Seats({ board, choice, words, row }: Omit<Props, 'grade' | 'max'> & { row: Row }) {
  const { t } = useTranslation('seats')
  const stateOf = useStateOf(board)
  const id = useId()
  const buttons = useRef(new Map<number, HTMLButtonElement>())
  const seats = seatsOf(row)
  const [current, setCurrent] = useState(() => seats.find(seat => board.isOpen(seat)) ?? row.first)
  const move = (event: KeyboardEvent) => {
    const last = row.first + row.seats - 1
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: row.first, End: last }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const seat = Math.min(Math.max(to, row.first), last)
    setCurrent(seat)
    buttons.current.get(seat)?.focus()
  }
  return (
    <>
      <p id={id} className={`soft ${styles.keys}`}>
        {t('list.keys')}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: screen readers would announce a fieldset at each seat. */}
      <div
        role="group"
        aria-label={t('list.row', { row: row.row })}
        aria-describedby={id}
        className={styles.seats}
        onKeyDown={move}
      >
        {seats.map(seat => {
          const state = stateOf(seat)
          const grade = gradeOf(board.plan, seat)
          const special = words.special(seat)
          const named = { seat: words.seat(seat), grade: words.grade(grade), price: words.price(grade) }
          const said = t(special === undefined ? 'list.button' : 'list.special', {
            ...named,
            special,
            state: t(`state.${state}`),
          })
          const kind = board.plan.special.get(seat)?.kind
          return (
            <button
              key={seat}
              ref={button => {
                if (button === null) buttons.current.delete(seat)
                else buttons.current.set(seat, button)
              }}
              type="button"
              className={`numbers ${styles.seat} ${styles[state]} ${row.aisles.includes(seat + 1 - row.first) ? styles.aisle : ''}`}
              style={state === 'available' ? gradeFill(grade) : undefined}
              tabIndex={seat === current ? 0 : -1}
              aria-pressed={state === 'mine'}
              aria-disabled={state !== 'mine' && state !== 'available'}
              aria-label={said}
              onFocus={() => setCurrent(seat)}
              onClick={() => choice.toggle(seat)}
              data-number={labelOf(board.plan, seat)}
              data-kind={kind}
            />
          )
        })}
      </div>
    </>
  )
}

function seatsOf(row: Row): number[] {
  return Array.from({ length: row.seats }, (_, place) => row.first + place)
}
