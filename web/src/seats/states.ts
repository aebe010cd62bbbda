/** The state of each seat: two bits in a response, a byte here, with counts by section and by grade. */
import { type Plan, rowOf } from './geometry.ts'

export const AVAILABLE = 0
export const HELD = 1
export const SOLD = 2
export const NOT_FOR_SALE = 3
const STATES = 4

/** The seat's index in layout order, and its state. */
export type Change = readonly [seat: number, state: number]

/** Decodes base64 of two bits per seat, lowest bits first. */
export function decodeStates(base64: string, seatCount: number): Uint8Array {
  const packed = atob(base64)
  const states = new Uint8Array(seatCount)
  for (let seat = 0; seat < seatCount; seat++) {
    states[seat] = (packed.charCodeAt(seat >> 2) >> ((seat & 3) * 2)) & 3
  }
  return states
}

/** Counts the seats in each state. */
export interface Counts {
  sections: Uint32Array
  grades: Uint32Array
}

export function countStates(plan: Plan, states: Uint8Array): Counts {
  const counts = {
    sections: new Uint32Array(plan.sections.length * STATES),
    grades: new Uint32Array(plan.grades.length * STATES),
  }
  for (const row of plan.rows) {
    for (let seat = row.first; seat < row.first + row.seats; seat++)
      count(counts, plan, row.section, states[seat] ?? 0, 1)
  }
  return counts
}

/** Sets states, updates the counts, and returns the seats that changed. */
export function applyChanges(plan: Plan, states: Uint8Array, counts: Counts, changes: readonly Change[]): number[] {
  const changed: number[] = []
  for (const [seat, state] of changes) {
    const before = states[seat]
    if (before === undefined || before === state) continue
    const { section } = rowOf(plan, seat)
    count(counts, plan, section, before, -1)
    count(counts, plan, section, state, 1)
    states[seat] = state
    changed.push(seat)
  }
  return changed
}

export function freeInSection(counts: Counts, section: number): number {
  return counts.sections[section * STATES + AVAILABLE] ?? 0
}

export function freeInGrade(counts: Counts, grade: number): number {
  return counts.grades[grade * STATES + AVAILABLE] ?? 0
}

function count(counts: Counts, plan: Plan, section: number, state: number, by: number): void {
  const grade = plan.sections[section]?.grade ?? 0
  const [inSection, inGrade] = [section * STATES + state, grade * STATES + state]
  counts.sections[inSection] = (counts.sections[inSection] ?? 0) + by
  counts.grades[inGrade] = (counts.grades[inGrade] ?? 0) + by
}
