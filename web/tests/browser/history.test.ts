/** The history of a sale on the organizer's console: it fills while seats are sold, and is read with mouse and keys. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { oneBrowser, PHONE, visitor, WIDE } from './browser.ts'
import { CLUB, find, HALL } from './demo.ts'
import { logIn, ORGANIZER } from './people.ts'
import { prepare } from './screens.ts'
import { startYemae, type Yemae } from './yemae.ts'

const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae()
})
afterAll(() => yemae.stop())

/** The timer looks at sales once a minute, and the page asks three times a minute. */
const SHOWN_WITHIN_MS = 100_000

test('a small sale shows on the charts, in the conversion and in the table', { timeout: 240_000 }, async () => {
  const [club, hall] = await Promise.all([find(yemae.url, CLUB), find(yemae.url, HALL)])
  await prepare(yemae.url)
  const page = await visitor(browser(), yemae.url, WIDE)
  await logIn(page, ORGANIZER)
  await page.goto(`/manage/sales/${club.performanceId}`)
  const history = page.getByRole('region', { name: '판매 추이' })
  await history.getByText(/판매 2석 · 결제 대기 1석/).waitFor({ timeout: SHOWN_WITHIN_MS })
  await history.getByRole('row', { name: /결제 1 100.0%/ }).waitFor()

  const slider = history.getByRole('slider', { name: '그래프의 시점' })
  await slider.focus()
  await page.keyboard.press('Home')
  expect(await slider.getAttribute('aria-valuetext')).toContain('석')
  await history.getByText('표로 보기').click()
  await history.getByRole('row', { name: /시점 판매 완료 결제 대기/ }).waitFor()
  await history.getByRole('combobox', { name: '기간' }).selectOption({ label: '최근 1시간' })
  await history.getByRole('columnheader', { name: '최근 1시간' }).waitFor()
  await expectAccessible(page, 'history, wide')

  // What is shown stays while newer points cannot be read, and so does the number of the trouble.
  await page.route('**/history**', route => route.fulfill({ status: 503, contentType: 'text/html', body: '<html>' }))
  const number = history.getByRole('alert').locator('code')
  await number.waitFor({ timeout: 60_000 })
  const first = await number.textContent()
  const again = page.waitForResponse('**/history**')
  await history.getByRole('button', { name: '다시 시도' }).click()
  await again
  await page.waitForTimeout(500)
  expect(await number.textContent()).toBe(first)
  await slider.waitFor()
  await page.unroute('**/history**')
  await history.getByRole('button', { name: '다시 시도' }).click()
  await number.waitFor({ state: 'detached' })

  const phone = await visitor(browser(), yemae.url, {
    ...PHONE,
    colorScheme: 'dark',
    viewport: { width: 360, height: 740 },
  })
  await logIn(phone, ORGANIZER)
  await phone.goto(`/manage/sales/${hall.performanceId}`)
  await phone.getByText(/대기 24명 · 입장 0\/\d+명/).waitFor({ timeout: SHOWN_WITHIN_MS })
  await expectAccessible(phone, 'history, 360 px, dark')
  expect(await overflowing(phone)).toBe(0)
})

/** How much wider the page is than its window. */
function overflowing(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
