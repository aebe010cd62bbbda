/** How many places of a standing area a buyer wants: they get the next entry numbers. */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/format.ts'
import type { Board } from './board.ts'
import type { Choice } from './choice/choice.ts'
import { labelOf, type Section } from './geometry.ts'
import { useChosen, useRevision } from './hooks.ts'
import styles from './Standing.module.css'
import { SwatchOf } from './Swatch.tsx'
import { freeInSection } from './states.ts'
import type { Words } from './words.ts'

interface Props {
  board: Board
  choice: Choice
  words: Words
  section: Section
  /** How many places a buyer may have in all. */
  max: number
  /** Where it can be closed. */
  onClose?: () => void
}

export function Standing({ board, choice, words, section, max, onClose }: Props) {
  const { t } = useTranslation('seats')
  const format = useFormat()
  useRevision(board)
  const { busy } = useChosen(choice)
  const id = useId()
  const had = choice.standingIn(section.index)
  const free = freeInSection(board.counts, section.index)
  const others = board.mine.size - had.length
  const most = Math.max(0, Math.min(max - others, free + had.length))
  const [wanted, setWanted] = useState<number>()
  const least = had.length > 0 ? 0 : 1
  const count = Math.min(Math.max(wanted ?? Math.max(had.length, 1), least), Math.max(most, least))
  const step = (by: number) => setWanted(Math.min(Math.max(count + by, least), most))
  const take = () => {
    setWanted(undefined)
    choice.chooseStanding(section.index, count)
    onClose?.()
  }
  return (
    <section className={styles.standing} aria-labelledby={`${id}-name`}>
      <div className={styles.head}>
        <SwatchOf grade={section.grade} />
        <p id={`${id}-name`} className={styles.name}>
          <strong>{t('standing.name', { section: section.name })}</strong>{' '}
          <span className="soft numbers">
            {words.grade(section.grade)} {words.price(section.grade)}
          </span>
        </p>
        {onClose !== undefined && (
          <button type="button" className={styles.close} aria-label={t('standing.close')} onClick={onClose}>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="M4 4l8 8M12 4l-8 8" />
            </svg>
          </button>
        )}
      </div>
      <p className={`soft ${styles.text}`}>
        <span className="numbers">
          {free === 0 ? t('standing.none') : t('standing.free', { left: format.count(free) })}
        </span>{' '}
        {section.entrance !== undefined && t('entrance', { entrance: section.entrance })} {t('standing.how')}
      </p>
      {had.length > 0 && (
        <p className={`numbers ${styles.text}`}>
          <strong>{t('standing.had', { numbers: had.map(seat => labelOf(board.plan, seat)).join(', ') })}</strong>
        </p>
      )}
      <div className={styles.steps}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a line everywhere. */}
        <div role="group" aria-label={t('standing.count')} className={styles.stepper}>
          <button type="button" aria-label={t('standing.fewer')} disabled={count <= least} onClick={() => step(-1)}>
            <span aria-hidden="true">−</span>
          </button>
          <output className="numbers" aria-live="polite">
            {t('standing.people', { count })}
          </output>
          <button type="button" aria-label={t('standing.more')} disabled={count >= most} onClick={() => step(1)}>
            <span aria-hidden="true">+</span>
          </button>
        </div>
        <button type="button" className="button" disabled={busy || count === had.length || most === 0} onClick={take}>
          {count === 0 ? t('standing.release') : had.length > 0 ? t('standing.change') : t('standing.take')}
        </button>
      </div>
    </section>
  )
}
