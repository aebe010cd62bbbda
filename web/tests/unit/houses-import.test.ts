/** Plans from files: what is exported is read back, and what is drawn by others becomes sections. */
import { readFileSync } from 'node:fs'
import { DOMParser } from '@xmldom/xmldom'
import { describe, expect, test } from 'vitest'
import { checkPlan } from '../../src/manage/houses/model/check.ts'
import { bytesOf, toBody, toCsv, toJson } from '../../src/manage/houses/model/export.ts'
import { IMPORT_BYTES_MAX } from '../../src/manage/houses/model/import/imported.ts'
import { planOf } from '../../src/manage/houses/model/import/json.ts'
import { readSvg } from '../../src/manage/houses/model/import/svg.ts'
import { type ImportError, importFile, importText } from '../../src/manage/houses/model/import.ts'
import { seatPosition } from '../../src/manage/houses/model/placed.ts'
import type { HousePlan } from '../../src/manage/houses/model/plan.ts'
import { TEMPLATES } from '../../src/manage/houses/model/templates.ts'
import { seatNames } from '../../src/manage/houses/model/totals.ts'
import { chance, planWith, row, section, templateOf } from './houses-plans.ts'

const parse = (text: string) =>
  new DOMParser({ onError: () => {} }).parseFromString(text, 'image/svg+xml') as unknown as Document
const svg = (inside: string, attributes = '') => `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`
const guide = readFileSync('../docs/HOUSES.md', 'utf8')
const example = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(guide)?.[1] ?? ''
const seatsOf = (plan: HousePlan) => plan.sections.flatMap(seatNames)

/** The furthest that a seat of one plan is from the seat of the same name in another, in metres. */
function apart(one: HousePlan, other: HousePlan): number {
  return Math.max(
    ...seatsOf(one).map(name => {
      const [here, there] = [seatPosition(one, name), seatPosition(other, name)]
      return here && there ? Math.hypot(here.x - there.x, here.y - there.y) : Number.POSITIVE_INFINITY
    }),
  )
}

async function errorOf(work: () => unknown): Promise<Pick<ImportError, 'code' | 'where'>> {
  try {
    await work()
  } catch (error) {
    const { code, where } = error as ImportError
    return { code, where }
  }
  throw new Error('it was read')
}

describe('JSON', () => {
  test.each(TEMPLATES)('a %s that is exported is read back without loss', async template => {
    const plan = templateOf(template)
    expect((await importText(toJson(plan), 'json')).plan).toEqual(plan)
    expect(planOf(toBody(plan))).toEqual(plan)
    expect(bytesOf(plan)).toBeGreaterThanOrEqual(new TextEncoder().encode(JSON.stringify(toBody(plan))).length)
  })

  test('layouts of older performances are laid out', async () => {
    const { plan } = await importText(
      '{"layout":{"sections":[{"section":"A","grade":"R","rows":[{"row":1,"seats":3}]}]}}',
      'json',
    )
    expect(plan.sections).toEqual([section('A', [row('1', 3)])])
  })

  test('what is wrong is said with its place', async () => {
    const wrong = (json: string) => errorOf(() => importText(json, 'json'))
    expect(await wrong('{"sections":\n[}')).toMatchObject({ code: 'notJson' })
    expect(await wrong('{"sections":[{"section":"A","grade":"R","at":{"x":0,"y":"1"},"rows":[]}]}')).toEqual({
      code: 'json',
      where: { path: 'sections[0].at.y' },
    })
    expect(await wrong('{"sections":[{"section":"A","grade":"R","rows":[{"row":"1","seats":1001}]}]}')).toEqual({
      code: 'json',
      where: { path: 'sections[0].rows[0].seats' },
    })
    expect(await wrong('{"sections":[{"section":"A","grade":"R","at":{"x":10001,"y":0},"rows":[]}]}')).toMatchObject({
      code: 'json',
    })
    const many = { section: 'A', grade: 'R', rows: Array.from({ length: 101 }, (_, index) => row(String(index), 1000)) }
    expect(await wrong(JSON.stringify({ sections: [many] }))).toMatchObject({ code: 'tooManySeats' })
  })
})

describe('CSV', () => {
  test.each(TEMPLATES)('the seats of a %s stand where they stood', { timeout: 20_000 }, async template => {
    const whole = templateOf(template)
    const plan = { ...whole, sections: whole.sections.filter(({ kind }) => kind === 'seats') }
    const read = await importText(toCsv(plan), 'csv', { name: plan.name })
    expect(read.remarks).toEqual([])
    expect(read.plan.sections.map(({ section }) => section)).toEqual(plan.sections.map(({ section }) => section))
    expect(seatsOf(read.plan)).toEqual(seatsOf(plan))
    expect(apart(plan, read.plan)).toBeLessThan(0.03)
    expect(read.plan.places).toEqual(plan.places)
    expect(checkPlan(read.plan)).toEqual([])
  })

  test('the example of the guide is read', async () => {
    const { plan, remarks } = await importText(example('csv'), 'csv')
    expect(remarks).toEqual([])
    expect(plan.sections).toEqual([section('A', [row('1', 3), row('2', 2, { grade: 'S' })], { at: { x: 0, y: 0 } })])
    expect(plan.places).toEqual({
      'A-1-2': { kind: 'wheelchair' },
      'A-1-3': { kind: 'companion', companion_of: 'A-1-2' },
      'A-2-2': { kind: 'restricted_view' },
    })
  })

  test('what spreadsheets write is read', async () => {
    const lines = ['\uFEFF구역;열;좌석;x;y;비고', '"가";1;1;0,00;0;"기둥; ""왼쪽"""', '가;1;2;0,55;0;', '', '']
    const { plan } = await importText(lines.join('\r\n'), 'csv')
    expect(plan.sections[0]).toMatchObject({ section: '가', at: { x: 0.28, y: 0 }, rows: [row('1', 2)] })
    expect(plan.places).toEqual({ '가-1-1': { note: '기둥; "왼쪽"' } })
    const bytes = new Uint8Array([0xb1, 0xb8, 0xbf, 0xaa, ...new TextEncoder().encode(',row,seat,x,y\nA,1,1,0,0\n')])
    expect((await importFile(new File([bytes], 'house.csv'))).plan.name).toBe('house')
  })

  test('notes that look like formulas, quotes and separators survive', async () => {
    const plan = planWith([section('A', [row('1', 1), row('2', 1)])], {
      places: { 'A-1-1': { note: '=1+1' }, 'A-2-1': { note: 'a, "b"; c' } },
    })
    expect(toCsv(plan)).toContain('" =1+1"')
    expect((await importText(toCsv(plan), 'csv')).plan.places).toEqual(plan.places)
  })

  test('what is wrong is said with its line', async () => {
    const wrong = (csv: string) => errorOf(() => importText(csv, 'csv'))
    expect(await wrong('section,row,x,y\nA,1,0,0')).toEqual({ code: 'column', where: { line: 1 } })
    expect(await wrong('section,row,seat,x,y\nA,1,1,0,0\nA,1,2,one,0')).toEqual({ code: 'cell', where: { line: 3 } })
    expect(await wrong('section,row,seat,x,y,kind\nA,1,1,0,0,sofa')).toEqual({ code: 'cell', where: { line: 2 } })
    expect(await wrong('section,row,seat,x,y\n')).toEqual({ code: 'noSeats', where: {} })
    expect(await wrong('section,row,seat,x,y\nA,1,1,0,Infinity')).toMatchObject({ code: 'cell' })
    expect(await errorOf(() => importFile(new File([new Uint8Array(IMPORT_BYTES_MAX + 1)], 'a.csv')))).toMatchObject({
      code: 'tooLarge',
    })
    expect(await errorOf(() => importFile(new File([new Uint8Array([0xff, 0xff, 0xff])], 'a.csv')))).toMatchObject({
      code: 'notText',
    })
  })
})

describe('what does not fit', () => {
  const table = (seats: [string, number, number, number][]) =>
    `section,row,seat,x,y\n${seats.map(([row, label, x, y]) => `A,${row},${label},${x.toFixed(2)},${y.toFixed(2)}`).join('\n')}`

  test('a section with aisles of another width is cut along them', async () => {
    const seats = [0, 1, 2, 3].flatMap(line =>
      Array.from({ length: 12 }, (_, place): [string, number, number, number] => [
        String(line + 1),
        place + 1,
        place * 0.55 + (place >= 5 ? 2.2 : 0),
        line * 0.9,
      ]),
    )
    const { plan, remarks } = await importText(table(seats), 'csv')
    expect(remarks).toEqual([{ code: 'cut', values: { section: 'A', into: 'A, A_2' } }])
    expect(
      plan.sections.map(section => (section.kind === 'seats' ? section.rows.map(({ seats }) => seats) : [])),
    ).toEqual([
      [5, 5, 5, 5],
      [7, 7, 7, 7],
    ])
    expect(seatPosition(plan, 'A_2-4-12')).toMatchObject({ x: 8.25, y: 2.7 })
  })

  test('a horseshoe becomes parts in which every seat is within 10 cm', async () => {
    const seats = [6, 7].flatMap((radius, line) => {
      const count = radius * 5
      return Array.from({ length: count }, (_, place): [string, number, number, number] => {
        const angle = (place / (count - 1) - 0.5) * Math.PI * 1.2
        const [x, y] = [radius * Math.sin(angle), 0.5 * radius * Math.cos(angle)]
        return [String(line + 1), place + 1, x, y]
      })
    })
    const { plan, remarks } = await importText(table(seats), 'csv', { unitsPerMetre: 1 })
    expect(remarks[0]?.code).toBe('cut')
    expect(plan.sections.length).toBeLessThan(16)
    expect(seatsOf(plan).length).toBe(seats.length)
    const standing = plan.sections.flatMap(section => seatNames(section).map(name => seatPosition(plan, name)))
    for (const [, , x, y] of seats) {
      expect(Math.min(...standing.map(seat => Math.hypot((seat?.x ?? 0) - x, (seat?.y ?? 0) - y)))).toBeLessThan(0.11)
    }
  })

  test('a hand that trembles is forgiven, and told', async () => {
    const next = chance(7)
    const seats = [0, 1, 2].flatMap(line =>
      Array.from({ length: 10 }, (_, place): [string, number, number, number] => [
        String(line + 1),
        place + 1,
        place * 0.55 + (next() - 0.5) * 0.1,
        line * 0.9 + (next() - 0.5) * 0.1,
      ]),
    )
    const { plan, remarks } = await importText(table(seats), 'csv')
    expect(plan.sections.length).toBe(1)
    expect(remarks.map(({ code }) => code)).toEqual(['off'])
    expect(checkPlan({ ...plan, name: 'A' })).toEqual([])
  })
})

describe('SVG', () => {
  test('the example of the guide is read', () => {
    const { plan, remarks } = readSvg(example('svg'), { parse, name: '집' })
    expect(remarks).toEqual([])
    expect(plan.sections).toMatchObject([
      {
        section: 'A',
        grade: 'R',
        turn_deg: 0,
        rows: [
          { row: '1', seats: 5, aisles: [2] },
          { row: '2', seats: 3, grade: 'S', depth_m: 1 },
        ],
      },
      { kind: 'standing', section: 'F', capacity: 120, grade: 'S', at: { x: 0, y: 5.5 } },
    ])
    expect(plan.places['A-1-5']).toEqual({ kind: 'companion', companion_of: 'A-1-4' })
    expect(plan.stage).toMatchObject([{ kind: 'stage', at: { x: 0, y: 0 }, text: 'STAGE' }])
    expect(seatPosition(plan, 'A-1-1')).toMatchObject({ x: expect.closeTo(-1.65, 2), y: expect.closeTo(2.5, 2) })
    expect(checkPlan(plan)).toEqual([])
  })

  test('groups move, turn and scale what is in them', () => {
    const circles = Array.from(
      { length: 6 },
      (_, place) => `<circle id="B-1-${place + 1}" cx="${place}" cy="0" r=".4"/>`,
    )
    const inside = `<rect id="stage" x="-5" y="-5" width="10" height="10"/><g transform="translate(100,100) rotate(90)"><g transform="scale(2)">${circles.join('')}</g></g>`
    const { plan, remarks } = readSvg(svg(inside), { parse })
    expect(remarks).toEqual([{ code: 'scale', values: { perMetre: 3.636, pitch: 0.55 } }])
    expect(plan.sections).toMatchObject([{ section: 'B', rows: [{ seats: 6 }] }])
    const section = plan.sections[0]
    expect(section?.kind === 'seats' && Math.abs(section.turn_deg)).toBe(90)
    // Its rows face the stage, so seat 1 is at the right end.
    expect(section?.kind === 'seats' && section.rows[0]?.numbers).toEqual({ first: 6, step: -1 })
  })

  test('a drawn arena becomes its sections again', { timeout: 20_000 }, () => {
    const plan = templateOf('arena')
    const circles = seatsOf(plan).map(name => {
      const { x = 0, y = 0 } = seatPosition(plan, name) ?? {}
      return `<circle id="${name}" cx="${(x * 30 + 900).toFixed(1)}" cy="${(y * 30 + 900).toFixed(1)}" r="7"/>`
    })
    const stage = '<ellipse id="stage" cx="900" cy="900" rx="150" ry="150"/>'
    const read = readSvg(svg(stage + circles.join('')), { parse, unitsPerMetre: 30 })
    expect(read.remarks).toEqual([])
    expect(apart(plan, read.plan)).toBeLessThan(0.03)
  })

  test('what says no seat is left out and counted; scripts, links and hidden things are not looked at', () => {
    const inside =
      '<script>globalThis.hurt = true</script><image href="http://x.test/a.png"/><defs><circle id="A-1-9" cx="9" cy="9" r="1"/></defs>' +
      '<g display="none"><circle id="A-1-8" cx="9" cy="9" r="1"/></g><circle id="circle12" cx="1" cy="1" r="1"/><path data-seat="A-1-7" d="M0 0"/>' +
      '<circle id="A-1-1" cx="0" cy="0" r="1" onload="globalThis.hurt = true"/><rect data-seat="A-1-2" x="1" y="-1" width="2" height="2"/><circle id="A-1-1" cx="5" cy="0" r="1"/>'
    const { plan, remarks } = readSvg(svg(inside), { parse })
    expect(seatsOf(plan)).toEqual(['A-1-1', 'A-1-2'])
    expect(remarks.slice(1)).toEqual([
      { code: 'unnamed', values: { count: 1 } },
      { code: 'unknown', values: { count: 1 } },
      { code: 'twice', values: { count: 1 } },
    ])
    expect(globalThis).not.toHaveProperty('hurt')
  })

  test('entities that grow or reach outside are refused, and so is what is no SVG', async () => {
    const wrong = (source: string) => errorOf(() => readSvg(source, { parse }))
    const bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    expect(await wrong(bomb + svg('&b;'))).toMatchObject({ code: 'notSvg' })
    expect(await wrong(`<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>${svg('')}`)).toMatchObject({
      code: 'notSvg',
    })
    expect(await wrong('<html xmlns="http://www.w3.org/1999/xhtml"/>')).toMatchObject({ code: 'notSvg' })
    expect(await wrong('<svg')).toMatchObject({ code: 'notSvg' })
    expect(await wrong(svg('<circle r="1"/>'))).toMatchObject({ code: 'noSeats' })
    expect(await wrong(svg('<g>'.repeat(300) + '</g>'.repeat(300)))).toMatchObject({ code: 'tooLarge' })
  })
})
