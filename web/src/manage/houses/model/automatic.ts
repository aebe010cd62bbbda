/** The places of sections that were not drawn, by the server's rule (shared/domain/src/layout/automatic.rs). */
import { type Length, lengthOf } from './geometry.ts'
import { centimetres, DEPTH_M, PITCH_M, type Point } from './plan.ts'

/** The empty space between two sections: three seats wide, and three rows deep. */
const SPACE_CM = { x: 3 * centimetres(PITCH_M), y: 3 * centimetres(DEPTH_M) }

interface Undrawn {
  readonly rows?: readonly UndrawnRow[]
}

interface UndrawnRow extends Length {
  readonly offset_m?: number | null | undefined
  readonly depth_m?: number | null | undefined
}

/** Where the middle of each section's first row stands: side by side, in as many lines as make the house roughly square. */
export function automaticPlaces(sections: readonly Undrawn[]): Point[] {
  const perLine = Math.max(1, Math.floor(Math.sqrt(sections.length)))
  const places: Point[] = []
  let y = 0
  for (let start = 0; start < sections.length; start += perLine) {
    const line = sections.slice(start, start + perLine)
    const widths = line.map(widthCm)
    // Twice the length, since middles may lie between two centimetres.
    let twiceX = SPACE_CM.x - widths.reduce((sum, width) => sum + width + SPACE_CM.x, 0)
    for (const width of widths) {
      places.push({ x: Math.floor((twiceX + width) / 2) / 100, y: y / 100 })
      twiceX += 2 * (width + SPACE_CM.x)
    }
    y += Math.max(0, ...line.map(depthCm)) + SPACE_CM.y
  }
  return places
}

/** The width of its widest row, with half a seat's space at both ends. */
function widthCm({ rows = [] }: Undrawn): number {
  return rows.reduce((widest, row) => {
    const width = centimetres(lengthOf(row)) + centimetres(row.pitch_m ?? PITCH_M)
    return Math.max(widest, width + 2 * Math.abs(centimetres(row.offset_m ?? 0)))
  }, 0)
}

/** The depth of all rows. */
function depthCm({ rows = [] }: Undrawn): number {
  return rows.slice(1).reduce((sum, { depth_m }) => sum + centimetres(depth_m ?? DEPTH_M), centimetres(DEPTH_M))
}
