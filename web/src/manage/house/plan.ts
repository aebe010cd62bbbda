/** Where the server will place the sections of a plan that has no places of its own, for the preview. */
import type { Layout } from '../../seats/geometry.ts'
import { automaticPlaces } from '../houses/model/automatic.ts'
import { placed } from '../houses/model/placed.ts'
import type { NewLayout } from './house.ts'

/** As many sections as stand side by side, so that the house is about square. */
export function sectionsPerLine(sections: number): number {
  return Math.max(1, Math.floor(Math.sqrt(sections)))
}

/** The plan as it will be served. */
export function layoutOf({ sections }: NewLayout): Layout {
  const places = automaticPlaces(sections)
  const drawn = sections.map(({ section, grade, rows }, index) => ({
    kind: 'seats' as const,
    section,
    grade,
    at: places[index] ?? { x: 0, y: 0 },
    turn_deg: 0,
    rows: (rows ?? []).map(({ row, seats, not_for_sale = [] }) => ({ row, seats, not_for_sale })),
  }))
  return placed({ name: '', stage: [], decorations: [], places: {}, sections: drawn })
}
