/** One chart over time, with a mark at the moment that is read. The numbers are beside it in words. */
import type { PointerEvent } from 'react'
import { useFormat } from '../../ui/format.ts'
import { areaOf, HEIGHT, lineOver, nearest, scaleOf, type Value, WIDTH, xOf } from './geometry.ts'
import styles from './History.module.css'
import { type Point, timeOf } from './points.ts'

export interface Layer {
  name: string
  value: Value
  look: 'sold' | 'reserved' | 'held' | 'people'
}

interface Props {
  title: string
  /** Stacked from the bottom. */
  layers: readonly Layer[]
  /** A line at what is possible. */
  limit?: { name: string; value: Value }
  points: readonly Point[]
  stepMin: number
  /** The point that is read. */
  read: Point
  onRead(index: number): void
}

export function Chart({ title, layers, limit, points, stepMin, read, onRead }: Props) {
  const format = useFormat()
  const sums = layers.map((_, index) => sumOf(layers.slice(0, index + 1)))
  const scale = scaleOf(points, [...sums, ...(limit === undefined ? [] : [limit.value])])
  const x = xOf(scale, timeOf(read))
  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    onRead(nearest(points, scale, (event.clientX - box.left) / Math.max(box.width, 1)))
  }
  return (
    <figure className={styles.chart}>
      <figcaption>
        <strong>{title}</strong>
        <ul className={styles.legend}>
          {layers.map(({ name, look, value }) => (
            <li key={name}>
              <i className={styles[look]} aria-hidden="true" />
              {name} <b className="numbers">{format.count(value(read))}</b>
            </li>
          ))}
          {limit !== undefined && (
            <li>
              <i className={styles.limit} aria-hidden="true" />
              {limit.name} <b className="numbers">{format.count(limit.value(read))}</b>
            </li>
          )}
        </ul>
      </figcaption>
      <div className={styles.plot}>
        <small className={`soft numbers ${styles.top}`}>{format.count(scale.top)}</small>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          onPointerMove={follow}
          onPointerDown={follow}
        >
          <Patterns />
          {layers.map(({ name, look }, index) => (
            <path
              key={name}
              className={styles[look]}
              d={areaOf(scale, points, stepMin, sums[index - 1] ?? zero, sums[index] ?? zero)}
            />
          ))}
          {limit !== undefined && <path className={styles.limit} d={lineOver(scale, points, stepMin, limit.value)} />}
          <path className={styles.cursor} d={`M${x},0V${HEIGHT}`} />
        </svg>
        <div className={`soft numbers ${styles.ends}`}>
          {[...new Set([scale.from, scale.to])].map(at => (
            <small key={at}>
              {format.day(at)} {format.time(at)}
            </small>
          ))}
        </div>
      </div>
    </figure>
  )
}

/** Patterns say the same as the colours. */
function Patterns() {
  return (
    <defs>
      <pattern id="history-reserved" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="9" height="9" className={styles.reservedGround} />
        <rect width="4" height="9" className={styles.reservedStripe} />
      </pattern>
      <pattern id="history-held" width="8" height="8" patternUnits="userSpaceOnUse">
        <rect width="8" height="8" className={styles.heldGround} />
        <rect width="3" height="3" className={styles.heldDot} />
      </pattern>
    </defs>
  )
}

const zero: Value = () => 0

function sumOf(layers: readonly Layer[]): Value {
  return point => layers.reduce((sum, { value }) => sum + value(point), 0)
}
