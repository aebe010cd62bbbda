/** The image under the drawing: chosen, placed, faded, locked, taken away. It never leaves this device. */
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Desk, useDesk } from './desk.ts'
import type { Easel } from './easel.ts'
import { NumberField } from './NumberField.tsx'
import styles from './Panel.module.css'
import { readTrace, type ShownTrace, type TraceError, TraceFailed } from './trace.ts'

export function TracePanel({ desk, easel }: { desk: Desk; easel: Easel | undefined }) {
  const { t } = useTranslation('houses')
  const trace = useDesk(desk, state => state.trace)
  const [wrong, setWrong] = useState<TraceError>()
  const [isReading, setReading] = useState(false)
  const [page, setPage] = useState(1)
  const picker = useRef<HTMLInputElement>(null)
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    setReading(true)
    setWrong(undefined)
    try {
      const middle = easel === undefined ? { x: 0, y: 0 } : { x: easel.camera.x, y: easel.camera.y }
      desk.set({ trace: await readTrace(file, page, middle) })
      easel?.all()
    } catch (error) {
      setWrong(error instanceof TraceFailed ? error.why : 'broken')
    } finally {
      setReading(false)
    }
  }
  const change = (change: Partial<ShownTrace>) => {
    if (trace !== undefined) desk.set({ trace: { ...trace, ...change } })
  }
  return (
    <details className={styles.details}>
      <summary>{t('trace.title')}</summary>
      <div className={styles.group}>
        <p className="soft">{t('trace.text')}</p>
        <input
          ref={picker}
          type="file"
          accept="image/*,application/pdf"
          hidden
          onChange={event => {
            void read(event.target.files?.[0])
            event.target.value = ''
          }}
        />
        <div className={styles.pair}>
          <button
            type="button"
            className="button quiet small"
            disabled={isReading}
            onClick={() => picker.current?.click()}
          >
            {trace === undefined ? t('trace.choose') : t('trace.other')}
          </button>
          <NumberField
            label={t('trace.page')}
            value={page}
            min={1}
            max={999}
            onChange={next => setPage(Math.round(next))}
            onEnd={() => {}}
          />
        </div>
        {wrong !== undefined && (
          <p className={styles.wrong} role="alert">
            {t(`trace.wrong.${wrong}`)}
          </p>
        )}
        {trace !== undefined && (
          <>
            <label className={styles.field}>
              <span>{t('trace.opacity')}</span>
              <input
                type="range"
                min={0.05}
                max={1}
                step={0.05}
                value={trace.opacity}
                onChange={event => change({ opacity: Number(event.target.value) })}
              />
            </label>
            <NumberField
              label={t('trace.width')}
              value={Math.round(trace.width * 100) / 100}
              min={0.5}
              max={5_000}
              step={0.5}
              unit="m"
              onChange={width => change({ width })}
              onEnd={() => {}}
            />
            <div className={styles.pair}>
              {(['x', 'y'] as const).map(axis => (
                <NumberField
                  key={axis}
                  label={t(`place.${axis}`)}
                  value={Math.round(trace.at[axis] * 100) / 100}
                  min={-5_000}
                  max={5_000}
                  step={0.5}
                  unit="m"
                  onChange={value => change({ at: { ...trace.at, [axis]: value } })}
                  onEnd={() => {}}
                />
              ))}
            </div>
            <label className={styles.check}>
              <input
                type="checkbox"
                checked={trace.locked}
                onChange={event => change({ locked: event.target.checked })}
              />
              {t('trace.lock')}
            </label>
            <button type="button" className="button quiet small" onClick={() => desk.set({ trace: undefined })}>
              {t('trace.remove')}
            </button>
          </>
        )}
      </div>
    </details>
  )
}
