/** The points shown as a table, newest first: to be read aloud, and to be copied into a sheet. */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from '../../ui/clipboard.ts'
import { useFormat } from '../../ui/format.ts'
import styles from './History.module.css'
import { added, type Point, STEPS } from './points.ts'

const ROWS = 60

interface Props {
  points: readonly Point[]
  /** The point before the first, if there is one. */
  base: Point | undefined
  hasQueue: boolean
}

export function PointsTable({ points, base, hasQueue }: Props) {
  const { t } = useTranslation('manage')
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={styles.table} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{t('past.table')}</summary>
      {isOpen && <Rows points={points} base={base} hasQueue={hasQueue} />}
    </details>
  )
}

function Rows({ points, base, hasQueue }: Props) {
  const { t } = useTranslation('manage')
  const [count, setCount] = useState(ROWS)
  const [copies, setCopies] = useState(0)
  const explained = useId()
  const columns = useColumns(hasQueue)
  const format = useFormat()
  const rows = points.map((point, index) => ({ point, before: points[index - 1] ?? base })).reverse()
  // For a sheet: plain numbers, and times that it can sort.
  const copy = async () => {
    const cells = rows.map(({ point, before }) => [point.at, ...columns.map(({ value }) => value(point, before))])
    const lines = [[t('past.point'), ...columns.map(({ name }) => name)], ...cells].map(cells => cells.join('\t'))
    if (await copyText(lines.join('\n'))) setCopies(copies + 1)
  }
  return (
    <div className="stack">
      <small id={explained} className="soft">
        {t('past.tableCaption')}
      </small>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keys */}
      <section className={styles.scroll} aria-label={t('past.table')} tabIndex={0}>
        <table className="numbers" aria-describedby={explained}>
          <thead>
            <tr>
              <th scope="col">{t('past.point')}</th>
              {columns.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, count).map(({ point, before }) => (
              <tr key={point.at}>
                <th scope="row">
                  {format.day(point.at)} {format.time(point.at)}
                </th>
                {columns.map(({ name, value }) => (
                  <td key={name}>{format.count(value(point, before))}</td>
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
        {/* Another copy is announced only if the text differs. */}
        <span role="status">
          {copies > 0 && t('past.copied')}
          {copies % 2 === 0 && '\u00a0'}
        </span>
      </div>
    </div>
  )
}

interface Column {
  name: string
  value(point: Point, before: Point | undefined): number
}

function useColumns(hasQueue: boolean): Column[] {
  const { t } = useTranslation('manage')
  const level = (name: string, value: (point: Point) => number): Column => ({ name, value })
  const room = [
    level(t('past.charts.waiting'), ({ room }) => room.waiting),
    level(t('past.charts.inside'), ({ room }) => room.inside),
    level(t('past.cap'), ({ room }) => room.cap),
  ]
  const steps = STEPS.slice(hasQueue ? 0 : 3).map(step => ({
    name: `+${t(`past.steps.${step}`)}`,
    value: (point: Point, before: Point | undefined) => added(before, point, step),
  }))
  return [
    level(t('share.sold'), ({ seats }) => seats.sold),
    level(t('share.reserved'), ({ seats }) => seats.reserved),
    level(t('share.held'), ({ seats }) => seats.held),
    ...(hasQueue ? room : []),
    ...steps,
  ]
}
