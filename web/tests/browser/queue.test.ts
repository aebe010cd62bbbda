/** The waiting room: a reload, a second tab, minutes offline, a missed call, and automatic entry. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newTab, oneBrowser, visitor } from './browser.ts'
import { find, HALL, queuePath, STADIUM, seatsPath } from './demo.ts'
import { call, logIn, newBuyer, tokenOf } from './people.ts'
import { steer } from './screens.ts'
import { goOn, seatButton } from './seats.ts'
import { startYemae, type Yemae } from './yemae.ts'

const CALL_WINDOW_S = 5
const HOLD_TTL_S = 6
const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae({ YEMAE_CALL_WINDOW_S: String(CALL_WINDOW_S), YEMAE_HOLD_TTL_S: String(HOLD_TTL_S) })
})
afterAll(() => yemae.stop())

test('a place survives a reload, a second tab and minutes offline, and leads to the seats', async () => {
  const hall = await find(yemae.url, HALL)
  await steer(yemae.url, hall, { state: 'paused' })
  await joinBefore(hall.performanceId, 2)
  const page = await visitor(browser(), yemae.url)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto(queuePath(hall))
  const number = page.getByRole('definition').first()
  await page.getByText('판매가 잠시 멈췄어요').waitFor()
  const mine = await number.textContent()
  await page.getByText('2명', { exact: true }).waitFor()

  await page.reload()
  await number.waitFor()
  expect(await number.textContent()).toBe(mine)

  const second = await newTab(page.context())
  await second.goto(queuePath(hall))
  const seen = second.getByRole('definition').first()
  await seen.waitFor()
  expect(await seen.textContent()).toBe(mine)

  await page.context().setOffline(true)
  await page.getByText('인터넷 연결이 끊겼어요').waitFor()
  expect(await number.textContent()).toBe(mine)
  await page.context().setOffline(false)
  await page.getByText('인터넷 연결이 끊겼어요').waitFor({ state: 'detached' })

  await steer(yemae.url, hall, { state: 'open' })
  for (const tab of [page, second]) await tab.waitForURL(`**${seatsPath(hall)}`, { timeout: 30_000 })
})

test('a buyer who leaves the queue is asked first, and can join again', async () => {
  const hall = await find(yemae.url, HALL)
  await steer(yemae.url, hall, { state: 'paused' })
  const page = await visitor(browser(), yemae.url)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto(queuePath(hall))
  await page.getByRole('button', { name: '대기 그만두기' }).click()
  await page.getByRole('button', { name: '그만두기', exact: true }).click()
  await page.getByText('대기를 그만두었어요').waitFor()
  await page.getByRole('button', { name: '대기열에 다시 들어가기' }).click()
  await page.getByText('내 앞에 기다리는 사람').waitFor()
  await steer(yemae.url, hall, { state: 'open' })
})

test('two missed calls are explained, and joining again leads to the seats', async () => {
  const stadium = await find(yemae.url, STADIUM)
  const buyer = await newBuyer(yemae.url)
  const page = await visitor(browser(), yemae.url)
  await logIn(page, buyer)
  await page.goto(queuePath(stadium))
  await page.waitForURL(`**${seatsPath(stadium)}`)

  // A buyer whose phone sleeps when they are called: the account joins without a page, so no page answers.
  const sleeper = await newBuyer(yemae.url)
  const token = await tokenOf(yemae.url, sleeper)
  const body = { performance_id: stadium.performanceId }
  const { queue_ticket } = await call<{ queue_ticket: string }>(yemae.url, 'POST', '/v1/queue-tickets', { token, body })
  const headers = { 'Queue-Ticket': queue_ticket }
  const place = () =>
    call<{ state: string }>(yemae.url, 'GET', `/v1/queues/${stadium.performanceId}/me`, { headers }).catch(
      () => undefined,
    )
  await expect.poll(async () => (await place())?.state, { timeout: 60_000, interval: 2_000 }).toBe('lapsed')

  const late = await visitor(browser(), yemae.url)
  await logIn(late, sleeper)
  await late.evaluate(
    ([key, kept]) => localStorage.setItem(key ?? '', kept ?? ''),
    [`yemae.ticket.${stadium.performanceId}`, await ticketText(late, queue_ticket)],
  )
  await late.goto(queuePath(stadium))
  const lapsed = late.getByText('입장 시간을 놓쳤어요')
  const inside = late.waitForURL(`**${seatsPath(stadium)}`, { timeout: 60_000 })
  await Promise.race([lapsed.waitFor(), inside])
  if (await lapsed.isVisible()) await late.getByRole('button', { name: '대기열에 다시 들어가기' }).click()
  await inside
})

test('a phone that slept inside comes back into the same session', async () => {
  const stadium = await find(yemae.url, STADIUM)
  const page = await visitor(browser(), yemae.url)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto(queuePath(stadium))
  await page.waitForURL(`**${seatsPath(stadium)}`)
  const key = `yemae.admission.${stadium.performanceId}`
  const ends = await page.evaluate(key => {
    const admission = JSON.parse(localStorage.getItem(key) ?? '{}')
    localStorage.setItem(key, JSON.stringify({ ...admission, expires_at: '2020-01-01T00:00:00Z' }))
    return admission.session_ends_at
  }, key)
  await page.reload()
  const kept = () => page.evaluate(key => JSON.parse(localStorage.getItem(key) ?? '{}'), key)
  await expect.poll(async () => (await kept()).expires_at > '2021', { timeout: 15_000 }).toBe(true)
  await page.waitForURL(`**${seatsPath(stadium)}`)
  expect((await kept()).session_ends_at).toBe(ends)
})

test('a proof of work is solved if the organizer requires one', async () => {
  const hall = await find(yemae.url, HALL)
  await steer(yemae.url, hall, { challenge_bits: 12 })
  const page = await visitor(browser(), yemae.url)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto(queuePath(hall))
  await page.waitForURL(`**${seatsPath(hall)}`, { timeout: 30_000 })
  await steer(yemae.url, hall, { challenge_bits: 0 })
})

test('a hold that lapses says so, frees the seat, and can be taken again', async () => {
  const hall = await find(yemae.url, HALL)
  const page = await visitor(browser(), yemae.url)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto(queuePath(hall))
  await page.waitForURL(`**${seatsPath(hall)}`, { timeout: 30_000 })
  await (await seatButton(page, 'A', '1', 1)).click()
  await page.getByText('총 1석').waitFor()
  await page.getByText('좌석 선점이 끝났어요').waitFor({ timeout: (HOLD_TTL_S + 15) * 1_000 })
  await page.getByRole('button', { name: '같은 좌석 다시 선택' }).click()
  await page.getByText('총 1석').waitFor()
  await goOn(page)
})

/** Buyers who joined earlier and do nothing more. */
async function joinBefore(performance_id: string, people: number): Promise<void> {
  for (let person = 0; person < people; person++) {
    const token = await tokenOf(yemae.url, await newBuyer(yemae.url))
    await call(yemae.url, 'POST', '/v1/queue-tickets', { token, body: { performance_id } })
  }
}

/** The ticket as the page stores it. */
async function ticketText(page: import('playwright-core').Page, ticket: string): Promise<string> {
  const user_id = await page.evaluate(() => JSON.parse(localStorage.getItem('yemae.session') ?? '{}').user?.user_id)
  return JSON.stringify({ user_id, ticket, ahead: 0 })
}
