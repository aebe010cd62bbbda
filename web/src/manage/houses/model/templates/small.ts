/** Houses with a stage at one end: a club, a theatre with a balcony, a field in the open. */
import { ellipse, rectangle } from '../edit/shapes.ts'
import { DEPTH_M, PITCH_M, point, type Shape, type StandingSection } from '../plan.ts'
import type { Drawing, Kind, Words } from './kind.ts'
import { block, fan, rowsOf } from './parts.ts'
import { backCorners } from './wheelchairs.ts'

function stageOf(width: number, depth: number, words: Words): Shape {
  return { kind: 'stage', at: point(0, -depth / 2), outline: rectangle(width, depth), text: words.stage }
}

/** Rows in front of the stage, standing room behind them, and a bar. */
export const club: Kind = {
  parameters: [
    { key: 'rows', min: 1, max: 20, initial: 6 },
    { key: 'seats', min: 4, max: 30, initial: 14 },
    { key: 'standing', min: 10, max: 2_000, initial: 120 },
  ],
  draw: (value, words): Drawing => {
    const [rows, seats, capacity] = [value('rows'), value('seats'), value('standing')]
    const width = 2 * (seats / 2) * PITCH_M + 3
    const back = 2.4 + (rows - 1) * DEPTH_M + 1.8
    // Three stand on a square metre at most.
    const depth = Math.max(3, capacity / 3 / width)
    const half = Math.max(2, Math.floor(seats / 2))
    const beside = (half * PITCH_M + 1.4) / 2
    const sections = [
      block({ name: 'A', at: { x: -beside, y: 2.4 }, rows: rowsOf(rows, () => half) }),
      block({ name: 'B', at: { x: beside, y: 2.4 }, rows: rowsOf(rows, () => half) }),
      area('C', 0, back + depth / 2, width, depth, capacity),
    ]
    const bar: Shape = {
      kind: 'wall',
      at: point(0, back + depth + 1.2),
      outline: rectangle(Math.min(6, width), 1),
      text: words.bar,
    }
    return {
      stage: [stageOf(Math.max(6, width * 0.8), 3.6, words)],
      decorations: [bar],
      sections,
      wheelchairs: backCorners(sections, ['A']).slice(0, 1),
    }
  },
}

/** Stalls in three blocks around the stage, a way across, and a balcony in three more. */
export const theatre: Kind = {
  parameters: [
    { key: 'rows', min: 6, max: 30, initial: 18 },
    { key: 'upperRows', min: 2, max: 12, initial: 7 },
  ],
  draw: (value, words): Drawing => {
    const [rows, upperRows] = [value('rows'), value('upperRows')]
    const centre = { x: 0, y: -12 }
    const front = Math.ceil(rows / 2)
    const [radius, behind] = [15.5, 15.5 + front * DEPTH_M + 1.5]
    const balcony = behind + (rows - front) * DEPTH_M + 3
    const sections = [
      ...fan({ centre, radius, rows: front, from: -32, to: 32, names: ['A', 'B', 'C'] }),
      ...fan({ centre, radius: behind, rows: rows - front, from: -32, to: 32, names: ['D', 'E', 'F'] }),
      ...fan({ centre, radius: balcony, rows: upperRows, from: -36, to: 36, names: ['G', 'H', 'I', 'J'] }),
    ]
    return { stage: [stageOf(16, 9, words)], decorations: [], sections, wheelchairs: backCorners(sections, ['D', 'F']) }
  },
}

/** Areas to stand in before an open-air stage, seats on a stand behind them, and the sound desk between. */
export const field: Kind = {
  parameters: [
    { key: 'areas', min: 1, max: 6, initial: 4 },
    { key: 'standing', min: 100, max: 15_000, initial: 2_500 },
    { key: 'rows', min: 2, max: 40, initial: 12 },
    { key: 'seats', min: 8, max: 40, initial: 26 },
  ],
  draw: (value, words): Drawing => {
    const [areas, capacity, rows, seats] = [value('areas'), value('standing'), value('rows'), value('seats')]
    const [perLine, way] = [areas > 1 ? 2 : 1, 3]
    const size = Math.max(8, Math.sqrt(capacity / 2.5))
    const names = Array.from({ length: areas }, (_, index) => String.fromCharCode(65 + index))
    const standing = names.map((name, index) => {
      const side = perLine === 1 || (index === areas - 1 && index % 2 === 0) ? 0 : index % 2 === 0 ? -1 : 1
      const line = Math.floor(index / perLine)
      return area(name, (side * (size + way)) / 2, 5 + size / 2 + line * (size + way), size, size, capacity)
    })
    const end = 5 + Math.ceil(areas / perLine) * (size + way)
    const desk: Shape = { kind: 'wall', at: point(0, end + 3), outline: rectangle(8, 5), text: words.sound }
    const wide = seats * PITCH_M + 1.4
    const stand = [-1, 0, 1].map((side, index) =>
      block({ name: `S${index + 1}`, at: { x: side * wide, y: end + 9 }, rows: rowsOf(rows, () => seats) }),
    )
    const sections = [...standing, ...stand]
    return {
      stage: [stageOf(24, 14, words)],
      decorations: [desk],
      sections,
      wheelchairs: backCorners(stand, ['S1', 'S2', 'S3']),
    }
  },
}

function area(name: string, x: number, y: number, width: number, depth: number, capacity: number): StandingSection {
  return { kind: 'standing', section: name, grade: '', at: point(x, y), outline: rectangle(width, depth), capacity }
}

/** A round stage. */
export function roundStage(size: number, words: Words): Shape {
  return { kind: 'stage', at: { x: 0, y: 0 }, outline: ellipse(size, size), text: words.stage }
}
