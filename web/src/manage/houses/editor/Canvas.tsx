/** The drawing: a canvas that the keyboard works on as well. What it shows is told beside it, in the list and the fields. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../ui/format.ts'
import { onColoursChange } from '../../../ui/theme.ts'
import { totalsOf } from '../model/totals.ts'
import { type Desk, useDesk, usePlan } from './desk.ts'
import type { DragWords } from './drags.ts'
import styles from './Editor.module.css'
import { Easel } from './easel.ts'
import { Icon } from './icons.tsx'
import type { Words } from './look.ts'
import { listen } from './pointer.ts'

interface Props {
  desk: Desk
  words: Words & DragWords
  easel: Easel | undefined
  onEasel: (easel: Easel | undefined) => void
  /** Whether the space bar is held. */
  pans: () => boolean
}

export function Canvas({ desk, words, easel, onEasel, pans }: Props) {
  const { t } = useTranslation('houses')
  const canvas = useRef<HTMLCanvasElement>(null)
  const told = useRef({ words, pans })
  told.current = { words, pans }
  useEffect(() => {
    const shown = canvas.current
    if (shown === null) return
    const made = new Easel(shown, desk, told.current.words)
    const resized = new ResizeObserver(() => made.resize(shown.clientWidth, shown.clientHeight))
    resized.observe(shown)
    const unlisten = listen(made, { words: told.current.words, pans: () => told.current.pans() })
    const uncolour = onColoursChange(() => made.recolour())
    onEasel(made)
    return () => {
      uncolour()
      unlisten()
      resized.disconnect()
      made.close()
      onEasel(undefined)
    }
  }, [desk, onEasel])
  useEffect(() => easel?.recolour(words), [easel, words])
  return (
    <div className={styles.window}>
      <Drawing desk={desk} canvas={canvas} />
      <Hint desk={desk} />
      <div className={styles.zoom}>
        <button type="button" aria-label={t('zoom.in')} onClick={() => easel?.zoomBy(1.5)}>
          <Icon name="plus" />
        </button>
        <button type="button" aria-label={t('zoom.out')} onClick={() => easel?.zoomBy(1 / 1.5)}>
          <Icon name="minus" />
        </button>
        <button type="button" aria-label={t('zoom.all')} onClick={() => easel?.all()}>
          <Icon name="fit" />
        </button>
      </div>
    </div>
  )
}

function Drawing({ desk, canvas }: { desk: Desk; canvas: React.RefObject<HTMLCanvasElement | null> }) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  const plan = usePlan(desk)
  const tool = useDesk(desk, state => state.tool)
  const { places, sections } = totalsOf(plan)
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the drawing takes keys, which the panel of shortcuts lists.
    <canvas
      ref={canvas}
      className={styles.canvas}
      data-tool={tool}
      tabIndex={0}
      role="application"
      aria-roledescription={t('drawing.role')}
      aria-label={t('drawing.label', { sections: format.count(sections), places: format.count(places) })}
      aria-keyshortcuts="Enter Tab Escape"
    />
  )
}

/** What the tool in hand does. */
function Hint({ desk }: { desk: Desk }) {
  const { t } = useTranslation('houses')
  const tool = useDesk(desk, state => state.tool)
  const isEmpty = usePlan(desk).sections.length === 0
  if (tool === 'select' && !isEmpty) return null
  return <p className={styles.hint}>{tool === 'select' ? t('empty') : t(`toolHints.${tool}`)}</p>
}
