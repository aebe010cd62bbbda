/** Plans for tests, and chance that repeats. */
import type { HousePlan, Row, Section } from '../../src/manage/houses/model/plan.ts'
import { type Template, templatePlan } from '../../src/manage/houses/model/templates.ts'

export const GRADES = ['VIP', 'R', 'S', 'A']

export function templateOf(template: Template): HousePlan {
  return templatePlan(template, {
    grades: GRADES,
    name: template,
    words: { stage: 'STAGE', bar: 'BAR', sound: 'SOUND' },
  })
}

export function row(name: string, seats: number, others: Partial<Row> = {}): Row {
  return { row: name, seats, ...others }
}

export function section(name: string, rows: Row[], others: Partial<Section> = {}): Section {
  return { kind: 'seats', section: name, grade: 'R', at: { x: 0, y: 0 }, turn_deg: 0, rows, ...others } as Section
}

export function planWith(sections: readonly Section[], others: Partial<HousePlan> = {}): HousePlan {
  return { name: '집', stage: [], decorations: [], sections, places: {}, ...others }
}

/** Numbers from 0 to below 1, the same for each seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** 100,000 seats: 250 sections of 20 rows of 20 seats, side by side. */
export function largest(): HousePlan {
  const sections = Array.from({ length: 250 }, (_, index) =>
    section(
      `S${index}`,
      Array.from({ length: 20 }, (_, line) => row(String(line + 1), 20)),
      { at: { x: (index % 25) * 13, y: Math.floor(index / 25) * 21 } },
    ),
  )
  return planWith(sections)
}
