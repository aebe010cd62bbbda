/** Asks before a choice leaves a single seat. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/Dialog.tsx'
import type { Board } from './board.ts'
import type { Choice } from './choice/choice.ts'
import { withoutOrphans } from './choice/regroup.ts'
import type { Words } from './words.ts'

interface Props {
  board: Board
  choice: Choice
  words: Words
  orphans: readonly number[]
  onInsist: () => void
  onClose: () => void
}

export function OrphanDialog({ board, choice, words, orphans, onInsist, onClose }: Props) {
  const { t } = useTranslation('seats')
  const [better] = useState(() => withoutOrphans(board.plan, seat => choice.isOffered(seat), choice.chosen.seats))
  const move = () => {
    if (better !== undefined) choice.choose(better)
    onClose()
  }
  const actions = (
    <>
      <button type="button" className="button wide" onClick={move}>
        {better === undefined ? t('orphan.again') : t('orphan.fix', { seats: words.seats(better) })}
      </button>
      <button type="button" className="button quiet wide" onClick={onInsist}>
        {t('orphan.insist')}
      </button>
    </>
  )
  return (
    <Dialog title={t('orphan.title', { count: orphans.length })} actions={actions} onClose={onClose}>
      <p>{t('orphan.text', { count: orphans.length, seats: words.seats(orphans) })}</p>
    </Dialog>
  )
}
