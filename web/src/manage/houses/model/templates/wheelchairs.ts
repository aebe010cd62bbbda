/** Where wheelchair places usually are: at the ends of a last row, which a way leads to. */
import { labelAt, seatName } from '../names.ts'
import type { Section } from '../plan.ts'

/** The leftmost and the rightmost seat of the last rows of these sections. */
export function backCorners(sections: readonly Section[], names: readonly string[]): string[] {
  return sections.flatMap(section => {
    const row = section.kind === 'seats' && names.includes(section.section) ? section.rows.at(-1) : undefined
    if (row === undefined || row.seats < 4) return []
    return [0, row.seats - 1].map(place => seatName(section.section, row.row, labelAt(row, place)))
  })
}
