/** What a mouse points at: a seat with its price and what is special about it, or a section from afar. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import type { Board } from './board.ts'
import { gradeOf } from './geometry.ts'
import type { Point, Size } from './map/viewport.ts'
import styles from './SeatCard.module.css'
import { SwatchOf } from './Swatch.tsx'
import { freeInPart, freeInSection } from './states.ts'
import { useStateOf } from './useStateOf.ts'
import type { Words } from './words.ts'

/** A place or a section, and where the mouse is. */
export interface Pointed {
  seat?: number
  section?: number
  at: Point
}

interface Props {
  board: Board
  words: Words
  pointed: Pointed
  window: Size
}

const WIDTH = 236
const HEIGHT = 132
const OFF = 18

export function SeatCard({ board, words, pointed, window }: Props) {
  const { seat, section, at } = pointed
  // Beside the pointer, on the side with room.
  const left = at.x + OFF + WIDTH > window.width ? Math.max(4, at.x - OFF - WIDTH) : at.x + OFF
  const below = at.y + OFF + HEIGHT <= window.height
  const place = below ? { left, top: at.y + OFF } : { left, bottom: window.height - at.y + OFF }
  return (
    <div className={styles.card} style={{ ...place, width: WIDTH }} aria-hidden="true">
      {seat !== undefined ? (
        <SeatLines board={board} words={words} seat={seat} />
      ) : (
        section !== undefined && <SectionLines board={board} words={words} index={section} />
      )}
    </div>
  )
}

function SeatLines({ board, words, seat }: { board: Board; words: Words; seat: number }) {
  const { t } = useTranslation('seats')
  const state = useStateOf(board)(seat)
  const grade = gradeOf(board.plan, seat)
  const special = words.special(seat)
  return (
    <>
      <strong>{words.seat(seat)}</strong>
      <span className={styles.grade}>
        <SwatchOf grade={grade} />
        <span>{words.grade(grade)}</span> <span className="numbers">{words.price(grade)}</span>
      </span>
      {special !== undefined && <span className={styles.special}>{special}</span>}
      {state !== 'available' && <span className="soft">{t(`state.${state}`)}</span>}
    </>
  )
}

const GRADES_SHOWN = 3

function SectionLines({ board, words, index }: { board: Board; words: Words; index: number }) {
  const { t } = useTranslation('seats')
  const format = useFormat()
  const section = board.plan.sections[index]
  if (section === undefined) return null
  const parts = section.parts.flatMap(part => {
    const { grade } = board.plan.parts[part] ?? {}
    return grade === undefined ? [] : [{ grade, free: freeInPart(board.counts, part) }]
  })
  const free = freeInSection(board.counts, index)
  return (
    <>
      <strong>
        {t('section', { section: section.name })}
        {section.standing && ` · ${t('standing.word')}`}
      </strong>
      {parts
        .toSorted((a, b) => a.grade - b.grade)
        .slice(0, GRADES_SHOWN)
        .map(part => (
          <span key={part.grade} className={styles.grade}>
            <SwatchOf grade={part.grade} />
            <span>{words.grade(part.grade)}</span> <span className="numbers">{words.price(part.grade)}</span>
          </span>
        ))}
      {board.version !== undefined && (
        <span className="soft numbers">
          {free === 0 ? t('list.none') : t('list.free', { free: format.count(free) })}
        </span>
      )}
      {section.entrance !== undefined && <span className="soft">{t('entrance', { entrance: section.entrance })}</span>}
    </>
  )
}
