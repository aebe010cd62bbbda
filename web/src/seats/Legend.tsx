/** The price of each grade, and how many places of it are left. Choosing a grade highlights it on the map. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import type { Board } from './board.ts'
import { useRevision } from './hooks.ts'
import styles from './Legend.module.css'
import { SwatchOf } from './Swatch.tsx'
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
  const used = new Set(board.plan.parts.map(part => part.grade))
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
                <SwatchOf grade={each} />
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
