/** All keys of the editor. */
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/Dialog.tsx'
import { COMMANDS } from './commands.ts'
import styles from './Panel.module.css'

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['houses', 'common'])
  const mod = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl'
  return (
    <Dialog
      title={t('shortcuts.title')}
      onClose={onClose}
      actions={
        <button type="button" className="button" onClick={onClose}>
          {t('shortcuts.close')}
        </button>
      }
    >
      <p className="soft">{t('shortcuts.text')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section className={styles.shortcuts} tabIndex={0} aria-label={t('shortcuts.title')}>
        {(['tools', 'edit', 'move', 'view'] as const).map(group => (
          <div key={group}>
            <h3>{t(`shortcuts.groups.${group}`)}</h3>
            <dl>
              {COMMANDS.filter(command => command.group === group).map(({ id, keys }) => (
                <div key={id}>
                  <dt>{t(`commands.${id}`)}</dt>
                  <dd>
                    {keys.map(key => (
                      <kbd key={key}>{key === 'mod' ? mod : key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </section>
    </Dialog>
  )
}
