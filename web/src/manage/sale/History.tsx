/** Seats sold and people inside since the page was opened, for at most a quarter of an hour. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import type { LiveSale } from '../queries.ts'
import { lineOf, type Sample, withSample } from './figures.ts'
import styles from './Sale.module.css'

const WIDTH = 300
const HEIGHT = 64

interface Props {
  sale: LiveSale
  /** When the sample was taken, in milliseconds. */
  at: number
}

export function History({ sale, at }: Props) {
  const { t } = useTranslation('manage')
  const samples = useSamples(sale, at)
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || first === last) return null
  return (
    <div className={styles.history}>
      <Line label={t('live.soldLine')} samples={samples} of="sold" from={first} to={last} />
      {sale.mode === 'queue' && (
        <Line label={t('live.insideLine')} samples={samples} of="inside" from={first} to={last} />
      )}
    </div>
  )
}

function useSamples({ sold, active }: LiveSale, at: number): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([])
  useEffect(() => {
    setSamples(before => withSample(before, { at, sold, inside: active }))
  }, [sold, active, at])
  return samples
}

interface LineProps {
  label: string
  samples: readonly Sample[]
  of: 'sold' | 'inside'
  from: Sample
  to: Sample
}

function Line({ label, samples, of, from, to }: LineProps) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const values = samples.map(sample => ({ at: sample.at, value: sample[of] }))
  const [least, most] = [Math.min(...values.map(({ value }) => value)), Math.max(...values.map(({ value }) => value))]
  const since = format.duration((to.at - from.at) / 1000)
  return (
    <figure className="card">
      <figcaption>
        {label} <span className="soft numbers">{t('live.since', { time: since })}</span>
      </figcaption>
      <svg viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline points={lineOf(values, WIDTH, HEIGHT)} vectorEffect="non-scaling-stroke" />
      </svg>
      <small className="soft numbers">
        {t('live.range', { least: format.count(least), most: format.count(most), now: format.count(to[of]) })}
      </small>
    </figure>
  )
}
