/** The editor of a house: tools, the drawing, and panels. */
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../ui/format.ts'
import { placeCount } from '../model/plan.ts'
import { Canvas } from './Canvas.tsx'
import { type Hands, runKey } from './commands.ts'
import { type Desk, selectionSize, useDesk, usePlan } from './desk.ts'
import type { DragWords } from './drags.ts'
import styles from './Editor.module.css'
import type { Easel } from './easel.ts'
import { singleSection } from './handles.ts'
import { Inspector } from './Inspector.tsx'
import type { Words } from './look.ts'
import { Mistakes, useMistakes } from './Mistakes.tsx'
import { Preview } from './Preview.tsx'
import { SectionList } from './SectionList.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import { ToolBar } from './ToolBar.tsx'
import { TopBar } from './TopBar.tsx'
import { TracePanel } from './TracePanel.tsx'

interface Props {
  desk: Desk
  version: number | undefined
  isSaving: boolean
  /** Saves the plan, which has no mistakes. */
  onSave: () => void
}

const TABS = ['inspector', 'list', 'mistakes'] as const
type Tab = (typeof TABS)[number]

export function Editor({ desk, version, isSaving, onSave }: Props) {
  const { t } = useTranslation('houses')
  const words = useDrawingWords()
  const [easel, setEasel] = useState<Easel>()
  const [shown, show] = useState<'preview' | 'shortcuts'>()
  const [tab, setTab] = useState<Tab>('inspector')
  const [isRefused, setRefused] = useState(false)
  const mistakes = useMistakes(desk, easel)
  const grades = useDesk(desk, state => state.grades)
  const plan = usePlan(desk)
  const space = useRef(false)
  const save = useRef(() => {})
  save.current = () => {
    setRefused(mistakes.length > 0)
    if (mistakes.length > 0) setTab('mistakes')
    else onSave()
  }
  const hands = useMemo(
    (): Hands | undefined =>
      easel && { desk, easel, words, save: () => save.current(), showShortcuts: () => show('shortcuts') },
    [desk, easel, words],
  )
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { target } = event
    const onDrawing = target instanceof HTMLCanvasElement
    const types =
      target instanceof HTMLElement && target.closest('input:not([type="checkbox"]), textarea, select, dialog') !== null
    if (onDrawing && event.key === ' ') {
      space.current = true
      event.preventDefault()
    }
    const isSave = event.code === 'KeyS' && (event.ctrlKey || event.metaKey)
    if (hands === undefined || (types && !isSave)) return
    if (runKey(hands, event, onDrawing)) event.preventDefault()
  }
  const pans = useCallback(() => space.current, [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys work anywhere in the editor.
    <div
      className={styles.editor}
      onKeyDown={onKeyDown}
      onKeyUp={event => {
        if (event.key === ' ') space.current = false
      }}
    >
      {hands !== undefined && (
        <TopBar hands={hands} version={version} isSaving={isSaving} onPreview={() => show('preview')} />
      )}
      <ToolBar desk={desk} />
      <Canvas desk={desk} words={words} easel={easel} onEasel={setEasel} pans={pans} />
      <fieldset className={styles.tabs} aria-label={t('tabs.label')}>
        {TABS.map(each => (
          <button key={each} type="button" aria-pressed={tab === each} onClick={() => setTab(each)}>
            {t(`tabs.${each}`)}
            {each === 'mistakes' && mistakes.length > 0 && <span className={styles.badge}>{mistakes.length}</span>}
          </button>
        ))}
      </fieldset>
      <div className={styles.left} data-tab={tab}>
        <SectionList desk={desk} easel={easel} />
        <Mistakes desk={desk} easel={easel} mistakes={mistakes} />
      </div>
      <div className={styles.right} data-tab={tab}>
        {hands !== undefined && <Inspector hands={hands} />}
        <TracePanel desk={desk} easel={easel} />
      </div>
      <p className="hidden" role="status">
        {isRefused && mistakes.length > 0 ? t('mistakes.first', { count: mistakes.length }) : <Told desk={desk} />}
      </p>
      {isRefused && mistakes.length > 0 && (
        <p className={styles.refused}>{t('mistakes.first', { count: mistakes.length })}</p>
      )}
      {shown === 'preview' && plan.sections.length > 0 && (
        <Preview plan={plan} grades={grades} onClose={() => show(undefined)} />
      )}
      {shown === 'shortcuts' && <Shortcuts onClose={() => show(undefined)} />}
    </div>
  )
}

/** Says what is selected, and where it stands. */
function Told({ desk }: { desk: Desk }) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  const plan = usePlan(desk)
  const selection = useDesk(desk, state => state.selection)
  const size = selectionSize(selection)
  if (size === 0) return null
  const single = singleSection(plan, selection)
  if (single !== undefined) {
    return t('told.section', {
      section: single.section,
      places: format.count(placeCount(single)),
      grade: single.grade,
      x: single.at.x,
      y: single.at.y,
      turn: single.kind === 'seats' ? single.turn_deg : 0,
    })
  }
  if (selection.kind === 'seats' && size === 1)
    return t('told.seat', { seat: selection.names[0]?.replaceAll('-', ' ') })
  return t(`many.${selection.kind}`, { count: size })
}

function useDrawingWords(): Words & DragWords {
  const { t } = useTranslation('houses')
  const format = useFormat()
  return useMemo(
    () => ({
      standing: capacity => t('drawing.standing', { places: format.count(capacity) }),
      shape: kind => (kind === 'stage' || kind === 'field' ? t(`tools.${kind}`) : undefined),
      rows: (rows, seats) => t('drawing.rows', { rows, seats }),
      size: (width, depth) => `${width.toFixed(1)} × ${depth.toFixed(1)} m`,
      text: t('drawing.text'),
      grade: t('drawing.grade'),
    }),
    [t, format],
  )
}

/** Calls back a while after the last change. */
export function useAfterChanges(desk: Desk, waitMs: number, then: () => void): void {
  const latest = useRef(then)
  latest.current = then
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      if (timer === undefined) return
      clearTimeout(timer)
      timer = undefined
      latest.current()
    }
    const unsubscribe = desk.subscribe(() => {
      clearTimeout(timer)
      timer = setTimeout(flush, waitMs)
    })
    // A page that is hidden may never come back.
    document.addEventListener('visibilitychange', flush)
    return () => {
      unsubscribe()
      document.removeEventListener('visibilitychange', flush)
      flush()
    }
  }, [desk, waitMs])
}
