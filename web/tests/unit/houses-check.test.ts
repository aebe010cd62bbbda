/** The live check of a plan: every mistake is found where it is, and the largest house is checked while it is drawn. */
import { describe, expect, test } from 'vitest'
import { checkPlan, MISTAKES_MAX } from '../../src/manage/houses/model/check.ts'
import { move } from '../../src/manage/houses/model/edit/arrange.ts'
import { rectangle } from '../../src/manage/houses/model/edit/shapes.ts'
import { toCsv } from '../../src/manage/houses/model/export.ts'
import { importText } from '../../src/manage/houses/model/import.ts'
import { placed } from '../../src/manage/houses/model/placed.ts'
import type { HousePlan, Place, Row, Section } from '../../src/manage/houses/model/plan.ts'
import { parametersOf, TEMPLATES, templatePlan } from '../../src/manage/houses/model/templates.ts'
import { totalsOf } from '../../src/manage/houses/model/totals.ts'
import { GRADES, largest, planWith, row, section, templateOf } from './houses-plans.ts'

const codes = (plan: HousePlan, grades?: string[]) => checkPlan(plan, grades).map(({ code }) => code)
const ofRow = (others: Partial<Row>) => codes(planWith([section('A', [row('1', 4, others)])]))
const ofSection = (others: Partial<Section>) => codes(planWith([section('A', [row('1', 4)], others)]))
const ofPlaces = (places: Record<string, Place>) => codes(planWith([section('A', [row('1', 4)])], { places }))
const ofArea = (others: object) =>
  codes(
    planWith([
      {
        kind: 'standing',
        section: 'F',
        grade: 'R',
        at: { x: 0, y: 0 },
        outline: rectangle(4, 4),
        capacity: 9,
        ...others,
      },
    ]),
  )

describe('mistakes', () => {
  test('a sound plan has none', () => {
    expect([ofRow({}), ofSection({ curve_m: 12, turn_deg: 30 }), ofArea({})]).toEqual([[], [], []])
  })

  test('of names', () => {
    expect(codes(planWith([section('A', [row('1', 1)])], { name: ' ' }))).toEqual(['houseName'])
    for (const name of ['', 'A-B', 'A B', 'x'.repeat(21)]) {
      expect(ofSection({ section: name })).toEqual(['sectionName'])
      expect(ofRow({ row: name })).toEqual(['rowName'])
    }
    const twice = planWith([
      section('가', [row('1', 1), row('1', 1)]),
      section('\u1100\u1161 ', [row('1', 1)], { at: { x: 9, y: 0 } }),
    ])
    expect(codes(twice)).toEqual(['rowTwice', 'sectionTwice'])
  })

  test('of rows', () => {
    for (const seats of [0, 1001, 1.5]) expect(ofRow({ seats })[0] ?? '').toMatch(/^rowSeats|noneForSale$/)
    for (const numbers of [
      { first: 1, step: 0 },
      { first: 3, step: -1 },
      { first: 99_997, step: 1 },
    ])
      expect(ofRow({ numbers })).toEqual(['numbers'])
    expect(ofRow({ numbers: ['1', '2', '3', '3'] })).toEqual(['labels'])
    expect(ofRow({ numbers: ['1', '2', '3'] })).toEqual(['labels'])
    expect(ofRow({ numbers: ['1', '2', '3', '-'] })).toEqual(['labelName'])
    for (const aisles of [[0], [4], [2, 2], [3, 1]]) expect(ofRow({ aisles })).toContain('aisles')
    expect([ofRow({ pitch_m: 0.29 }), ofRow({ depth_m: 0.29 }), ofRow({ not_for_sale: [5] })]).toEqual([
      ['narrow'],
      ['narrow'],
      ['kept'],
    ])
    expect([ofRow({ offset_m: 10_000 }), ofSection({ at: { x: 10_001, y: 0 } })]).toEqual([
      ['tooFar'],
      ['tooFar', 'tooFar'],
    ])
    for (const curve_m of [0.5, 0.6, -0.5]) expect(ofSection({ curve_m })).toEqual(['bent'])
    expect(ofSection({ rows: [] })).toContain('sectionRows')
  })

  test('of standing areas and shapes', () => {
    expect([ofArea({ capacity: 0 }), ofArea({ outline: [] })].map(([code]) => code)).toEqual([
      'capacity',
      'areaOutline',
    ])
    const shape = { kind: 'text', at: { x: 0, y: 0 } } as const
    const ofShape = (others: object) =>
      codes(planWith([section('A', [row('1', 1)])], { stage: [{ ...shape, ...others }] }))
    expect([ofShape({}), ofShape({ text: '' }), ofShape({ text: 'x'.repeat(41) }), ofShape({ text: '무대' })]).toEqual([
      ['shapeOutline'],
      ['shapeText'],
      ['shapeText'],
      [],
    ])
  })

  test('of single places', () => {
    expect(ofPlaces({ 'A-1-5': {} })).toEqual(['noSeat'])
    expect(ofPlaces({ 'A-1-1': { kind: 'companion' } })).toEqual(['companion'])
    expect(ofPlaces({ 'A-1-1': { kind: 'companion', companion_of: 'A-1-2' } })).toEqual(['companionOf'])
    expect(ofPlaces({ 'A-1-1': { note: 'x'.repeat(101) } })).toEqual(['note'])
    expect(ofPlaces({ 'A-1-1': { kind: 'house' }, 'A-1-2': { kind: 'wheelchair' } })).toEqual([])
  })

  test('of grades that a show does not have', () => {
    const plan = planWith([section('A', [row('1', 2, { grade: 'X' }), row('2', 2)], { grade: 'Y' })], {
      places: { 'A-2-1': { grade: 'Z' } },
    })
    expect(codes(plan, ['R'])).toEqual(['sectionGrade', 'rowGrade', 'seatGrade'])
    expect(codes(plan, ['X', 'Y', 'Z'])).toEqual([])
    expect(codes(plan)).toEqual([])
  })

  test('of seats in the same place', () => {
    const plan = planWith([section('A', [row('1', 4)]), section('B', [row('1', 4)], { at: { x: 0.2, y: 0 } })])
    expect(checkPlan(plan)).toEqual([
      {
        code: 'sameSpot',
        where: { section: 'B', seat: 'B-1-1' },
        values: { section: 'B', seat: 'B-1-1', other: 'A-1-1' },
      },
    ])
    expect(codes(move(plan, { kind: 'sections', names: ['B'] }, 0.1, 0.3))).toEqual([])
  })

  test('of bounds', () => {
    const many = (count: number, rows: number, seats: number) =>
      planWith(
        Array.from({ length: count }, (_, index) =>
          section(
            `A${index}`,
            Array.from({ length: rows }, (_, at) => row(`${at}`, seats)),
            { at: { x: index * 15, y: 0 } },
          ),
        ),
      )
    expect(codes(many(501, 1, 1))).toEqual(['tooManySections'])
    expect(codes(many(101, 100, 1))).toEqual(['tooManyRows'])
    expect(codes(many(100, 51, 20))).toEqual(['tooManyPlaces'])
    expect(codes(planWith([]))).toEqual(['noSections'])
    expect(codes(planWith([section('A', [row('1', 1, { not_for_sale: [1] })])]))).toEqual(['noneForSale'])
    expect(codes(many(200, 1, 1_001)).length).toBe(MISTAKES_MAX)
  })
})

describe('templates', () => {
  test.each(TEMPLATES)('a %s passes every check, as small and as large as it can be', { timeout: 20_000 }, template => {
    for (const size of ['min', 'initial', 'max'] as const) {
      const parameters = Object.fromEntries(parametersOf(template).map(parameter => [parameter.key, parameter[size]]))
      for (const grades of [['R'], GRADES]) {
        const plan = templatePlan(template, {
          grades,
          parameters,
          name: template,
          words: { stage: '무대', bar: '바', sound: '음향' },
        })
        expect(checkPlan(plan, grades), `${template} ${size}`).toEqual([])
        expect(totalsOf(plan).kinds.wheelchair).toBe(totalsOf(plan).kinds.companion)
      }
    }
  })

  test('they are as large as houses of their kind', () => {
    const sizes = TEMPLATES.map(template => totalsOf(templateOf(template)).places)
    expect(sizes).toEqual([204, 1281, 10_476, 37_994, 10_936])
  })
})

describe('100,000 seats', () => {
  const best = (times: number, work: () => unknown) =>
    Math.min(
      ...Array.from({ length: times }, () => {
        const start = performance.now()
        work()
        return performance.now() - start
      }),
    )

  test('are checked and placed again within a few milliseconds after an edit', { timeout: 30_000 }, () => {
    let plan = largest()
    expect(totalsOf(plan).seats).toBe(100_000)
    expect(checkPlan(plan)).toEqual([])
    expect(placed(plan).seat_count).toBe(100_000)
    const edit = () => {
      plan = move(plan, { kind: 'sections', names: ['S112'] }, 0.01, 0)
    }
    const checking = best(10, () => {
      edit()
      expect(checkPlan(plan)).toEqual([])
    })
    const placing = best(10, () => {
      edit()
      placed(plan)
    })
    // Ten times what a quiet machine needs.
    expect(checking).toBeLessThan(100)
    expect(placing).toBeLessThan(50)
    if (process.env.FIGURES) process.stdout.write(`check ${checking.toFixed(1)} ms, place ${placing.toFixed(1)} ms\n`)
  })

  test('are read from a table', { timeout: 60_000 }, async () => {
    const csv = toCsv(largest())
    const start = performance.now()
    const { plan } = await importText(csv, 'csv')
    if (process.env.FIGURES)
      process.stdout.write(`read ${(performance.now() - start).toFixed(0)} ms, ${csv.length} bytes\n`)
    expect(totalsOf(plan).seats).toBe(100_000)
    expect(plan.sections.length).toBe(250)
  })
})
