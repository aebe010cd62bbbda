/**
 * Measures the figures of docs/WEB.md: how soon a seat map is usable, how smoothly it moves, how many bytes its states take.
 * Maps of 12 and of 66,000 seats take turns in one run, because machines are noisy: `make web-figures`.
 */
import { brotliCompressSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { oneBrowser, PHONE, visitor, WIDE } from '../browser/browser.ts'
import { CLUB, type Found, find, queuePath, STADIUM, seatsPath } from '../browser/demo.ts'
import { call, logIn, newBuyer, tokenOf } from '../browser/people.ts'
import { seatButton, stateOf } from '../browser/seats.ts'
import { mapInteractive } from '../browser/settled.ts'
import { startYemae, type Yemae } from '../browser/yemae.ts'

const ROUNDS = 9
const PAN_STEPS = 240
const LOCK_ROUNDS = 20
const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae()
})
afterAll(() => yemae.stop())

test('figures', async () => {
  const [club, stadium] = await Promise.all([find(yemae.url, CLUB), find(yemae.url, STADIUM)])
  await measureStart(club, stadium)
  for (const [name, screen] of Object.entries({ '390 × 844': PHONE, '1280 × 900': WIDE })) {
    const page = await admitted(stadium, screen)
    await page.goto(seatsPath(stadium))
    await mapInteractive(page)
    say(`frame while panning 66,000 seats, ${name}`, 'ms', await framesWhilePanning(page))
  }
  await measureLocks(club)
  await measureBytes(club, stadium)
})

/** From navigation to a map that answers a tap, in turn, so that a slow moment of the machine affects both. */
async function measureStart(club: Found, stadium: Found): Promise<void> {
  const page = await admitted(stadium, PHONE)
  const times = { club: [] as number[], stadium: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, found] of Object.entries({ club, stadium }) as ['club' | 'stadium', Found][]) {
      await page.goto(seatsPath(found))
      times[name].push(await mapInteractive(page))
    }
  }
  say('navigation to an interactive map, 12 seats', 'ms', times.club)
  say('navigation to an interactive map, 66,000 seats', 'ms', times.stadium)
}

/** A visitor whom the waiting room has admitted. */
async function admitted(found: Found, screen: typeof PHONE): Promise<Page> {
  const page = await visitor(browser(), yemae.url, screen)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto(queuePath(found))
  await page.waitForURL(`**${seatsPath(found)}`)
  return page
}

/** Zooms in until single seats show, drags back and forth, and measures each frame. */
async function framesWhilePanning(page: Page): Promise<number[]> {
  const map = page.locator('canvas').first()
  const box = await map.boundingBox()
  if (box === null) throw new Error('there is no map')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  for (let step = 0; step < 12; step++) await page.mouse.wheel(0, -120)
  await page.waitForTimeout(500)
  await page.evaluate(`{
    window.frames_ms = []
    let before = performance.now()
    const look = now => { window.frames_ms.push(now - before); before = now; window.looking = requestAnimationFrame(look) }
    window.looking = requestAnimationFrame(look)
  }`)
  await page.mouse.down()
  for (let step = 0; step < PAN_STEPS; step++) {
    const turn = (step / PAN_STEPS) * 4 * Math.PI
    await page.mouse.move(x + Math.sin(turn) * box.width * 0.4, y + Math.sin(turn / 2) * box.height * 0.4)
  }
  await page.mouse.up()
  return page.evaluate<number[]>('cancelAnimationFrame(window.looking), window.frames_ms.slice(2)')
}

/** From the response to a buyer's hold, or its release, until another buyer's page shows it. */
async function measureLocks(club: Found): Promise<void> {
  const page = await visitor(browser(), yemae.url, PHONE)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto(seatsPath(club))
  const seat = await seatButton(page, 'A', '1', 1)
  const token = await tokenOf(yemae.url, await newBuyer(yemae.url))
  const body = { performance_id: club.performanceId, seats: ['A-1-1'] }
  const shown: number[] = []
  for (let round = 0; round < LOCK_ROUNDS; round++) {
    const { hold_id } = await call<{ hold_id: string }>(yemae.url, 'POST', '/v1/holds', { token, body })
    shown.push(await msUntil(async () => (await stateOf(seat)) === '선택 중'))
    await call(yemae.url, 'DELETE', `/v1/holds/${hold_id}`, { token })
    shown.push(await msUntil(async () => (await stateOf(seat)) === '선택 가능'))
  }
  say("another's lock until it shows", 'ms', shown)
}

async function msUntil(seen: () => Promise<boolean>): Promise<number> {
  const from = performance.now()
  while (!(await seen())) await new Promise(resolve => setTimeout(resolve, 5))
  return performance.now() - from
}

async function measureBytes(club: Found, stadium: Found): Promise<void> {
  for (const [name, { performanceId }] of Object.entries({ '12 seats': club, '66,000 seats': stadium })) {
    for (const [what, path] of [
      ['states', `/v1/seats/${performanceId}`],
      ['plan', `/v1/seats/${performanceId}/layout`],
    ] as const) {
      const body = Buffer.from(await (await fetch(yemae.url + path)).arrayBuffer())
      print(`${what}, ${name}: ${body.length} bytes; brotli ${brotliCompressSync(body).length}`)
    }
  }
}

function say(what: string, unit: string, values: number[]): void {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1)
  print(`${what}: median ${at(0.5)}, 95 % ${at(0.95)}, worst ${at(1)} ${unit} (${sorted.length} values)`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
