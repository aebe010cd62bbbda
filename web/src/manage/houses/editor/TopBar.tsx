/** Above the drawing: the house's name and state, undo and redo, files, the preview, and saving. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../ui/format.ts'
import { renameHouse } from '../model/edit/shapes.ts'
import { canRedo, canUndo } from '../model/history.ts'
import { HOUSE_NAME_MAX } from '../model/plan.ts'
import { totalsOf } from '../model/totals.ts'
import { type CommandId, type Hands, runCommand } from './commands.ts'
import { useDesk, usePlan } from './desk.ts'
import styles from './Editor.module.css'
import { FileMenu } from './FileMenu.tsx'
import { Icon, type IconName } from './icons.tsx'

interface Props {
  hands: Hands
  /** The version in the library. */
  version: number | undefined
  isSaving: boolean
  onPreview: () => void
}

export function TopBar({ hands, version, isSaving, onPreview }: Props) {
  const { t } = useTranslation('houses')
  const { desk } = hands
  const history = useDesk(desk, state => state.history)
  return (
    <header className={styles.bar}>
      <Link to="/manage/houses" className={styles.back} aria-label={t('toHouses')} title={t('toHouses')}>
        <Icon name="back" />
      </Link>
      <Name hands={hands} version={version} />
      <div className={styles.ways}>
        <Button hands={hands} id="undo" icon="undo" isOff={!canUndo(history)} />
        <Button hands={hands} id="redo" icon="redo" isOff={!canRedo(history)} />
        <Plain label={t('shortcuts.title')} onClick={() => hands.showShortcuts()}>
          <Icon name="keys" />
        </Plain>
        <FileMenu desk={desk} easel={hands.easel} />
        <button type="button" className="button quiet small" aria-label={t('preview.open')} onClick={onPreview}>
          <Icon name="eye" /> <span>{t('preview.open')}</span>
        </button>
        <button type="button" className="button small" disabled={isSaving} onClick={() => hands.save()}>
          {t('save')}
        </button>
      </div>
    </header>
  )
}

function Name({ hands: { desk }, version }: { hands: Hands; version: number | undefined }) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  const plan = usePlan(desk)
  const saved = useDesk(desk, state => state.saved)
  const state =
    saved === plan
      ? t('state.saved', { version })
      : version === undefined
        ? t('state.draft')
        : t('state.changed', { version })
  return (
    <div className={styles.name}>
      <input
        id="house-name"
        aria-label={t('name')}
        placeholder={t('name')}
        value={plan.name}
        maxLength={HOUSE_NAME_MAX}
        onChange={event => desk.edit(before => renameHouse(before, event.target.value), 'name')}
        onBlur={() => desk.end()}
      />
      <p className="soft numbers">
        {t('placesOf', { places: format.count(totalsOf(plan).places) })} · {state}
      </p>
    </div>
  )
}

function Button({ hands, id, icon, isOff }: { hands: Hands; id: CommandId; icon: IconName; isOff: boolean }) {
  const { t } = useTranslation('houses')
  return (
    <Plain label={t(`commands.${id}`)} isOff={isOff} onClick={() => runCommand(hands, id)}>
      <Icon name={icon} />
    </Plain>
  )
}

interface PlainProps {
  label: string
  isOff?: boolean
  onClick: () => void
  children: ReactNode
}

function Plain({ label, isOff = false, onClick, children }: PlainProps) {
  return (
    <button
      type="button"
      className={styles.icon}
      aria-label={label}
      title={label}
      aria-disabled={isOff}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
