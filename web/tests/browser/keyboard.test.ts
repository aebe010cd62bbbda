/** Booking by keyboard alone: Tab, arrow keys and Enter. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneBrowser, visitor, WIDE } from './browser.ts'
import { CLUB, find, seatsPath } from './demo.ts'
import { newBuyer } from './people.ts'
import { startYemae, type Yemae } from './yemae.ts'

const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae()
})
afterAll(() => yemae.stop())

test('the whole way by keyboard alone', async () => {
  const club = await find(yemae.url, CLUB)
  const page = await visitor(browser(), yemae.url, WIDE)
  const buyer = await newBuyer(yemae.url)
  await page.goto(`/shows/${club.showId}`)
  await press(page, '좌석 선택')
  await page.getByRole('heading', { name: '로그인' }).waitFor()
  await type(page, '이메일', buyer.email)
  await type(page, '비밀번호', buyer.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**${seatsPath(club)}`)
  await press(page, '목록으로 선택')
  await press(page, /^A구역/)
  await press(page, /^1열/)
  await reach(page, /^A구역 1열 \d번/)
  for (const number of [2, 3, 4]) {
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toContain(`1열 ${number}번`)
  }
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await page.getByText('총 1석').waitFor()
  await expect.poll(() => page.getByRole('button', { name: '다음: 결제' }).isEnabled()).toBe(true)
  await press(page, '다음: 결제')
  await page.waitForURL('**/pay')
  await press(page, /결제하기$/)
  await page.getByRole('heading', { name: '티켓 1장' }).waitFor()
})

const STOPS_MAX = 60

/** Expects the focused element to have this name. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined
    return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? ''
  })
}

/** Presses Tab until the element with this name has the focus. */
async function reach(page: Page, name: string | RegExp): Promise<void> {
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    await page.keyboard.press('Tab')
    const here = (await focused(page)).trim()
    if (typeof name === 'string' ? here === name : name.test(here)) return
  }
  throw new Error(`no stop is called ${name}`)
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page
    .getByRole(name === '좌석 선택' ? 'link' : 'button', { name })
    .first()
    .waitFor()
  await reach(page, name)
  await page.keyboard.press('Enter')
}

async function type(page: Page, name: string, text: string): Promise<void> {
  await reach(page, name)
  await page.keyboard.type(text)
}
