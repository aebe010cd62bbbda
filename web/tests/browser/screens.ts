/** Every screen, with data prepared through the API, for axe and for pictures. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { toBody } from '../../src/manage/houses/model/export.ts'
import { templatePlan } from '../../src/manage/houses/model/templates.ts'
import { visitor } from './browser.ts'
import { ARENA, CLUB, type Found, find, HALL, queuePath, STADIUM, seatsPath } from './demo.ts'
import { type Account, call, logIn, newBuyer, ORGANIZER, tokenOf } from './people.ts'
import { settled } from './settled.ts'

const VISITORS = ['guest', 'buyer', 'organizer'] as const

export interface Screen {
  name: string
  who: (typeof VISITORS)[number]
  path: string
  /** Whether the path needs an admission, so that the waiting room comes first. */
  through?: string
}

export interface Stage {
  url: string
  buyer: Account
  screens: Screen[]
}

const PEOPLE_BEFORE = 24

/** A buyer with bookings, a paused queue, and a house that is partly sold. */
export async function prepare(url: string): Promise<Stage> {
  const buyer = await newBuyer(url)
  const shows = [CLUB, HALL, STADIUM, ARENA].map(words => find(url, words))
  const [club, hall, stadium, arena] = (await Promise.all(shows)) as [Found, Found, Found, Found]
  const token = await tokenOf(url, buyer)
  const paid = await book(url, token, club, ['A-1-2', 'A-1-3'])
  await pay(url, token, paid)
  const unpaid = await book(url, token, club, ['A-2-5'])
  await standStill(url, hall)
  const house = await draw(url)
  return { url, buyer, screens: screensOf({ club, hall, stadium, arena, paid, unpaid, house }) }
}

interface Places {
  club: Found
  hall: Found
  stadium: Found
  arena: Found
  paid: string
  unpaid: string
  house: string
}

function screensOf({ club, hall, stadium, arena, paid, unpaid, house }: Places): Screen[] {
  return [
    { name: 'shows', who: 'guest', path: '/' },
    { name: 'show', who: 'guest', path: `/shows/${hall.showId}` },
    { name: 'login', who: 'guest', path: '/login' },
    { name: 'signup', who: 'guest', path: '/signup' },
    { name: 'queue', who: 'buyer', path: queuePath(hall) },
    { name: 'seats', who: 'buyer', path: seatsPath(stadium), through: queuePath(stadium) },
    { name: 'seats-arena', who: 'buyer', path: seatsPath(arena), through: queuePath(arena) },
    { name: 'seats-club', who: 'buyer', path: seatsPath(club) },
    { name: 'payment', who: 'buyer', path: `/bookings/${unpaid}/pay` },
    { name: 'tickets', who: 'buyer', path: `/bookings/${paid}` },
    { name: 'bookings', who: 'buyer', path: '/bookings' },
    { name: 'manage', who: 'organizer', path: '/manage' },
    { name: 'new-show', who: 'organizer', path: '/manage/shows/new' },
    { name: 'managed-show', who: 'organizer', path: `/manage/shows/${hall.showId}` },
    { name: 'new-performance', who: 'organizer', path: `/manage/shows/${hall.showId}/performances/new` },
    { name: 'houses', who: 'organizer', path: '/manage/houses' },
    { name: 'new-house', who: 'organizer', path: '/manage/houses/new' },
    { name: 'house', who: 'organizer', path: `/manage/houses/${house}` },
    { name: 'sale', who: 'organizer', path: `/manage/sales/${hall.performanceId}` },
  ]
}

/** Visits every screen as the user it is for, each in a browser context of their own, and looks once it is settled. */
export async function visit(
  browser: Browser,
  stage: Stage,
  options: (who: Screen['who']) => BrowserContextOptions,
  look: (page: Page, screen: Screen) => Promise<void>,
): Promise<void> {
  for (const who of VISITORS) {
    const page = await visitor(browser, stage.url, options(who))
    if (who === 'buyer') await logIn(page, stage.buyer)
    if (who === 'organizer') await logIn(page, ORGANIZER)
    for (const screen of stage.screens.filter(screen => screen.who === who)) {
      await show(page, screen)
      await look(page, screen)
    }
  }
}

async function show(page: Page, { path, through }: Screen): Promise<void> {
  if (through !== undefined) {
    await page.goto(through)
    await page.waitForURL(`**${path}`)
  }
  await page.goto(path)
  await settled(page)
}

/** Reserves seats of a sale without a queue. */
export async function book(url: string, token: string, { performanceId }: Found, seats: string[]): Promise<string> {
  const body = { performance_id: performanceId, seats }
  const { hold_id } = await call<{ hold_id: string }>(url, 'POST', '/v1/holds', { token, body })
  const headers = { 'Idempotency-Key': `book-${hold_id}` }
  const booking = await call<{ booking_id: string }>(url, 'POST', '/v1/bookings', { token, headers, body: { hold_id } })
  return booking.booking_id
}

/** A house in the organizer's library. */
async function draw(url: string): Promise<string> {
  const words = { stage: '무대', bar: '바', sound: '음향' }
  const plan = templatePlan('theatre', { grades: ['VIP', 'R', 'S', 'A'], name: '달빛 극장', words })
  const token = await tokenOf(url, ORGANIZER)
  const { house_id } = await call<{ house_id: string }>(url, 'POST', '/v1/manage/houses', { token, body: toBody(plan) })
  return house_id
}

async function pay(url: string, token: string, booking_id: string): Promise<void> {
  const headers = { 'Idempotency-Key': `pay-${booking_id}` }
  await call(url, 'POST', '/v1/payments', { token, headers, body: { booking_id, method: 'card', token: 'ok' } })
}

/** Steers a sale as its organizer does. */
export async function steer(url: string, { performanceId }: Found, body: Record<string, unknown>): Promise<void> {
  const token = await tokenOf(url, ORGANIZER)
  await call(url, 'PATCH', `/v1/manage/sales/${performanceId}`, { token, body })
}

/** Pauses the sale and lets some buyers join. */
async function standStill(url: string, found: Found): Promise<void> {
  await steer(url, found, { state: 'paused' })
  for (let person = 0; person < PEOPLE_BEFORE; person++) {
    const token = await tokenOf(url, await newBuyer(url))
    await call(url, 'POST', '/v1/queue-tickets', { token, body: { performance_id: found.performanceId } })
  }
}
