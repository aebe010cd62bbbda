/**
 * Where the server will place the rows of a plan that it has not got yet, for the preview. A test holds this to what the server
 * answers (functions/seat-map/placed.json).
 */
import type { Layout } from '../../seats/geometry.ts'
import type { NewLayout, NewSection } from './house.ts'

/** Empty space between two sections, in seats. */
const AISLE = 3

/** As many sections as stand side by side, so that the house is about square. */
export function sectionsPerLine(sections: number): number {
  return Math.max(1, Math.floor(Math.sqrt(sections)))
}

/** Each line of sections is centred in the house, and each row in its section. */
export function layoutOf({ sections }: NewLayout): Layout {
  const perLine = sectionsPerLine(sections.length)
  const lines = Array.from({ length: Math.ceil(sections.length / perLine) }, (_, line) =>
    sections.slice(line * perLine, (line + 1) * perLine),
  )
  const house = Math.max(0, ...lines.map(widthOfLine))
  let [y, seatCount] = [0, 0]
  const placed = lines.flatMap(line => {
    const top = y
    let x = Math.floor((house - widthOfLine(line)) / 2)
    y += Math.max(...line.map(({ rows }) => rows.length)) + AISLE
    return line.map(section => {
      const corner = { x, y: top, firstIndex: seatCount }
      x += widthOf(section) + AISLE
      seatCount += section.rows.reduce((sum, { seats }) => sum + seats, 0)
      return { section: section.section, grade: section.grade, rows: placeRows(section, corner) }
    })
  })
  return { layout_id: '00000000-0000-0000-0000-000000000000', seat_count: seatCount, sections: placed }
}

/** Of the longest row, in seats. */
function widthOf({ rows }: NewSection): number {
  return Math.max(0, ...rows.map(({ seats }) => seats))
}

function widthOfLine(line: readonly NewSection[]): number {
  return line.reduce((sum, section) => sum + widthOf(section), AISLE * (line.length - 1))
}

interface Corner {
  x: number
  y: number
  firstIndex: number
}

function placeRows(section: NewSection, { x, y, firstIndex }: Corner): Layout['sections'][number]['rows'] {
  const width = widthOf(section)
  let first = firstIndex
  return section.rows.map(({ row, seats }, depth) => {
    const placed = {
      row,
      first_index: first,
      numbers: Array.from({ length: seats }, (_, index) => index + 1),
      x: x + Math.floor((width - seats) / 2),
      y: y + depth,
    }
    first += seats
    return placed
  })
}
