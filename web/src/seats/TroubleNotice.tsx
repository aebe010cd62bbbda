/** Why seats could not be held, and what the buyer can do instead. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Notice, ProblemNotice } from '../ui/Notice.tsx'
import type { Board } from './board.ts'
import type { Choice, Trouble } from './choice/choice.ts'
import { gradeOf } from './geometry.ts'
import styles from './Panel.module.css'
import type { Words } from './words.ts'

interface Props {
  trouble: Trouble
  choice: Choice
  board: Board
  words: Words
  showId: string
  performanceId: string
}

export function TroubleNotice({ trouble, choice, board, words, showId, performanceId }: Props) {
  const { t } = useTranslation('seats')
  const { t: common } = useTranslation()
  return (
    <div className={styles.trouble}>
      {body()}
      <button type="button" className={styles.dismiss} aria-label={common('close')} onClick={() => choice.dismiss()}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M4 4l8 8M12 4l-8 8" />
        </svg>
      </button>
    </div>
  )

  function body() {
    switch (trouble.kind) {
      case 'faster':
        return <Faster trouble={trouble} choice={choice} board={board} words={words} />
      case 'notTogether':
        return <NotTogether trouble={trouble} choice={choice} words={words} />
      case 'full':
        return <Full trouble={trouble} choice={choice} board={board} />
      case 'wheelchair':
        return <Wheelchair trouble={trouble} choice={choice} words={words} />
      case 'companion':
        return <Companion trouble={trouble} choice={choice} board={board} words={words} />
      case 'limit':
        return (
          <Notice tone="warn" title={t('limit.title', { max: trouble.max })}>
            {t('limit.text')}
          </Notice>
        )
      case 'lapsed':
        return <Lapsed seats={trouble.seats} choice={choice} board={board} />
      case 'problem':
        return (
          <>
            <ProblemNotice error={trouble.problem} />
            {trouble.problem.code === 'not_admitted' && (
              <Link
                to="/shows/$showId/performances/$performanceId/queue"
                params={{ showId, performanceId }}
                className="button wide"
              >
                {t('session.queue')}
              </Link>
            )}
            {trouble.problem.code === 'sale_not_open' && (
              <Link to="/shows/$showId" params={{ showId }} className="button wide">
                {t('notOpen.back')}
              </Link>
            )}
          </>
        )
    }
  }
}

type Of<Kind extends Trouble['kind']> = Extract<Trouble, { kind: Kind }>

function Faster({
  trouble,
  choice,
  board,
  words,
}: {
  trouble: Of<'faster'>
  choice: Choice
  board: Board
  words: Words
}) {
  const { t } = useTranslation('seats')
  const seats = words.seats(trouble.lost)
  return (
    <Notice tone="warn" title={t('faster.title')}>
      <span>{t(trouble.offers.length > 0 ? 'faster.text' : 'faster.none', { seats })}</span>
      <div className={styles.offers}>
        {trouble.offers.map(offer => (
          <button key={offer[0]} type="button" className={styles.offer} onClick={() => choice.choose(offer)}>
            <strong>{words.seats(offer)}</strong>
            <span className="soft numbers">
              {words.grade(gradeOf(board.plan, offer[0] ?? 0))} {words.price(gradeOf(board.plan, offer[0] ?? 0))}
            </span>
          </button>
        ))}
      </div>
    </Notice>
  )
}

function NotTogether({ trouble, choice, words }: { trouble: Of<'notTogether'>; choice: Choice; words: Words }) {
  const { t } = useTranslation('seats')
  const { grade, count, needs, offers } = trouble
  const wheelchair = needs.wheelchair ?? 0
  if (wheelchair > 0) {
    return (
      <Notice tone="warn" title={t('wheelchair.none', { grade: words.grade(grade) })}>
        {t('wheelchair.noneText')}
      </Notice>
    )
  }
  const canSplit = count > 1 && needs.split !== true
  return (
    <Notice tone="warn" title={t('notTogether.title', { grade: words.grade(grade), seats: count })}>
      <span>{t(offers.length > 0 || canSplit ? 'notTogether.offers' : 'notTogether.none')}</span>
      <div className={styles.offers}>
        {canSplit && (
          <button
            type="button"
            className={styles.offer}
            onClick={() => choice.chooseBest(count, grade, { split: true })}
          >
            <strong>{t('notTogether.split')}</strong>
            <span className="soft numbers">{words.price(grade)}</span>
          </button>
        )}
        {offers.map(offer => (
          <button
            key={`${offer.grade}-${offer.count}`}
            type="button"
            className={styles.offer}
            onClick={() => choice.chooseBest(offer.count, offer.grade)}
          >
            <strong>{t('notTogether.offer', { grade: words.grade(offer.grade), seats: offer.count })}</strong>
            <span className="soft numbers">{words.price(offer.grade)}</span>
          </button>
        ))}
      </div>
    </Notice>
  )
}

function Lapsed({ seats, choice, board }: { seats: readonly number[]; choice: Choice; board: Board }) {
  const { t } = useTranslation('seats')
  return (
    <Notice tone="bad" title={t('lapsed.title')}>
      <span>{t('lapsed.text')}</span>
      {seats.every(seat => board.isOpen(seat)) && (
        <button type="button" className="button quiet" onClick={() => choice.choose(seats)}>
          {t('lapsed.again')}
        </button>
      )}
    </Notice>
  )
}

function Full({ trouble, choice, board }: { trouble: Of<'full'>; choice: Choice; board: Board }) {
  const { t } = useTranslation('seats')
  const { section, left } = trouble
  return (
    <Notice tone="warn" title={t('standing.full', { section: board.plan.sections[section]?.name ?? '' })}>
      <span>{left === 0 ? t('standing.none') : t('standing.free', { left })}</span>
      {left > 0 && (
        <button type="button" className="button quiet" onClick={() => choice.chooseStanding(section, left)}>
          {t('standing.rest', { left })}
        </button>
      )}
    </Notice>
  )
}

/** Asks whether the place is for a wheelchair, and offers those of companions with it. */
function Wheelchair({ trouble, choice, words }: { trouble: Of<'wheelchair'>; choice: Choice; words: Words }) {
  const { t } = useTranslation('seats')
  const { seat, companions } = trouble
  const [companion] = companions
  return (
    <Notice tone="plain" title={t('wheelchair.title', { seat: words.seat(seat) })}>
      <span>{t('wheelchair.text')}</span>
      <div className={styles.offers}>
        {companion !== undefined && (
          <button type="button" className="button quiet" onClick={() => choice.takeForWheelchair([seat, companion])}>
            {t('wheelchair.both')}
          </button>
        )}
        <button type="button" className="button quiet" onClick={() => choice.takeForWheelchair([seat])}>
          {t('wheelchair.alone')}
        </button>
      </div>
    </Notice>
  )
}

function Companion({
  trouble,
  choice,
  board,
  words,
}: {
  trouble: Of<'companion'>
  choice: Choice
  board: Board
  words: Words
}) {
  const { t } = useTranslation('seats')
  const { seat, wheelchair } = trouble
  return (
    <Notice tone="plain" title={t('wheelchair.companion', { seat: words.seat(seat) })}>
      <span>{t('wheelchair.companionText', { seat: words.seat(wheelchair) })}</span>
      {board.isOpen(wheelchair) && (
        <button type="button" className="button quiet" onClick={() => choice.takeForWheelchair([wheelchair, seat])}>
          {t('wheelchair.both')}
        </button>
      )}
    </Notice>
  )
}
