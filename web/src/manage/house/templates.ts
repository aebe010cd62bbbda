/** Houses to start from. */
import { type House, type SectionDraft, section } from './house.ts'
import { sectionsPerLine } from './plan.ts'

export const TEMPLATES = ['club', 'hall', 'arena', 'stadium'] as const
export type Template = (typeof TEMPLATES)[number]

/** The template in the show's grades, the dearest nearest to the stage. */
export function houseOf(template: Template, grades: readonly string[]): House {
  const sections = { club, hall, arena, stadium }[template]()
  const graded = sections.map((section, index) => ({
    ...section,
    key: index + 1,
    grade: gradeAt(grades, index / sections.length),
  }))
  return { sections: graded }
}

/** Whether the house is an unchanged template. */
export function isTemplate(house: House, grades: readonly string[]): boolean {
  const text = JSON.stringify(house)
  return house.sections.length === 0 || TEMPLATES.some(template => JSON.stringify(houseOf(template, grades)) === text)
}

function gradeAt(grades: readonly string[], depth: number): string {
  return grades[Math.floor(depth * grades.length)] ?? grades.at(-1) ?? ''
}

const unset = (name: string, rows: number, seats: number): SectionDraft => section(0, name, '', rows, seats)

/** 2 rows of 6. */
function club(): SectionDraft[] {
  return [unset('A', 2, 6)]
}

/** 600 seats: stalls whose rows grow towards the back, the same behind a cross aisle, and a balcony. */
function hall(): SectionDraft[] {
  const growing = (name: string, from: number): SectionDraft => ({
    ...unset(name, 6, from),
    rows: Array.from({ length: 6 }, (_, row) => ({ seats: from + (row >> 1), kept: [] })),
  })
  return [
    growing('A', 8),
    growing('B', 12),
    growing('C', 8),
    unset('D', 7, 10),
    unset('E', 7, 14),
    unset('F', 7, 10),
    unset('G', 4, 12),
    unset('H', 4, 20),
    unset('I', 4, 12),
  ]
}

/** 10,080 seats in 36 sections. */
function arena(): SectionDraft[] {
  return lettered(36, 14, 20)
}

/** 50,000 seats in 100 sections. */
function stadium(): SectionDraft[] {
  return lettered(100, 20, 25)
}

/** Sections named `A01`, `A02` …, with a letter for each line of the house. */
function lettered(count: number, rows: number, seats: number): SectionDraft[] {
  const perLine = sectionsPerLine(count)
  return Array.from({ length: count }, (_, index) => {
    const line = String.fromCharCode(65 + Math.floor(index / perLine))
    return unset(line + String((index % perLine) + 1).padStart(2, '0'), rows, seats)
  })
}
