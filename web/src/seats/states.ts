/** The state of each seat: two bits in a response, a byte here, with counts by section and by grade. */
import type { Plan } from './geometry.ts'

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

/** Counts the places in each state. */
export interface Counts {
  sections: Uint32Array
  grades: Uint32Array
  parts: Uint32Array
}

export function countStates(plan: Plan, states: Uint8Array): Counts {
  const counts = emptyCounts(plan)
  const { partOf } = plan
  for (let seat = 0; seat < plan.seatCount; seat++)
    add(counts.parts, (partOf[seat] ?? 0) * STATES + (states[seat] ?? 0), 1)
  plan.parts.forEach(({ section, grade }, part) => {
    for (let state = 0; state < STATES; state++) {
      const places = counts.parts[part * STATES + state] ?? 0
      add(counts.sections, section * STATES + state, places)
      add(counts.grades, grade * STATES + state, places)
    }
  })
  return counts
}

/** The counts while all places are in one state. */
export function countsOf(plan: Plan, state: number): Counts {
  const counts = emptyCounts(plan)
  plan.parts.forEach(({ section, grade, seats }, part) => {
    add(counts.parts, part * STATES + state, seats)
    add(counts.sections, section * STATES + state, seats)
    add(counts.grades, grade * STATES + state, seats)
  })
  return counts
}

function emptyCounts(plan: Plan): Counts {
  return {
    sections: new Uint32Array(plan.sections.length * STATES),
    grades: new Uint32Array(plan.grades.length * STATES),
    parts: new Uint32Array(plan.parts.length * STATES),
  }
}

/** Sets states, updates the counts, and returns the seats that changed. */
export function applyChanges(plan: Plan, states: Uint8Array, counts: Counts, changes: readonly Change[]): number[] {
  const changed: number[] = []
  for (const [seat, state] of changes) {
    const before = states[seat]
    if (before === undefined || before === state) continue
    count(counts, plan, seat, before, -1)
    count(counts, plan, seat, state, 1)
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

export function freeInPart(counts: Counts, part: number): number {
  return counts.parts[part * STATES + AVAILABLE] ?? 0
}

function count(counts: Counts, plan: Plan, seat: number, state: number, by: number): void {
  const index = plan.partOf[seat] ?? 0
  const part = plan.parts[index]
  if (part === undefined) return
  add(counts.parts, index * STATES + state, by)
  add(counts.sections, part.section * STATES + state, by)
  add(counts.grades, part.grade * STATES + state, by)
}

function add(counts: Uint32Array, at: number, by: number): void {
  counts[at] = (counts[at] ?? 0) + by
}
