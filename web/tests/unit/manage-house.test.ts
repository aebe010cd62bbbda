/** The seat-plan builder: its changes, limits and totals, and where rows stand. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bytesOf, checkHouse, LAYOUT_BYTES_MAX, totalsOf } from '../../src/manage/house/check.ts'
import * as built from '../../src/manage/house/house.ts'
import { layoutOf } from '../../src/manage/house/plan.ts'
import { houseOf, isTemplate, TEMPLATES } from '../../src/manage/house/templates.ts'
import type { Layout } from '../../src/seats/geometry.ts'

const GRADES = [
  { grade: 'R', price: 100 },
  { grade: 'S', price: 60 },
]
const NAMES = GRADES.map(({ grade }) => grade)
const one = (name = 'A', rows = 2, seats = 6) => ({ sections: [built.section(1, name, 'R', rows, seats)] })
const errorOf = (name: string) => checkHouse(one(name), GRADES).sections.get(1)

describe('changes', () => {
  test('rows are numbered, or lettered beyond Z', () => {
    expect([0, 9].map(index => built.rowName('numbers', index))).toEqual(['1', '10'])
    expect([0, 25, 26, 701, 702].map(index => built.rowName('letters', index))).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA'])
  })

  test('a new section is like the last one and takes the next free name', () => {
    const names = (first: string) => built.withSection(one(first), 'R').sections.map(({ name }) => name)
    expect(names('A')).toEqual(['A', 'B'])
    expect(names('Z')).toEqual(['Z', 'A2'])
    expect(names('101')).toEqual(['101', '102'])
    expect(names('B09')).toEqual(['B09', 'B10'])
    expect(names('가')).toEqual(['가', '가2'])
  })

  test('a copy stands beside its original under a name and a key of its own', () => {
    const copied = built.withCopy(built.withSection(one(), 'R'), 1)
    expect(copied.sections.map(({ name }) => name)).toEqual(['A', 'C', 'B'])
    expect(new Set(copied.sections.map(({ key }) => key)).size).toBe(3)
  })

  test('sections change places, and stay at the ends', () => {
    const two = built.withSection(one(), 'R')
    expect(built.withMoved(two, 1, 1).sections.map(({ name }) => name)).toEqual(['B', 'A'])
    expect(built.withMoved(two, 1, -1)).toEqual(two)
    expect(built.withMoved(two, 2, 1)).toEqual(two)
  })

  test('seats go off sale and back, and vanish with the end of their row', () => {
    const [section] = one().sections
    if (section === undefined) throw new Error('there is one')
    const kept = built.withToggled(built.withToggled(section, 0, 6), 0, 2)
    expect(kept.rows[0]?.kept).toEqual([2, 6])
    expect(built.withToggled(kept, 0, 2).rows[0]?.kept).toEqual([6])
    expect(built.withRowSeats(kept, 0, 5).rows).toEqual([
      { seats: 5, kept: [2] },
      { seats: 6, kept: [] },
    ])
    expect(built.withRows(kept, 3).rows.length).toBe(3)
    expect(built.withRows(kept, 1).rows).toEqual([{ seats: 6, kept: [2, 6] }])
  })

  test('the server gets the names of rows, and seats not for sale only where there are some', () => {
    const house = built.withChanged(one(' A ', 2, 3), 1, section => ({
      ...built.withToggled(section, 1, 3),
      rowNames: 'letters',
    }))
    expect(built.toLayout(house)).toEqual({
      sections: [
        {
          section: 'A',
          grade: 'R',
          rows: [
            { row: 'A', seats: 3 },
            { row: 'B', seats: 3, not_for_sale: [3] },
          ],
        },
      ],
    })
  })
})

describe('limits', () => {
  test('names are letters and digits of any script', () => {
    expect(['A', '가1', 'B_2.x', ' A '].map(errorOf)).toEqual([undefined, undefined, undefined, undefined])
    expect(['', 'A-B', 'a b', 'x'.repeat(21)].map(errorOf)).toEqual(['name', 'name', 'name', 'name'])
  })

  test('a section needs a grade of the show, rows with seats, and a name of its own', () => {
    const wrong = (section: Partial<built.SectionDraft>) =>
      checkHouse({ sections: [{ ...built.section(1, 'A', 'R', 1, 1), ...section }] }, GRADES).sections.get(1)
    expect(wrong({ grade: 'VIP' })).toBe('grade')
    expect(wrong({ rows: [] })).toBe('rows')
    expect(wrong({ rows: [{ seats: built.ROW_SEATS_MAX + 1, kept: [] }] })).toBe('rowSeats')
    for (const alike of ['가 ', '가\u200B', '\u1100\u1161']) {
      const twice = { sections: [built.section(1, '가', 'R', 1, 1), built.section(2, alike, 'R', 1, 1)] }
      expect(checkHouse(twice, GRADES).sections.get(2)).toBe('nameTwice')
      expect(built.toLayout(twice).sections[1]?.section).toBe('가')
    }
  })

  test('a house is as large as the request for it may be', () => {
    const named = (length: number) => ({ sections: [built.section(1, 'A'.repeat(length), 'R', 1, 1)] })
    const largest = LAYOUT_BYTES_MAX - bytesOf(named(0))
    expect(checkHouse(named(largest), GRADES).house).toBeUndefined()
    expect(checkHouse(named(largest + 1), GRADES).house).toBe('bytes')
  })

  test('the request for a house at all of its other bounds is small enough', () => {
    const name = (index: number) => `${String(index).padStart(3, '0')}${'𝐀'.repeat(17)}`
    const rows = Array.from({ length: 10 }, () => ({
      seats: 20,
      kept: Array.from({ length: 20 }, (_, seat) => seat + 1),
    }))
    const sections = Array.from({ length: built.SECTIONS_MAX }, (_, index) => ({
      ...built.section(index, name(index), name(0), 10, 20),
      rows: index === 0 ? rows.map(row => ({ ...row, kept: row.kept.slice(1) })) : rows,
    }))
    const checked = checkHouse({ sections }, [{ grade: name(0), price: 1 }])
    expect(checked).toEqual({ house: undefined, sections: new Map() })
    expect(totalsOf({ sections }, []).seats).toBe(built.SEATS_MAX)
  })

  test('a house is bounded as the server bounds it', () => {
    const house = (count: number, rows: number, seats: number) => ({
      sections: Array.from({ length: count }, (_, index) => built.section(index, `A${index}`, 'R', rows, seats)),
    })
    const errorOf = (built: built.House) => checkHouse(built, GRADES).house
    expect(errorOf({ sections: [] })).toBe('empty')
    expect(errorOf(house(501, 1, 1))).toBe('sections')
    expect(errorOf(house(101, 1, 1000))).toBe('seats')
    expect(errorOf(house(100, 51, 1))).toBe('allRows')
    expect(errorOf({ sections: [built.withToggled(built.section(1, 'A', 'R', 1, 1), 0, 1)] })).toBe('noneForSale')
  })
})

describe('totals', () => {
  test('seats that are not for sale earn nothing', () => {
    const house = built.withSection(one('A', 2, 6), 'R')
    const graded = built.withChanged(house, 2, section => ({ ...built.withToggled(section, 0, 1), grade: 'S' }))
    expect(totalsOf(graded, GRADES)).toEqual({
      seats: 24,
      forSale: 23,
      kept: 1,
      rows: 4,
      revenue: 1860,
      grades: [
        { grade: 'R', price: 100, seats: 12, revenue: 1200 },
        { grade: 'S', price: 60, seats: 11, revenue: 660 },
      ],
    })
  })

  test('the server takes every template', () => {
    const seats = TEMPLATES.map(template => {
      const house = houseOf(template, NAMES)
      expect(checkHouse(house, GRADES)).toEqual({ house: undefined, sections: new Map() })
      expect(bytesOf(house)).toBeLessThan(LAYOUT_BYTES_MAX)
      return totalsOf(house, GRADES).seats
    })
    expect(seats).toEqual([12, 600, 10_080, 50_000])
  })

  test('a house is a template until it is changed', () => {
    const club = houseOf('club', NAMES)
    expect(isTemplate(club, NAMES)).toBe(true)
    expect(isTemplate(built.withSection(club, 'R'), NAMES)).toBe(false)
  })
})

describe('places', () => {
  test('sections stand side by side, rows are centred, and seats are counted on', () => {
    const sections = [
      {
        ...built.section(1, 'A', 'R', 1, 4),
        rows: [
          { seats: 4, kept: [] },
          { seats: 3, kept: [] },
        ],
      },
      built.section(2, 'B', 'R', 1, 2),
      built.section(3, 'C', 'R', 1, 2),
      built.section(4, 'D', 'R', 1, 2),
    ]
    const layout = layoutOf(built.toLayout({ sections }))
    const places = layout.sections.flatMap(({ rows }) => rows.map(({ x, y, first_index }) => [x, y, first_index]))
    // In centimetres: seats are 55 apart, rows 90, sections three seats and three rows.
    expect(places).toEqual([
      [-220, 0, 0],
      [-193, 90, 4],
      [165, 0, 7],
      [-165, 450, 9],
      [110, 450, 11],
    ])
    expect(layout.seat_count).toBe(13)
  })

  /** The server's own test holds the same file to what it answers. */
  test('rows stand where the server places them', () => {
    const file = readFileSync(new URL('../../../functions/seat-map/placed.json', import.meta.url), 'utf8')
    const placed: { plan: built.NewLayout; placed: Layout }[] = JSON.parse(file)
    const buildable = placed.filter(({ plan }) => isBuildable(plan))
    expect(buildable.length).toBeGreaterThanOrEqual(5)
    for (const { plan, placed: answer } of buildable) expect(layoutOf(plan)).toEqual(answer)
  })
})

const FIELDS = new Set(['sections', 'section', 'grade', 'rows', 'row', 'seats', 'not_for_sale'])

/** Whether the builder can make a plan: it neither draws sections nor marks places. */
function isBuildable(plan: built.NewLayout): boolean {
  const parts = [plan, ...plan.sections, ...plan.sections.flatMap(({ rows }) => rows ?? [])]
  return parts.every(part => Object.keys(part).every(field => FIELDS.has(field)))
}
