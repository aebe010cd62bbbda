/** The seats as a list of sections, rows and seats, for the keyboard and screen readers. */
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import type { Board } from './board.ts'
import type { Choice } from './choice/choice.ts'
import { numberOf, type Row, type Section } from './geometry.ts'
import { useChosen, useRevision } from './hooks.ts'
import { gradeToken } from './map/palette.ts'
import styles from './SeatList.module.css'
import { AVAILABLE, freeInSection, HELD, SOLD } from './states.ts'
import type { Words } from './words.ts'

interface Props {
  board: Board
  choice: Choice
  words: Words
  /** The grade that is filtered for. */
  grade: number | undefined
}

export function SeatList({ board, choice, words, grade }: Props) {
  const { t } = useTranslation('seats')
  const format = useFormat()
  useRevision(board)
  const [open, setOpen] = useState<number>()
  return (
    <section className={styles.list} aria-label={t('list.label')}>
      <ul>
        {board.plan.sections.map((section, index) => {
          if (grade !== undefined && section.grade !== grade) return null
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
                  <i
                    className={styles.swatch}
                    style={{ background: `var(${gradeToken(section.grade)})` }}
                    aria-hidden="true"
                  />
                  <span className={styles.name}>{t('section', { section: section.name })}</span>
                  <span className="soft numbers">
                    {words.grade(section.grade)} {words.price(section.grade)}
                  </span>
                  <span className={`numbers ${styles.free}`}>
                    {free === 0 ? t('list.none') : t('list.free', { free: format.count(free) })}
                  </span>
                </button>
              </h2>
              {open === index && <Rows board={board} choice={choice} words={words} section={section} />}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Rows({ board, choice, words, section }: Omit<Props, 'grade'> & { section: Section }) {
  const { t } = useTranslation('seats')
  const [open, setOpen] = useState<Row>()
  return (
    <ul className={styles.rows}>
      {section.rows.map(row => {
        const free = seatsOf(row).filter(seat => board.states[seat] === AVAILABLE).length
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
            {open === row && <Seats board={board} choice={choice} words={words} section={section} row={row} />}
          </li>
        )
      })}
    </ul>
  )
}

/** One stop of the Tab key; the arrow keys move from seat to seat. */
function Seats({ board, choice, words, section, row }: Omit<Props, 'grade'> & { section: Section; row: Row }) {
  const { t } = useTranslation('seats')
  const { seats: chosen } = useChosen(choice)
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
  const stateOf = (seat: number) => {
    if (chosen.includes(seat)) return 'mine'
    const state = board.states[seat]
    return state === AVAILABLE ? 'available' : state === HELD ? 'held' : state === SOLD ? 'sold' : 'notForSale'
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
          const [grade, price] = [words.grade(section.grade), words.price(section.grade)]
          return (
            <button
              key={seat}
              ref={button => {
                if (button === null) buttons.current.delete(seat)
                else buttons.current.set(seat, button)
              }}
              type="button"
              className={`numbers ${styles.seat} ${styles[state]}`}
              style={state === 'available' ? { background: `var(${gradeToken(section.grade)})` } : undefined}
              tabIndex={seat === current ? 0 : -1}
              aria-pressed={state === 'mine'}
              aria-disabled={state !== 'mine' && state !== 'available'}
              aria-label={t('list.button', { seat: words.seat(seat), grade, price, state: t(`state.${state}`) })}
              onFocus={() => setCurrent(seat)}
              onClick={() => choice.toggle(seat)}
              data-number={numberOf(board.plan, seat)}
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
