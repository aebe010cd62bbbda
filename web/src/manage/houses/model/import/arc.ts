/** The arcs around one point that lie nearest to rows of seats. */
import type { Point } from '../plan.ts'

export interface Arc {
  readonly centre: Point
}

/** Least squares (Kåsa) with one centre and a radius for each row; undefined if the rows are straight. */
export function arcThrough(rows: readonly (readonly Point[])[]): Arc | undefined {
  const all = rows.flat()
  if (all.length < 3) return undefined
  // Numbers near 0 are exact.
  const origin = { x: mean(all.map(({ x }) => x)), y: mean(all.map(({ y }) => y)) }
  let [xx, xy, yy, xz, yz] = [0, 0, 0, 0, 0]
  for (const row of rows) {
    const points = row.map(({ x, y }) => ({ x: x - origin.x, y: y - origin.y }))
    const [mx, my] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))]
    const mz = mean(points.map(({ x, y }) => x * x + y * y))
    for (const { x, y } of points) {
      const z = x * x + y * y - mz
      xx += (x - mx) ** 2
      xy += (x - mx) * (y - my)
      yy += (y - my) ** 2
      xz += (x - mx) * z
      yz += (y - my) * z
    }
  }
  const determinant = xx * yy - xy * xy
  if (determinant <= 1e-9 * (xx + yy) ** 2) return undefined
  const centre = { x: (xz * yy - yz * xy) / (2 * determinant), y: (yz * xx - xz * xy) / (2 * determinant) }
  return { centre: { x: centre.x + origin.x, y: centre.y + origin.y } }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
