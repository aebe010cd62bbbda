/** The editor without its screen: snapping, bending, selecting, keys, and what is undone. */
import { describe, expect, test } from 'vitest'
import { fitting, isInside, showing, toHouse, toScreen, zoomed } from '../../src/manage/houses/editor/camera.ts'
import { bent, COMMANDS, type Hands, type KeyLike, runKey } from '../../src/manage/houses/editor/commands.ts'
import { Desk, joined, toggled, withGradesOf } from '../../src/manage/houses/editor/desk.ts'
import { drawnSection, seatNamed, seatNameOf, sectionsByName } from '../../src/manage/houses/editor/drawn.ts'
import { radiusOf, radiusThrough } from '../../src/manage/houses/editor/handles.ts'
import { nearestSide } from '../../src/manage/houses/editor/pointer.ts'
import { aislesOf, commonOf } from '../../src/manage/houses/editor/SectionPanel.tsx'
import { linesOf, snapped } from '../../src/manage/houses/editor/snap.ts'
import { areaOf, seatsAlong, seatsIn, sectionAt, thingsIn } from '../../src/manage/houses/editor/under.ts'
import { addSections, newSection, newStanding } from '../../src/manage/houses/model/edit/sections.ts'
import { seatsOf } from '../../src/manage/houses/model/placed.ts'
import { EMPTY_PLAN, type HousePlan, type SeatsSection } from '../../src/manage/houses/model/plan.ts'
import { templatePlan } from '../../src/manage/houses/model/templates.ts'

/** A block of 3 rows of 5, and a standing area beside it. */
function small(): HousePlan {
  const block = newSection(EMPTY_PLAN, { grade: 'R', rows: 3, seats: 5, at: { x: 0, y: 0 } })
  const { plan } = addSections(EMPTY_PLAN, [block])
  return addSections(plan, [newStanding(plan, { grade: 'S', capacity: 50, at: { x: 10, y: 1 }, width: 6, depth: 4 })])
    .plan
}

const KEY: KeyLike = { key: '', code: '', shiftKey: false, altKey: false, ctrlKey: false, metaKey: false }

function handsOf(plan: HousePlan): Hands {
  const camera = { x: 0, y: 0, scale: 10 }
  const easel = { camera, plan, show() {}, look() {}, over() {}, zoomBy() {}, all() {} } as unknown as Hands['easel']
  const words = { rows: () => '', standing: () => '', size: () => '', text: '글자', grade: 'R' }
  return { desk: new Desk(plan, plan), easel, words, save() {}, showShortcuts() {} }
}

describe('the camera', () => {
  const size = { width: 800, height: 600 }

  test('goes from the window to the house and back', () => {
    const camera = { x: 3, y: -2, scale: 17 }
    expect(toScreen(camera, size, toHouse(camera, size, { x: 123, y: 456 }))).toEqual({ x: 123, y: 456 })
  })

  test('keeps the point under the pointer while zooming', () => {
    const at = { x: 100, y: 500 }
    const camera = { x: 3, y: -2, scale: 17 }
    const before = toHouse(camera, size, at)
    const after = toHouse(zoomed(camera, size, 2.5, at), size, at)
    expect(after.x).toBeCloseTo(before.x)
    expect(after.y).toBeCloseTo(before.y)
  })

  test('moves only as far as needed to show a box', () => {
    const camera = fitting({ left: -40, right: 40, top: -30, bottom: 30 }, size)
    expect(showing(camera, size, { left: 0, right: 1, top: 0, bottom: 1 })).toEqual(camera)
    expect(showing(camera, size, { left: 60, right: 62, top: 0, bottom: 1 }).x).toBeGreaterThan(camera.x)
  })
})

describe('snapping', () => {
  const lines = linesOf([{ left: 0, right: 10, top: 0, bottom: 4 }])
  const box = { left: 20, right: 24, top: 20, bottom: 22 }

  test('lines edges and middles up within reach', () => {
    const { by, guides } = snapped(box, { x: -9.8, y: -17.9 }, lines, 0.5)
    expect(box.left + by.x).toBeCloseTo(10)
    expect(box.top + by.y).toBeCloseTo(2)
    expect(guides.map(({ axis }) => axis)).toEqual(['x', 'y'])
  })

  test('rests on a grid of 10 cm elsewhere', () => {
    const { by, guides } = snapped(box, { x: 13.333, y: 7.777 }, lines, 0.5)
    expect(by.x).toBeCloseTo(13.3)
    expect(by.y).toBeCloseTo(7.8)
    expect(guides).toEqual([])
  })
})

describe('the handle that bends', () => {
  const section = newSection(EMPTY_PLAN, { grade: 'R', rows: 4, seats: 30, at: { x: 5, y: 7 } })

  test.each([0.5, 2, 4])('bends the first row until its end is %d m nearer to the stage', rise => {
    const radius = radiusOf(8, rise, 2.7) ?? 0
    expect(radius * (1 - Math.cos(8 / radius))).toBeCloseTo(rise, 1)
  })

  test('leaves a row straight near the line, and never bends one around its own middle', () => {
    expect(radiusOf(8, 0.05, 2.7)).toBeUndefined()
    expect(radiusOf(8, -7, 2.7)).toBeLessThanOrEqual(-2.7 - 1)
  })

  test('follows the pointer', () => {
    const curve_m = radiusThrough(section, { x: 13, y: 5 })
    const end = seatsOf({ ...section, curve_m: curve_m ?? 0 } as SeatsSection)[0]?.at(-1)
    expect(end?.y).toBeLessThan(6)
    expect(end?.y).toBeGreaterThan(4.5)
  })

  test('the keys bend and straighten by the same steps', () => {
    expect(bent(undefined, true)).toBe(80)
    expect(bent(80, false)).toBeUndefined()
    expect(bent(undefined, false)).toBe(-80)
    expect(bent(bent(bent(undefined, true), true), false)).toBe(80)
  })
})

describe('what is under the pointer', () => {
  const plan = small()

  test('a section is found by its seats and by its outline, an area by its outline', () => {
    expect(sectionAt(plan, { x: 0, y: 0.9 })).toBe('A')
    expect(sectionAt(plan, { x: 11, y: 2 })).toBe('B')
    expect(sectionAt(plan, { x: 5, y: 9 })).toBeUndefined()
  })

  test('a rectangle and a lasso hold the seats inside', () => {
    expect(seatsIn(plan, { box: { left: -0.6, right: 0.6, top: -0.1, bottom: 0.1 } })).toEqual([
      'A-1-2',
      'A-1-3',
      'A-1-4',
    ])
    const lasso = areaOf([
      { x: -1.5, y: 1.5 },
      { x: 1.5, y: 1.5 },
      { x: 0, y: 2.4 },
    ])
    expect(seatsIn(plan, lasso)).toEqual(['A-3-2', 'A-3-3', 'A-3-4'])
  })

  test('an area holds sections by their middles', () => {
    const box = { left: -3, right: 20, top: -3, bottom: 9 }
    expect(thingsIn(plan, { box })).toEqual({ kind: 'sections', names: ['A', 'B'] })
    expect(thingsIn(plan, { box: { ...box, right: 4 } })).toEqual({ kind: 'sections', names: ['A'] })
  })

  test('a stroke meets the seats along it', () => {
    expect(seatsAlong(plan, { x: -1.1, y: 0 }, { x: 1.1, y: 0 }, 0.2)).toHaveLength(5)
    expect(seatsAlong(plan, { x: 0, y: -1 }, { x: 0, y: 3 }, 0.2)).toEqual(['A-1-3', 'A-2-3', 'A-3-3'])
  })

  test('names lead to seats and back', () => {
    const theatre = templatePlan('theatre', { grades: ['R', 'S'], name: '', words: { stage: '', bar: '', sound: '' } })
    const sections = sectionsByName(theatre)
    for (const section of theatre.sections) {
      const drawn = drawnSection(section)
      for (const seat of [0, drawn.xs.length >> 1, drawn.xs.length - 1]) {
        expect(seatNamed(sections, seatNameOf(drawn, seat))).toEqual([drawn, seat])
      }
    }
  })

  test('the nearest side of an outline', () => {
    const square = [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
    ] as const
    expect(nearestSide(square, [4.1, 2], 0.5)).toBe(1)
    expect(nearestSide(square, [2, 2], 0.5)).toBeUndefined()
    expect(isInside(square.flat(), 2, 2)).toBe(true)
  })
})

describe('the desk', () => {
  test('a section that did not change is drawn from the same numbers', () => {
    const desk = new Desk(small(), undefined)
    const [before] = desk.plan.sections
    desk.edit(plan => ({ ...plan, name: '극장' }))
    expect(desk.plan.sections[0]).toBe(before)
  })

  test('changes that go on are undone together', () => {
    const desk = new Desk(EMPTY_PLAN, undefined)
    for (const name of ['a', 'ab', 'abc']) desk.edit(plan => ({ ...plan, name }), 'name')
    desk.end()
    desk.edit(plan => ({ ...plan, name: 'abcd' }), 'name')
    desk.undo()
    expect(desk.plan.name).toBe('abc')
    desk.undo()
    expect(desk.plan.name).toBe('')
    desk.redo()
    expect(desk.plan.name).toBe('abc')
  })

  test('grades keep the order of their colours', () => {
    expect(withGradesOf(['VIP', 'S'], small())).toEqual(['VIP', 'S', 'R'])
    expect(withGradesOf([], small())).toEqual(['R', 'S'])
  })

  test('selections grow and shrink', () => {
    const one = { kind: 'sections', names: ['A'] } as const
    const other = { kind: 'sections', names: ['B'] } as const
    expect(toggled(one, other)).toEqual({ kind: 'sections', names: ['A', 'B'] })
    expect(toggled(toggled(one, other), one)).toEqual(other)
    expect(joined(one, one)).toEqual(one)
    expect(toggled(one, { kind: 'seats', names: ['A-1-1'] })).toEqual({ kind: 'seats', names: ['A-1-1'] })
  })
})

describe('the keys', () => {
  const press = (hands: Hands, key: Partial<KeyLike>) => runKey(hands, { ...KEY, ...key }, true)

  test('copy and paste bring what is special about seats along, also after the original is gone', () => {
    const hands = handsOf({ ...small(), places: { 'A-1-1': { kind: 'wheelchair' } } })
    hands.desk.select({ kind: 'sections', names: ['A'] })
    press(hands, { code: 'KeyC', ctrlKey: true })
    press(hands, { key: 'Delete', code: 'Delete' })
    press(hands, { code: 'KeyV', ctrlKey: true })
    expect(hands.desk.plan.sections.map(({ section }) => section)).toEqual(['B', 'A'])
    expect(hands.desk.plan.places).toEqual({ 'A-1-1': { kind: 'wheelchair' } })
    press(hands, { code: 'KeyV', metaKey: true })
    expect(hands.desk.plan.places['C-1-1']).toEqual({ kind: 'wheelchair' })
  })

  test('letters work by their place on the keyboard, and only on the drawing', () => {
    const hands = handsOf(small())
    expect(press(hands, { key: 'ㅠ', code: 'KeyB' })).toBe(true)
    expect(hands.desk.state.tool).toBe('grade')
    expect(runKey(hands, { ...KEY, key: 'v', code: 'KeyV' }, false)).toBe(false)
    expect(runKey(hands, { ...KEY, key: 'z', code: 'KeyZ', ctrlKey: true }, false)).toBe(true)
  })

  test('Tab goes through the sections and then leaves', () => {
    const hands = handsOf(small())
    expect(press(hands, { key: 'Tab' })).toBe(false)
    press(hands, { key: 'Enter' })
    expect(hands.desk.state.selection).toEqual({ kind: 'sections', names: ['A'] })
    expect(press(hands, { key: 'Tab' })).toBe(true)
    expect(hands.desk.state.selection).toEqual({ kind: 'sections', names: ['B'] })
    expect(press(hands, { key: 'Tab' })).toBe(false)
  })

  test('no two commands take the same key', () => {
    const shown = COMMANDS.map(({ keys }) => keys.join(' '))
    expect(new Set(shown).size).toBe(shown.length)
  })
})

describe('fields', () => {
  test('aisles are read from a list', () => {
    expect(aislesOf('6, 14')).toEqual([6, 14])
    expect(aislesOf(' ')).toEqual([])
    expect(aislesOf('6, x')).toBeUndefined()
  })

  test('one value of all, or none', () => {
    expect(commonOf([1, 1])).toBe(1)
    expect(commonOf([1, 2])).toBeUndefined()
  })
})
