/** The price and the seats left of each grade, and the legend. Choosing a grade highlights it on the map. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import type { Board } from './board.ts'
import { useRevision } from './hooks.ts'
import styles from './Legend.module.css'
import { gradeToken } from './map/palette.ts'
import { freeInGrade } from './states.ts'
import type { Words } from './words.ts'

interface Props {
  board: Board
  words: Words
  grade: number | undefined
  onGrade: (grade: number | undefined) => void
}

export function Legend({ board, words, grade, onGrade }: Props) {
  const { t } = useTranslation('seats')
  const format = useFormat()
  useRevision(board)
  const used = new Set(board.plan.sections.map(section => section.grade))
  return (
    <ul className={styles.grades} aria-label={t('legend.label')}>
      {[...used]
        .sort((a, b) => a - b)
        .map(each => {
          const left = freeInGrade(board.counts, each)
          return (
            <li key={each}>
              <button
                type="button"
                className={styles.grade}
                aria-pressed={grade === each}
                onClick={() => onGrade(grade === each ? undefined : each)}
              >
                <i className={styles.swatch} style={{ background: `var(${gradeToken(each)})` }} aria-hidden="true" />
                <span className={styles.words}>
                  <span>
                    <strong>{words.grade(each)}</strong> <span className="numbers">{words.price(each)}</span>
                  </span>
                  <span className={`soft numbers ${styles.left}`}>
                    {board.version !== undefined &&
                      (left === 0 ? t('legend.soldOut') : t('legend.left', { left: format.count(left) }))}
                  </span>
                </span>
              </button>
            </li>
          )
        })}
    </ul>
  )
}

const SIGNS = ['available', 'mine', 'held', 'sold'] as const

export function Key() {
  const { t } = useTranslation('seats')
  return (
    <ul className={styles.key} aria-label={t('legend.key')}>
      {SIGNS.map(sign => (
        <li key={sign}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" className={styles[sign]}>
            {sign !== 'sold' && <path d="M4 1.5h8a2 2 0 0 1 2 2V10a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V3.5a2 2 0 0 1 2-2z" />}
            {sign === 'mine' && <path className={styles.check} d="M5 8l2.2 2.2L11.2 5.6" />}
            {sign === 'held' && <circle cx="8" cy="7.8" r="1.6" />}
            {sign === 'sold' && <path d="M5 5l6 6M11 5l-6 6" />}
          </svg>
          {t(`state.${sign}`)}
        </li>
      ))}
    </ul>
  )
}
