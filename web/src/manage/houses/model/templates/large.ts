/** Houses whose seats stand around a field: an arena with its stage in the middle, a stadium with a stage at one end. */
import { rectangle } from '../edit/shapes.ts'
import { DEPTH_M, type Shape, type StandingSection } from '../plan.ts'
import type { Drawing, Kind } from './kind.ts'
import { ring } from './parts.ts'
import { roundStage } from './small.ts'
import { backCorners } from './wheelchairs.ts'

/** Two tiers around a round stage. */
export const arena: Kind = {
  parameters: [
    { key: 'rows', min: 4, max: 24, initial: 14 },
    { key: 'upperRows', min: 0, max: 24, initial: 10 },
    { key: 'sides', min: 1, max: 4, initial: 2 },
  ],
  draw: (value, words): Drawing => {
    const [rows, upperRows, sides] = [value('rows'), value('upperRows'), value('sides')]
    const shape = { across: 7 * sides, along: 9 * sides, ends: sides, sides, corners: 2 }
    const lower = ring({ ...shape, radius: 9, rows, first: 101 })
    const radius = 9 + rows * DEPTH_M + 2.5
    const upper = upperRows === 0 ? [] : ring({ ...shape, radius, rows: upperRows, corners: 3, first: 201 })
    const floor: Shape = {
      kind: 'field',
      at: { x: 0, y: 0 },
      outline: rectangle(2 * shape.across + 14, 2 * shape.along + 14),
    }
    const sections = [...lower, ...upper]
    return {
      stage: [roundStage(11, words)],
      decorations: [floor],
      sections,
      wheelchairs: backCorners(lower, ['101', '102']),
    }
  },
}

/** Two tiers on three sides of a field, standing areas on it, and a stage at its end. */
export const stadium: Kind = {
  parameters: [
    { key: 'rows', min: 8, max: 40, initial: 26 },
    { key: 'upperRows', min: 0, max: 36, initial: 22 },
    { key: 'standing', min: 100, max: 5_000, initial: 1_500 },
  ],
  draw: (value, words): Drawing => {
    const [rows, upperRows, capacity] = [value('rows'), value('upperRows'), value('standing')]
    const shape = { across: 30, along: 46, isOpen: true }
    const lower = ring({ ...shape, radius: 12, rows, ends: 4, sides: 6, corners: 3, first: 101 })
    const radius = 12 + rows * DEPTH_M + 4
    const upper =
      upperRows === 0 ? [] : ring({ ...shape, radius, rows: upperRows, ends: 4, sides: 6, corners: 4, first: 301 })
    const floor = [0, 1].flatMap(line => [0, 1, 2].map(column => pitch(line, column, capacity)))
    const sections = [...floor, ...lower, ...upper]
    const stage: Shape = { kind: 'stage', at: { x: 0, y: -50 }, outline: rectangle(44, 16), text: words.stage }
    const grass: Shape = { kind: 'field', at: { x: 0, y: 2 }, outline: rectangle(70, 104) }
    return { stage: [stage], decorations: [grass], sections, wheelchairs: backCorners(lower, ['101', '104']) }
  },
}

function pitch(line: number, column: number, capacity: number): StandingSection {
  const name = 'ABCDEF'.charAt(line * 3 + column)
  const at = { x: (column - 1) * 21, y: -18 + line * 34 }
  return { kind: 'standing', section: name, grade: '', at, outline: rectangle(19, 30), capacity }
}
