/** Files: a plan is read from one, or written into one. */
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/Dialog.tsx'
import { toCsv, toJson } from '../model/export.ts'
import type { Desk } from './desk.ts'
import styles from './Editor.module.css'
import type { Easel } from './easel.ts'
import { Icon } from './icons.tsx'
import { ACCEPTED, readHouse, useImportWords } from './importing.ts'

export function FileMenu({ desk, easel }: { desk: Desk; easel: Easel }) {
  const { t } = useTranslation(['houses', 'common'])
  const menu = useRef<HTMLDetailsElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const words = useImportWords()
  const [told, tell] = useState<{ title: string; lines: string[] }>()
  const close = () => menu.current?.removeAttribute('open')
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    try {
      const { plan, remarks } = await readHouse(file)
      desk.edit(before => ({ ...plan, name: plan.name === '' ? before.name : plan.name }))
      easel.all()
      if (remarks.length > 0) tell({ title: t('file.read'), lines: remarks.map(words.remark) })
    } catch (error) {
      tell({ title: t('file.refused'), lines: [words.error(error)] })
    }
  }
  return (
    <details
      ref={menu}
      className={styles.menu}
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) close()
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') close()
      }}
    >
      <summary className={styles.icon} aria-label={t('file.title')} title={t('file.title')}>
        <Icon name="file" />
      </summary>
      <div className={styles.items}>
        <button
          type="button"
          onClick={() => {
            close()
            picker.current?.click()
          }}
        >
          {t('file.import')}
        </button>
        <button
          type="button"
          onClick={() => {
            close()
            download(`${desk.plan.name || 'house'}.json`, 'application/json', toJson(desk.plan))
          }}
        >
          {t('file.json')}
        </button>
        <button
          type="button"
          onClick={() => {
            close()
            // A byte-order mark makes spreadsheets read Hangul right.
            download(`${desk.plan.name || 'house'}.csv`, 'text/csv', `\uFEFF${toCsv(desk.plan)}`)
          }}
        >
          {t('file.csv')}
        </button>
      </div>
      <input
        ref={picker}
        type="file"
        accept={ACCEPTED}
        hidden
        data-import=""
        onChange={event => {
          void read(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      {told !== undefined && (
        <Dialog
          title={told.title}
          onClose={() => tell(undefined)}
          actions={
            <button type="button" className="button" onClick={() => tell(undefined)}>
              {t('file.understood')}
            </button>
          }
        >
          <ul className={styles.told}>
            {told.lines.slice(0, 8).map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Dialog>
      )}
    </details>
  )
}

function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
