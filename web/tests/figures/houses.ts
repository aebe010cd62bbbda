/**
 * Takes pictures of the demo's houses on the buyers' map, half sold: on a phone in light and in a wide window in dark. It is part
 * of `make web-pictures`.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { planOf } from '../../src/manage/houses/model/import/json.ts'
import type { HousePlan } from '../../src/manage/houses/model/plan.ts'
import { oneBrowser, PHONE, visitor, WIDE } from '../browser/browser.ts'
import { mapInteractive } from '../browser/settled.ts'
import { halfSold, SEATS_PATH, signedIn, startStage } from '../fixtures/stage.ts'

const PROGRAM = resolve(process.env.CARGO_TARGET_DIR ?? '../target', 'debug/yemae-demo')
const FOLDER = '../docs/pictures'
const HOUSES = ['black-box', 'theatre', 'concert-hall', 'arena', 'stadium'] as const
const PRICES: Record<string, number> = { VIP: 198_000, 스탠딩: 154_000, R: 143_000, S: 121_000, A: 99_000, B: 66_000 }
const WINDOWS: Record<string, BrowserContextOptions> = {
  phone: { ...PHONE, colorScheme: 'light' },
  wide: { ...WIDE, colorScheme: 'dark' },
}

const browser = oneBrowser()
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yemae-houses-'))
  execFileSync(PROGRAM, ['--houses', folder])
  mkdirSync(FOLDER, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(HOUSES)('%s', house => {
  test.each(Object.keys(WINDOWS))('on a %s', async window => {
    const plan = planOf(JSON.parse(readFileSync(join(folder, `${house}.json`), 'utf8')))
    const stage = await startStage(plan, { title: plan.name, grades: gradesOf(plan), stateOf: halfSold })
    const page = await visitor(browser(), stage.url, { ...WINDOWS[window], storageState: signedIn(stage.url) })
    await page.goto(SEATS_PATH)
    await mapInteractive(page)
    await page.waitForTimeout(1000)
    await page.screenshot({ path: `${FOLDER}/house-${house}-${window}.png` })
    await stage.stop()
  })
})

/** The grades of a house, the dearest first. */
function gradesOf({ sections, places }: HousePlan): { grade: string; price: number }[] {
  const rows = sections.flatMap(section => (section.kind === 'standing' ? [] : section.rows))
  const named = [...sections, ...rows, ...Object.values(places ?? {})].map(({ grade }) => grade)
  return Object.entries(PRICES)
    .filter(([grade]) => named.includes(grade))
    .map(([grade, price]) => ({ grade, price }))
}
