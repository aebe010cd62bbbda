/** Seats together, chosen by the server inside its lock: two buyers who ask at once get different ones. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './BestForm.module.css'
import type { Board } from './board.ts'
import type { Choice } from './choice/choice.ts'
import { useChosen, useRevision } from './hooks.ts'
import { freeInGrade } from './states.ts'
import type { Words } from './words.ts'

interface Props {
  /** The grade that is filtered for on the map. */
  preferred: number | undefined
  id: string
  /** Whether the buyer opened it; where room is short it is shown only then. */
  open: boolean
  onDone: () => void
  board: Board
  choice: Choice
  words: Words
  max: number
}

/** The contract's limit for one request. */
const TOGETHER_MAX = 20

export function BestForm({ preferred, id, open, onDone, board, choice, words, max }: Props) {
  const { t } = useTranslation('seats')
  useRevision(board)
  const { busy } = useChosen(choice)
  // Standing places are taken by count.
  const seated = board.plan.parts.filter(part => board.plan.sections[part.section]?.standing === false)
  const used = [...new Set(seated.map(part => part.grade))].sort((a, b) => a - b)
  const most = Math.min(max, TOGETHER_MAX)
  const [count, setCount] = useState(Math.min(2, most))
  const [wanted, setWanted] = useState<number>()
  const [wheelchair, setWheelchair] = useState(false)
  const [split, setSplit] = useState(false)
  const grade = wanted ?? preferred ?? used.find(each => freeInGrade(board.counts, each) >= count) ?? used[0] ?? 0
  const hasWheelchairs = [...board.plan.special.values()].some(({ kind }) => kind === 'wheelchair')
  const choose = () => {
    choice.chooseBest(count, grade, {
      ...(wheelchair && hasWheelchairs ? { wheelchair: 1 } : {}),
      ...(split && count > 1 ? { split } : {}),
    })
    onDone()
  }
  if (used.length === 0) return null
  return (
    <div id={id} className={`${styles.form} ${open ? styles.open : ''}`}>
      <h2>{t('best.title')}</h2>
      <fieldset className={styles.counts}>
        <legend className="hidden">{t('best.count')}</legend>
        {Array.from({ length: most }, (_, index) => index + 1).map(each => (
          <label key={each}>
            <input type="radio" name={`${id}-count`} checked={count === each} onChange={() => setCount(each)} />
            <span>{t('best.seats', { seats: each })}</span>
          </label>
        ))}
      </fieldset>
      <label>
        <span className="hidden">{t('best.grade')}</span>
        <select value={grade} onChange={event => setWanted(Number(event.target.value))}>
          {used.map(each => (
            <option key={each} value={each}>
              {t('best.option', { grade: words.grade(each), price: words.price(each) })}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={split} disabled={count === 1} onChange={() => setSplit(!split)} />
        <span>{t('best.split')}</span>
      </label>
      {hasWheelchairs && (
        <label className={styles.check}>
          <input type="checkbox" checked={wheelchair} onChange={() => setWheelchair(!wheelchair)} />
          <span>{t('best.wheelchair')}</span>
        </label>
      )}
      <button type="button" className="button quiet wide" disabled={busy} onClick={choose}>
        {t('best.choose', { count })}
      </button>
    </div>
  )
}
