/** The points shown as a table, newest first: to be read aloud, and to be copied into a sheet. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import styles from './History.module.css'
import { added, type Point, STEPS } from './points.ts'

const ROWS = 60

interface Props {
  points: readonly Point[]
  hasQueue: boolean
}

export function PointsTable({ points, hasQueue }: Props) {
  const { t } = useTranslation('manage')
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={styles.table} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{t('past.table')}</summary>
      {isOpen && <Rows points={points} hasQueue={hasQueue} />}
    </details>
  )
}

function Rows({ points, hasQueue }: Props) {
  const { t } = useTranslation('manage')
  const [count, setCount] = useState(ROWS)
  const [isCopied, setCopied] = useState(false)
  const columns = useColumns(hasQueue)
  const rows = points.map((point, index) => columns.map(({ cell }) => cell(point, points[index - 1]))).reverse()
  const copy = async () => {
    const lines = [columns.map(({ name }) => name), ...rows].map(cells => cells.join('\t'))
    await navigator.clipboard.writeText(lines.join('\n'))
    setCopied(true)
  }
  return (
    <div className="stack">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keys */}
      <section className={styles.scroll} aria-label={t('past.table')} tabIndex={0}>
        <table className="numbers">
          <caption>{t('past.tableCaption')}</caption>
          <thead>
            <tr>
              {columns.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, count).map(([time, ...cells]) => (
              <tr key={time}>
                <th scope="row">{time}</th>
                {cells.map((cell, index) => (
                  <td key={columns[index + 1]?.name}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="row">
        {rows.length > count && (
          <button type="button" className="button quiet small" onClick={() => setCount(count + ROWS)}>
            {t('past.more')}
          </button>
        )}
        <button type="button" className="button quiet small" onClick={() => void copy()}>
          {t('past.copy')}
        </button>
        <span role="status">{isCopied && t('past.copied')}</span>
      </div>
    </div>
  )
}

interface Column {
  name: string
  cell(point: Point, before: Point | undefined): string
}

function useColumns(hasQueue: boolean): Column[] {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const level = (name: string, value: (point: Point) => number): Column => ({
    name,
    cell: point => format.count(value(point)),
  })
  const room = [
    level(t('past.charts.waiting'), ({ room }) => room.waiting),
    level(t('past.charts.inside'), ({ room }) => room.inside),
    level(t('past.cap'), ({ room }) => room.cap),
  ]
  const steps = STEPS.slice(hasQueue ? 0 : 3).map(step => ({
    name: `+${t(`past.steps.${step}`)}`,
    cell: (point: Point, before: Point | undefined) => format.count(added(before, point, step)),
  }))
  return [
    { name: t('past.point'), cell: ({ at }) => `${format.day(at)} ${format.time(at)}` },
    level(t('share.sold'), ({ seats }) => seats.sold),
    level(t('share.reserved'), ({ seats }) => seats.reserved),
    level(t('share.held'), ({ seats }) => seats.held),
    ...(hasQueue ? room : []),
    ...steps,
  ]
}
