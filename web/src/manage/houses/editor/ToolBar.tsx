/** The tools: one is in hand. */
import { useTranslation } from 'react-i18next'
import { COMMANDS } from './commands.ts'
import { type Desk, type Tool, useDesk } from './desk.ts'
import styles from './Editor.module.css'
import { Icon } from './icons.tsx'

const GROUPS: readonly (readonly Tool[])[] = [
  ['select', 'seats', 'pan'],
  ['rows', 'standing'],
  ['grade', 'mark'],
  ['stage', 'field', 'wall', 'door', 'text', 'focus'],
]

export function ToolBar({ desk }: { desk: Desk }) {
  const { t } = useTranslation('houses')
  const tool = useDesk(desk, state => state.tool)
  return (
    <div className={styles.tools} role="toolbar" aria-label={t('tools.label')} aria-orientation="vertical">
      {GROUPS.map(group => (
        <div key={group[0]} className={styles.toolGroup}>
          {group.map(each => (
            <button
              key={each}
              type="button"
              aria-pressed={tool === each}
              aria-label={t(`tools.${each}`)}
              aria-keyshortcuts={keyOf(each)}
              title={keyOf(each) === undefined ? t(`tools.${each}`) : `${t(`tools.${each}`)} (${keyOf(each)})`}
              onClick={() => desk.set({ tool: each })}
            >
              <Icon name={each} />
            </button>
          ))}
        </div>
      ))}
    </div>
  )
}

function keyOf(tool: Tool): string | undefined {
  return COMMANDS.find(({ id, group }) => group === 'tools' && id === tool)?.keys[0]
}
