/** The places of sections that were not drawn, by the server's rule (shared/domain/src/layout/automatic.rs). */
import { DEPTH_M, PITCH_M, type Point, point } from './plan.ts'

/** The empty space between two sections, in seats and in rows. */
const SPACE = 3

interface Undrawn {
  readonly rows?: readonly { readonly seats: number }[]
}

/** Where the middle of each section's first row stands: side by side, in as many lines as make the house roughly square. */
export function automaticPlaces(sections: readonly Undrawn[]): Point[] {
  const perLine = Math.max(1, Math.floor(Math.sqrt(sections.length)))
  const places: Point[] = []
  let y = 0
  for (let start = 0; start < sections.length; start += perLine) {
    const line = sections.slice(start, start + perLine)
    let x = -widthOfLine(line) / 2
    for (const section of line) {
      const width = widthOf(section)
      places.push(point((x + width / 2) * PITCH_M, y * DEPTH_M))
      x += width + SPACE
    }
    y += Math.max(0, ...line.map(({ rows = [] }) => rows.length)) + SPACE
  }
  return places
}

function widthOf({ rows = [] }: Undrawn): number {
  return rows.reduce((widest, { seats }) => Math.max(widest, seats), 0)
}

function widthOfLine(line: readonly Undrawn[]): number {
  return line.reduce((sum, section) => sum + widthOf(section), 0) + SPACE * Math.max(0, line.length - 1)
}
