/** Where the server will put the rows of a house: the same steps as its own, so that the picture here is what buyers will see. */
import type { Layout } from '../../seats/geometry.ts'
import { type House, rowName, type SectionDraft } from './house.ts'

/** Empty space between two sections, in seats. */
const AISLE = 3

/** Sections stand side by side in as many lines as make the house about square; rows are centred in their section. */
export function layoutOf({ sections }: House): Layout {
  const perLine = Math.max(1, Math.floor(Math.sqrt(sections.length)))
  let [x, y, lineHeight, seatCount] = [0, 0, 0, 0]
  const placed = sections.map((section, index) => {
    if (index > 0 && index % perLine === 0) [x, y, lineHeight] = [0, y + lineHeight + AISLE, 0]
    const width = Math.max(0, ...section.rows.map(row => row.seats))
    const rows = placeRows(section, { x, y, width, firstIndex: seatCount })
    seatCount += section.rows.reduce((sum, row) => sum + row.seats, 0)
    lineHeight = Math.max(lineHeight, rows.length)
    x += width + AISLE
    return { section: section.name, grade: section.grade, rows }
  })
  return { layout_id: '', seat_count: seatCount, sections: placed }
}

interface Place {
  x: number
  y: number
  width: number
  firstIndex: number
}

function placeRows(
  { rowNames, rows }: SectionDraft,
  { x, y, width, firstIndex }: Place,
): Layout['sections'][number]['rows'] {
  let first = firstIndex
  return rows.map(({ seats }, depth) => {
    const row = {
      row: rowName(rowNames, depth),
      first_index: first,
      numbers: Array.from({ length: seats }, (_, index) => index + 1),
      x: x + Math.floor((width - seats) / 2),
      y: y + depth,
    }
    first += seats
    return row
  })
}
