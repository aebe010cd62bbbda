/**
 * A whole sale, as a buyer and its organizer see it: the opening, the waiting room, Redis killed in the middle, seats, payment,
 * tickets. It asserts what it shows.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Schemas } from '../../src/api/client.ts'
import type { Language } from '../../src/i18n/index.ts'
import { visitor } from '../browser/browser.ts'
import { seatsPath } from '../browser/demo.ts'
import { type Account, call, newBuyer, ORGANIZER, tokenOf } from '../browser/people.ts'
import { paidSeats } from './buyer.ts'
import type { Camera } from './camera.ts'
import { CAPTIONS, type Caption, type Captions } from './captions.ts'
import { Crowd } from './crowd.ts'
import { type House, openHouse, type Sale } from './house.ts'
import type { Redis } from './redis.ts'
import { CONSOLE, PHONE } from './stage.ts'
import { showTaps } from './taps.ts'
import { type Words, wordsOf } from './words.ts'

export interface Stage {
  browser: Browser
  url: string
  redis: Redis
  language: Language
  /** The access tokens of the other buyers. */
  others: readonly string[]
  /** How many of them join before the buyer whom the story follows. */
  before: number
  sale: Omit<Sale, 'opensAt'>
  /** From the moment the sale is made until it opens. */
  opensInMs: number
}

export interface Pages {
  phone: Page
  console: Page
}

const NAMES: Record<Language, string> = { ko: '김예매', en: 'Robin Park' }
const LOCALES: Record<Language, string> = { ko: 'ko-KR', en: 'en-GB' }
const PATIENCE_MS = 90_000
/** How long before the opening the story begins. */
const BEGINS_MS = 6_500
const WANTED = 2

interface Story extends Pages {
  stage: Stage
  account: Account
  house: House
  crowd: Crowd
  camera: Camera
  words: Words
  captions: Captions
}

/** Prepares a sale, and tells its story before the camera that `film` sets up in front of the pages. */
export async function tell(stage: Stage, film: (pages: Pages) => Promise<Camera>): Promise<void> {
  const { browser, url, language } = stage
  const words = await wordsOf(language)
  const account = await newBuyer(url, NAMES[language])
  const phone = await signedIn(browser, stage, words, PHONE, account)
  const console = await signedIn(browser, stage, words, CONSOLE, ORGANIZER)
  const opensAt = new Date(Date.now() + stage.opensInMs)
  const house = await openHouse(url, language, { ...stage.sale, opensAt })
  await console.goto(`/manage/sales/${house.performanceId}`)
  await console.getByRole('heading', { name: house.title, level: 1 }).waitFor()
  await phone.goto(`/shows/${house.showId}`)
  const join = phone.getByRole('link', { name: words('shows:queue') })
  await phone.getByRole('timer').or(join).first().waitFor()
  await sleep(opensAt.getTime() - BEGINS_MS - Date.now())

  const crowd = new Crowd(url, stage.others, house)
  const camera = await film({ phone, console })
  const story: Story = { stage, account, phone, console, house, crowd, camera, words, captions: CAPTIONS[language] }
  await joinQueue(story)
  await loseRedis(story)
  await chooseSeats(story)
  await pay(story)
  await checkBooks(story)
}

async function signedIn(browser: Browser, stage: Stage, words: Words, window: BrowserContextOptions, account: Account) {
  const page = await visitor(browser, stage.url, { ...window, locale: LOCALES[stage.language], colorScheme: 'light' })
  page.setDefaultTimeout(PATIENCE_MS)
  await showTaps(page)
  await page.goto('/login')
  await page.getByLabel(words('account:email')).fill(account.email)
  await page.getByLabel(words('account:password'), { exact: true }).fill(account.password)
  await page.getByRole('button', { name: words('account:login') }).click()
  await page.waitForURL('/')
  return page
}

/** The opening: the buyer joins in the middle of the crowd. */
async function joinQueue(story: Story): Promise<void> {
  const { stage, phone, crowd, camera, words, captions, house } = story
  const join = phone.getByRole('link', { name: words('shows:queue') })
  await camera.shot(captions.before({ seats: house.seatCount }), { least: 6, most: 7, short: 3 }, () => join.waitFor())
  await camera.shot(captions.opens({ buyers: stage.others.length + 1 }), { least: 4, most: 5, short: 3 }, async () => {
    await crowd.join(stage.before)
    await join.click()
    await numberOn(story).waitFor()
    await crowd.join(stage.others.length - stage.before)
    await camera.linger(1)
  })
  const number = await shownNumber(story)
  const numbers = [...crowd.numbers, number]
  expect(new Set(numbers).size, 'every buyer has a number of their own').toBe(stage.others.length + 1)
  await camera.shot(captions.waits({ number }), { least: 4, most: 6, short: 3 }, () => camera.linger(6))
}

/** Redis dies and comes back empty, and all numbers are what they were. */
async function loseRedis(story: Story): Promise<void> {
  const { stage, phone, crowd, camera, captions } = story
  const before = await ownPlace(story)
  const number = await shownNumber(story)
  expect(number, 'the page shows the number').toBe(before.number)
  const killed: Caption = { ...captions.killed({ number }), redis: 'killed' }
  await camera.shot(killed, { least: 5, most: 6, short: 4.5 }, async () => {
    await stage.redis.kill()
    await camera.linger(5)
    expect(await shownNumber(story), 'the page keeps the number').toBe(number)
  })
  await camera.shot(captions.back, { least: 3, most: 3, short: 2 }, async () => {
    const looked = phone.waitForResponse(response => response.url().endsWith('/me') && response.ok())
    await stage.redis.start()
    await looked
  })
  const kept = await crowd.look()
  expect(kept, 'there are others who wait').toBeGreaterThan(0)
  await camera.shot(captions.kept({ number, kept }), { least: 5, most: 6, short: 5 }, async () => {
    const after = await ownPlace(story)
    expect(after.number, 'the number after the loss').toBe(number)
    expect(after.ahead, 'people ahead after the loss').toBeLessThanOrEqual(before.ahead ?? 0)
    await camera.linger(5)
  })
}

/** The buyer's place, by the ticket that the page keeps. */
async function ownPlace({ stage, phone, house }: Story): Promise<Schemas['Place']> {
  const kept = await phone.evaluate(key => localStorage.getItem(key), `yemae.ticket.${house.performanceId}`)
  const { ticket } = JSON.parse(kept ?? '{}') as { ticket: string }
  const headers = { 'Queue-Ticket': ticket }
  return call(stage.url, 'GET', `/v1/queues/${house.performanceId}/me`, { headers })
}

/** The seat map, while others choose there, and a hold of two seats together. */
async function chooseSeats({ phone, camera, words, captions, house }: Story): Promise<void> {
  const map = phone.getByRole('img', { name: words('seats:map.label') })
  await camera.shot(captions.moves, { least: 3, most: 6, short: 2.5 }, () => phone.waitForURL(`**${seatsPath(house)}`))
  await camera.shot(captions.turn, { least: 3, most: 4, short: 2 }, async () => {
    await map.waitFor()
    await camera.linger(3)
  })
  await camera.shot(captions.map, { least: 6, most: 8, short: 4.5 }, async () => {
    await camera.linger(2)
    await tapAt(map, 0.3, 0.22)
    await camera.linger(5)
  })
  await camera.shot(captions.holds, { least: 5, most: 7, short: 4 }, async () => {
    await phone.getByRole('button', { name: words('seats:best.open') }).click()
    await camera.linger(1.2)
    await phone.getByRole('button', { name: words('seats:best.choose', { count: WANTED }) }).click()
    await phone.getByText(words('seats:chosen.total', { seats: WANTED })).waitFor()
    await camera.linger(3)
  })
}

/** Payment, and a ticket for each seat. */
async function pay({ phone, camera, words, captions }: Story): Promise<void> {
  await camera.shot(captions.pays, { least: 4, most: 6, short: 3 }, async () => {
    await goToPayment(phone, words)
    await camera.linger(2)
    const amount = '.+'
    const name = new RegExp(`^${words('bookings:payment.pay', { amount })}$`)
    await phone.getByRole('button', { name }).click()
    await phone.getByRole('heading', { name: words('bookings:tickets', { count: WANTED }) }).waitFor()
  })
  await camera.shot(captions.ticket, { least: 4, most: 5, short: 3 }, async () => {
    await camera.linger(1)
    await phone.evaluate(() =>
      document.querySelector('article canvas')?.scrollIntoView({ behavior: 'smooth', block: 'center' }),
    )
    await camera.linger(3)
  })
}

/** Goes on even if a single seat would be left. */
async function goToPayment(phone: Page, words: Words): Promise<void> {
  await phone.getByRole('button', { name: words('seats:chosen.next') }).click()
  const insist = phone.getByRole('button', { name: words('seats:orphan.insist') })
  const paying = phone.waitForURL('**/pay')
  await Promise.race([paying, insist.click().catch(() => {})])
  await paying
}

/** When all others have bought: no seat was sold twice, and the console says what the books say. */
async function checkBooks({ stage, account, console, house, crowd, camera, captions }: Story): Promise<void> {
  const { url } = stage
  await crowd.done()
  const own = await paidSeats(url, await tokenOf(url, account), house)
  const seats = [...own, ...(await crowd.seats())]
  expect(own.length, "the buyer's seats").toBe(WANTED)
  expect(new Set(seats).size, 'no seat is in two bookings').toBe(seats.length)
  expect(seats.length, 'no more than there are').toBeLessThanOrEqual(house.seatCount)
  const sale = () => saleOf(url, house)
  await expect.poll(async () => (await sale()).sold, { timeout: PATIENCE_MS }).toBe(seats.length)
  await console.getByText(`${seats.length}`, { exact: true }).first().waitFor()
  const sold = captions.books({ sold: seats.length, buyers: stage.others.length + 1 })
  await camera.shot(sold, { least: 5, most: 6, short: 4.5 }, async () => {
    await camera.linger(1.5)
    await console.evaluate(() => scrollTo({ top: 300, behavior: 'smooth' }))
    await camera.linger(4)
  })
}

async function saleOf(url: string, { performanceId }: House): Promise<Schemas['LiveSale']> {
  return call(url, 'GET', `/v1/manage/sales/${performanceId}`, { token: await tokenOf(url, ORGANIZER) })
}

/** The number, as the waiting room shows it. */
function numberOn({ phone, words }: Story): Locator {
  return phone.locator('dl > div', { hasText: words('queue:number') }).getByRole('definition')
}

const shownNumber = async (story: Story) => digitsOf(await numberOn(story).textContent())

function digitsOf(text: string | null): number {
  return Number((text ?? '').replace(/\D/g, ''))
}

async function tapAt(shown: Locator, across: number, down: number): Promise<void> {
  const box = await shown.boundingBox()
  if (box === null) throw new Error('it is not shown')
  await shown.page().touchscreen.tap(box.x + box.width * across, box.y + box.height * down)
}
