/** Edits of a house's plan: each keeps it valid, and what is special about places follows its seats. */
import { describe, expect, test } from 'vitest'
import { boxOf, boxOfSection, seatsWithin, sectionsWithin } from '../../src/manage/houses/model/box.ts'
import { checkPlan } from '../../src/manage/houses/model/check.ts'
import * as arrange from '../../src/manage/houses/model/edit/arrange.ts'
import { mirrored, mirroredCopy } from '../../src/manage/houses/model/edit/mirror.ts'
import { labelsBy, NUMBER_RULES, renameRows, renumber } from '../../src/manage/houses/model/edit/numbers.ts'
import * as places from '../../src/manage/houses/model/edit/places.ts'
import * as rows from '../../src/manage/houses/model/edit/rows.ts'
import * as sections from '../../src/manage/houses/model/edit/sections.ts'
import { duplicateSelected, removeSelected } from '../../src/manage/houses/model/edit/selected.ts'
import { addShape, ellipse, rectangle } from '../../src/manage/houses/model/edit/shapes.ts'
import { did, ended, HISTORY_MAX, redone, started, undone } from '../../src/manage/houses/model/history.ts'
import { findSeat, labelOf, labelsOf, nextSectionName } from '../../src/manage/houses/model/names.ts'
import { placed, seatPosition } from '../../src/manage/houses/model/placed.ts'
import type { HousePlan, Row, SeatsSection, Selection } from '../../src/manage/houses/model/plan.ts'
import { snapAngle, snapBox, snapLines } from '../../src/manage/houses/model/snap.ts'
import { seatNames, totalsOf } from '../../src/manage/houses/model/totals.ts'
import { chance, planWith, row, section, templateOf } from './houses-plans.ts'

const small = () =>
  planWith([section('A', [row('1', 6), row('2', 6)])], {
    places: {
      'A-1-1': { kind: 'wheelchair' },
      'A-1-2': { kind: 'companion', companion_of: 'A-1-1' },
      'A-2-6': { note: '기둥' },
    },
  })
const rowsIn = (plan: HousePlan, name = 'A'): readonly Row[] => {
  const found = plan.sections.find(({ section }) => section === name)
  return found?.kind === 'seats' ? found.rows : []
}
const rowIn = (plan: HousePlan, index = 0): Row => rowsIn(plan)[index] ?? row('', 0)
const selected = (...names: string[]): Selection => ({ kind: 'sections', names })

describe('rows', () => {
  test('more seats at the left move the names of special places', () => {
    const longer = rows.setSeats(small(), { section: 'A', rows: ['1'] }, 8, 'left')
    expect(longer.places).toEqual({
      'A-1-3': { kind: 'wheelchair' },
      'A-1-4': { kind: 'companion', companion_of: 'A-1-3' },
      'A-2-6': { note: '기둥' },
    })
    expect(seatPosition(longer, 'A-1-3')?.x).toBeCloseTo(seatPosition(small(), 'A-1-1')?.x ?? 0, 2)
  })

  test('fewer seats drop what was special about them, and companions are lost with their wheelchair place', () => {
    const shorter = rows.setSeats(small(), { section: 'A' }, 5, 'left')
    expect(shorter.places).toEqual({ 'A-2-5': { note: '기둥' } })
    expect(checkPlan(shorter)).toEqual([])
    expect(rows.removeRows(small(), { section: 'A', rows: ['2'] }).places).not.toHaveProperty('A-2-6')
  })

  test('seats that are removed leave the others where they are, and an aisle in the middle', () => {
    const thin = rows.removeSeats(small(), ['A-1-6', 'A-2-3'])
    expect(rowIn(thin)).toEqual(row('1', 5, { offset_m: -0.27 }))
    expect(rowIn(thin, 1)).toEqual(row('2', 5, { numbers: ['1', '2', '4', '5', '6'], aisles: [2] }))
    expect(thin.places['A-2-6']).toEqual({ note: '기둥' })
    expect(
      removeSelected(small(), { kind: 'seats', names: seatNames(section('A', [row('1', 6), row('2', 6)])) }).sections,
    ).toEqual([])
  })

  test('rows added in front leave the others where they are', () => {
    const more = rows.addRows(small(), 'A', 2, 'front')
    expect(rowsIn(more).map(({ row }) => row)).toEqual(['3', '4', '1', '2'])
    expect(seatPosition(more, 'A-1-1')).toEqual(seatPosition(small(), 'A-1-1'))
    expect(rowsIn(rows.setRowCount(small(), 'A', 30)).length).toBe(30)
  })

  test('aisles are added and removed, in a row or through a section', () => {
    const one = rows.toggleAisle(small(), 'A-1-3')
    expect(rowsIn(one).map(({ aisles }) => aisles)).toEqual([[3], undefined])
    const through = rows.toggleAisleThrough(rows.taper(small(), 'A', 2), 'A-1-3')
    expect(rowsIn(through).map(({ seats, aisles }) => [seats, aisles])).toEqual([
      [6, [3]],
      [8, [4]],
    ])
    expect(rows.toggleAisleThrough(through, 'A-2-4').sections).toEqual(rows.taper(small(), 'A', 2).sections)
  })

  test('what is usual is left out', () => {
    const wide = rows.changeRows(small(), { section: 'A' }, { pitch_m: 0.6, depth_m: 1.004 })
    expect(rowIn(wide)).toEqual(row('1', 6, { pitch_m: 0.6, depth_m: 1 }))
    expect(rows.changeRows(wide, { section: 'A' }, { pitch_m: undefined, depth_m: undefined })).toEqual(small())
  })
})

describe('numbers', () => {
  test('rows are numbered as halls number them', () => {
    const labels = (rule: keyof typeof NUMBER_RULES, seats = 6) => labelsBy(NUMBER_RULES[rule], seats).join(' ')
    expect(labels('rightToLeft')).toBe('6 5 4 3 2 1')
    expect(labels('odd')).toBe('1 3 5 7 9 11')
    expect(labels('even')).toBe('2 4 6 8 10 12')
    expect(labels('fromMiddle')).toBe('5 3 1 2 4 6')
    expect(labels('fromMiddle', 7)).toBe('7 5 3 1 2 4 6')
    expect(labelsBy({ order: 'left', start: 26, step: 1, labels: 'letters' }, 2)).toEqual(['Z', 'AA'])
    expect([1, 14, 15].map(number => labelOf('hangul', number))).toEqual(['가', '하', '가2'])
  })

  test('special places keep their seats', () => {
    const fromRight = renumber(small(), { section: 'A' }, NUMBER_RULES.rightToLeft)
    expect(fromRight.places).toEqual({
      'A-1-6': { kind: 'wheelchair' },
      'A-1-5': { kind: 'companion', companion_of: 'A-1-6' },
      'A-2-1': { note: '기둥' },
    })
    expect(renumber(fromRight, { section: 'A' }, NUMBER_RULES.leftToRight)).toEqual(small())
    const named = renameRows(small(), 'A', { labels: 'letters', start: 1, from: 'back' })
    expect(Object.keys(named.places).sort()).toEqual(['A-A-6', 'A-B-1', 'A-B-2'])
  })
})

describe('sections', () => {
  test('copies take free names and bring their special places', () => {
    const { plan, selection } = duplicateSelected(small(), selected('A'))
    expect(selection).toEqual(selected('B'))
    expect(plan.places['B-1-2']).toEqual({ kind: 'companion', companion_of: 'B-1-1' })
    expect(checkPlan(rows.setRowCount(arrange.move(plan, selection, 20, 0), 'B', 1))).toEqual([])
    expect(sections.removeSections(plan, ['B'])).toEqual(small())
  })

  test('another name is another name for all its places', () => {
    const renamed = sections.renameSection(small(), 'A', '가')
    expect(Object.keys(renamed.places)).toEqual(['가-1-1', '가-1-2', '가-2-6'])
    expect(renamed.places['가-1-2']?.companion_of).toBe('가-1-1')
    expect(sections.renameSection(small(), 'A', 'A-B')).toEqual(small())
    expect([nextSectionName(planWith([section('101', [])])), nextSectionName(planWith([section('다', [])]))]).toEqual([
      '102',
      '라',
    ])
  })

  test('a mirrored copy stands on the other side, with the same number at the same distance from the middle', () => {
    const stage = { kind: 'stage', at: { x: 10, y: -5 }, outline: rectangle(8, 4) } as const
    const turned = arrange.turn(planWith(small().sections, { stage: [stage] }), selected('A'), 30)
    const { plan } = mirroredCopy(turned, ['A'])
    for (const [one, other] of [
      ['A-1-1', 'B-1-1'],
      ['A-2-5', 'B-2-5'],
    ] as const) {
      const [here, there] = [seatPosition(plan, one), seatPosition(plan, other)]
      expect((here?.x ?? 0) + (there?.x ?? 0)).toBeCloseTo(20)
      expect(here?.y).toBeCloseTo(there?.y ?? 0)
    }
  })
})

describe('places', () => {
  test('painting a whole row changes the row, painting some of its seats those', () => {
    const some = places.paintGrade(small(), { kind: 'seats', names: ['A-2-1', 'A-2-2'] }, 'VIP')
    expect(some.places['A-2-1']).toEqual({ grade: 'VIP' })
    const whole = places.paintGrade(
      some,
      { kind: 'seats', names: labelsOf(rowIn(small())).map(label => `A-2-${label}`) },
      'VIP',
    )
    expect(rowIn(whole, 1).grade).toBe('VIP')
    expect(whole.places['A-2-1']).toBeUndefined()
    expect(whole.places['A-2-6']).toEqual({ note: '기둥' })
    const all = places.paintGrade(whole, selected('A'), 'S')
    expect([...totalsOf(all).grades]).toEqual([['S', 12]])
  })

  test('a wheelchair place gets its companion beside it, never across an aisle', () => {
    const plan = rows.toggleAisle(planWith([section('A', [row('1', 6)])]), 'A-1-3')
    const marked = places.wheelchairWith(plan, 'A-1-3', 2)
    expect(marked.places).toEqual({
      'A-1-3': { kind: 'wheelchair' },
      'A-1-2': { kind: 'companion', companion_of: 'A-1-3' },
      'A-1-1': { kind: 'companion', companion_of: 'A-1-3' },
    })
    expect(places.mark(marked, ['A-1-3'], undefined).places).toEqual({})
    expect(places.mark(plan, ['A-1-9'], 'house')).toBe(plan)
  })

  test('seats that rows keep for the house are marked like others', () => {
    const plan = planWith([section('A', [row('1', 4, { not_for_sale: [1, 4] })])])
    expect(totalsOf(plan).forSale).toBe(2)
    const sold = places.mark(plan, ['A-1-4'], undefined)
    expect(rowIn(sold).not_for_sale).toEqual([1])
    expect(places.placeOf(sold, 'A-1-1')).toEqual({ kind: 'house', grade: 'R' })
  })
})

describe('arranging', () => {
  const three = () =>
    planWith(
      [0, 1, 5].map((x, index) => section('ABC'[index] ?? '', [row('1', 4 + index)], { at: { x: 10 * x, y: x } })),
    )

  test('things align with the box around them, and spaces become equal', () => {
    const all = selected('A', 'B', 'C')
    const box = boxOf(three(), all)
    for (const plan of [arrange.align(three(), all, 'left')]) {
      expect(new Set(plan.sections.map(section => boxOfSection(section).left.toFixed(1))).size).toBe(1)
      expect(boxOf(plan, all)?.left).toBeCloseTo(box?.left ?? 0, 1)
    }
    const spread = arrange.distribute(three(), all, 'x').sections.map(boxOfSection)
    const gaps = spread.slice(1).map((box, index) => box.left - (spread[index]?.right ?? 0))
    expect(gaps[0]).toBeCloseTo(gaps[1] ?? 0, 1)
  })

  test('a section turns about its middle, and faces what it is told to', () => {
    const turned = arrange.turn(small(), selected('A'), 90)
    const section = turned.sections[0] as SeatsSection
    expect(section.turn_deg).toBe(90)
    const [before, after] = [boxOf(small(), selected('A')), boxOf(turned, selected('A'))]
    expect((after?.left ?? 0) + (after?.right ?? 0)).toBeCloseTo((before?.left ?? 0) + (before?.right ?? 0), 1)
    const facing = arrange.face(small(), ['A'], { x: -10, y: 0 }).sections[0] as SeatsSection
    expect(facing.turn_deg).toBe(-90)
  })

  test('dragging rests on edges, middles and angles', () => {
    const lines = snapLines(three(), selected('C'))
    const box = boxOf(three(), selected('A'))
    const near = { left: 0.2, top: 30, right: 2.2, bottom: 32 }
    expect(snapBox(near, { xs: [box?.left ?? 0, 0], ys: lines.ys }, 0.5)).toMatchObject({ dx: -0.2, dy: 0, x: 0 })
    expect([snapAngle(43), snapAngle(38), snapAngle(-1)]).toEqual([45, 38, 0])
  })

  test('what lies in a rectangle is found', () => {
    expect(sectionsWithin(three(), { left: -5, top: -5, right: 15, bottom: 5 })).toEqual(['A', 'B'])
    expect(seatsWithin(three(), { left: -1, top: -1, right: 0, bottom: 1 })).toEqual(['A-1-1', 'A-1-2'])
  })
})

describe('history', () => {
  test('undo takes a change back, redo makes it again, and a drag is one step', () => {
    const plan = small()
    const first = did(started(plan), arrange.move(plan, selected('A'), 1, 0), 'drag')
    const second = did(first, arrange.move(plan, selected('A'), 2, 0), 'drag')
    expect(second.past.length).toBe(1)
    expect(undone(second).present).toBe(plan)
    expect(redone(undone(second)).present).toBe(second.present)
    expect(did(ended(second), arrange.move(plan, selected('A'), 3, 0), 'drag').past.length).toBe(2)
    expect(did(second, second.present)).toBe(second)
    const many = Array.from({ length: HISTORY_MAX + 5 }).reduce(
      (history: ReturnType<typeof started<HousePlan>>, _, step) =>
        did(history, arrange.move(plan, selected('A'), step + 1, 0)),
      started(plan),
    )
    expect(many.past.length).toBe(HISTORY_MAX)
  })
})

/** One of each edit, by chance. */
function edited(plan: HousePlan, next: () => number): HousePlan {
  const pick = <T>(things: readonly T[]): T | undefined => things[Math.floor(next() * things.length)]
  const count = (max: number) => 1 + Math.floor(next() * max)
  const found = pick(plan.sections)
  if (found === undefined)
    return sections.addSections(plan, [
      sections.newSection(plan, { grade: 'R', rows: count(6), seats: count(12), at: { x: 0, y: 5 } }),
    ]).plan
  const name = found.section
  const rowName = found.kind === 'seats' ? (pick(found.rows)?.row ?? '') : ''
  const seats = [pick(seatNames(found)), pick(seatNames(found))].filter(seat => seat !== undefined)
  const ref = next() < 0.5 ? { section: name } : { section: name, rows: [rowName] }
  const edits: (() => HousePlan)[] = [
    () =>
      sections.addSections(plan, [
        sections.newSection(plan, { grade: 'S', rows: count(6), seats: count(12), at: { x: count(50), y: count(50) } }),
      ]).plan,
    () =>
      sections.addSections(plan, [
        sections.newStanding(plan, { grade: 'A', capacity: count(500), at: { x: 0, y: 60 }, width: 9, depth: 7 }),
      ]).plan,
    () =>
      plan.sections.length > 12 ? sections.removeSections(plan, [name]) : sections.duplicateSections(plan, [name]).plan,
    () => (plan.sections.length > 12 ? plan : mirroredCopy(plan, [name]).plan),
    () => mirrored(plan, [name]),
    () => sections.renameSection(plan, name, `N${count(40)}`),
    () => sections.reorderSection(plan, name, count(5) - 3),
    () =>
      sections.changeSection(plan, name, { grade: 'VIP', entrance: '3', turn_deg: next() * 400, capacity: count(900) }),
    () => arrange.move(plan, selected(name), next() * 30 - 15, next() * 30 - 15),
    () => arrange.move(plan, { kind: 'seats', names: seats }, next() - 0.5, 0),
    () => arrange.turn(plan, selected(...plan.sections.map(({ section }) => section)), next() * 360),
    () => arrange.curve(plan, [name], next() < 0.3 ? undefined : 40 + next() * 40),
    () => arrange.align(plan, selected(...plan.sections.map(({ section }) => section)), 'top'),
    () => arrange.distribute(plan, selected(...plan.sections.map(({ section }) => section)), 'y'),
    () => arrange.face(plan, [name]),
    () => rows.setRowCount(plan, name, count(9)),
    () => rows.addRows(plan, name, count(3), next() < 0.5 ? 'front' : 'back'),
    () => rows.removeRows(plan, { section: name, rows: [rowName] }),
    () => rows.setSeats(plan, ref, count(16), pick(['left', 'right', 'both'] as const)),
    () => rows.taper(plan, name, count(3) - 1),
    () => rows.removeSeats(plan, seats),
    () => rows.changeRows(plan, ref, { pitch_m: 0.5 + next() / 4, offset_m: next() - 0.5 }),
    () => rows.setAisles(plan, ref, [count(9), count(9)]),
    () => rows.toggleAisle(plan, seats[0] ?? ''),
    () => rows.toggleAisleThrough(plan, seats[0] ?? ''),
    () =>
      renumber(plan, ref, {
        order: pick(['left', 'right', 'middle'] as const) ?? 'left',
        start: count(20),
        step: count(2),
        labels: pick(['numbers', 'letters', 'hangul'] as const) ?? 'numbers',
      }),
    () =>
      renameRows(plan, name, {
        labels: pick(['numbers', 'letters', 'hangul'] as const) ?? 'numbers',
        start: count(9),
        from: 'back',
      }),
    () => places.paintGrade(plan, { kind: 'seats', names: seats }, 'S'),
    () => places.paintGrade(plan, selected(name), 'R'),
    () => places.mark(plan, seats, pick(['wheelchair', 'restricted_view', undefined] as const)),
    () => (seats[0] === undefined ? plan : places.wheelchairWith(plan, seats[0], count(2))),
    () => places.setNote(plan, seats, next() < 0.5 ? '기둥' : undefined),
    () => places.clearPlaces(plan, seats),
    () => addShape(plan, 'decorations', { kind: 'wall', at: { x: 1, y: 2 }, outline: ellipse(3, 4) }).plan,
  ]
  return pick(edits)?.() ?? plan
}

describe('any edits', () => {
  test('keep the plan valid, undo one by one, and mirrored twice is as before', { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const next = chance(seed)
      let history = started(small())
      const plans = [history.present]
      for (let step = 0; step < 50; step += 1) {
        const plan = edited(history.present, next)
        // Where things stand is the organizer's: seats may overlap, and rows may be bent too far.
        const wrong = checkPlan(plan).filter(({ code }) => !['sameSpot', 'bent', 'noSections'].includes(code))
        expect(wrong, `seed ${seed}, step ${step}`).toEqual([])
        const lost = Object.keys(plan.places).filter(name => findSeat(plan, name) === undefined)
        expect(lost, `seed ${seed}, step ${step}`).toEqual([])
        expect(placed(plan).places.length).toBe(Object.keys(plan.places).length)
        const names = plan.sections.map(({ section }) => section)
        expect(mirrored(mirrored(plan, names, 3.5), names, 3.5)).toEqual(plan)
        const before = history
        history = did(history, plan)
        if (history !== before) plans.push(plan)
      }
      for (const plan of plans.toReversed().slice(1)) {
        history = undone(history)
        expect(history.present).toBe(plan)
      }
    }
  })

  test('edits of a template keep its other sections as they are', () => {
    const plan = templateOf('arena')
    const moved = arrange.move(plan, selected('105'), 1, 0)
    const same = moved.sections.filter((section, index) => section === plan.sections[index])
    expect(same.length).toBe(plan.sections.length - 1)
    const [before, after] = [placed(plan), placed(moved)]
    expect(after.sections.filter((section, index) => section === before.sections[index]).length).toBe(same.length)
  })
})
