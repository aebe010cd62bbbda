/** The organizer's path: creates a show, a house and a sale, publishes, watches and steers it; and its first buyer. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneBrowser, visitor, WIDE } from './browser.ts'
import { find, HALL } from './demo.ts'
import { call, logIn, newBuyer, ORGANIZER, tokenOf } from './people.ts'
import { startYemae, type Yemae } from './yemae.ts'

const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae()
})
afterAll(() => yemae.stop())

const TITLE = '처음 올리는 공연'

test('an organizer creates a show, builds its house, publishes it, and a buyer finds it', async () => {
  const page = await visitor(browser(), yemae.url, WIDE)
  await logIn(page, ORGANIZER)
  await page.getByRole('link', { name: '공연 관리' }).click()
  await page.getByRole('link', { name: '새 공연 만들기' }).click()
  await page.getByLabel('제목').fill(TITLE)
  await page.getByLabel('장르').selectOption({ label: '연극' })
  await page.getByLabel('장소').fill('작은 극장, 서울')
  await page.getByLabel('등급', { exact: true }).first().fill('R')
  await page.getByLabel('가격(원)').first().fill('45000')
  await page.reload()
  expect(await page.getByLabel('제목').inputValue()).toBe(TITLE)
  await page.getByRole('button', { name: '공연 만들기' }).click()

  await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor()
  await page.getByRole('link', { name: '회차 추가' }).click()
  await page.getByLabel('공연 시작').fill(venueTime(10 * 24 * 60))
  await page.getByLabel('판매 시작').fill(venueTime(-60))
  await page.getByRole('radio', { name: /^바로 판매/ }).check()
  await buildHouse(page)
  await page.getByRole('button', { name: '회차 만들기' }).click()

  await page.getByRole('button', { name: /회차 공개하기$/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: '공개하기' }).click()
  await page.getByRole('link', { name: /판매 현황$/ }).click()
  await page.getByRole('heading', { name: '판매 현황' }).waitFor()

  const buyer = await visitor(browser(), yemae.url)
  await buyer.goto('/')
  await buyer.getByRole('link', { name: TITLE }).click()
  await buyer.getByText('12 / 12석').waitFor()
})

test('the second of two organizers who change a show is told, and overwrites nothing', async () => {
  const token = await tokenOf(yemae.url, ORGANIZER)
  const written = {
    title: '둘이 고치는 공연',
    genre: 'theatre',
    venue: '작은 극장',
    grades: [{ grade: 'R', price: 45_000 }],
    currency: 'KRW',
    max_seats_per_user: 4,
  }
  const { show_id } = await call<{ show_id: string }>(yemae.url, 'POST', '/v1/manage/shows', { token, body: written })
  const change = (body: typeof written) => call(yemae.url, 'PUT', `/v1/manage/shows/${show_id}`, { token, body })
  const page = await visitor(browser(), yemae.url, WIDE)
  await logIn(page, ORGANIZER)
  await page.goto(`/manage/shows/${show_id}`)
  const [title, save] = [page.getByLabel('제목'), page.getByRole('button', { name: '저장하기' })]
  await title.fill('처음 고친 제목')
  await save.click()
  await page.getByText('저장했어요.').waitFor()

  await change({ ...written, title: '다른 사람의 제목' })
  await title.fill('나의 제목')
  await save.click()
  await page.getByText('그사이 다른 사람이 이 공연을 바꿨어요.').waitFor()
  expect(await title.inputValue()).toBe('나의 제목')
  await page.getByRole('button', { name: '새로 불러오기' }).click()
  await expect.poll(() => title.inputValue()).toBe('다른 사람의 제목')
  await title.fill('나의 제목')
  await save.click()
  await page.getByText('저장했어요.').waitFor()
})

test('a sale is watched and steered while people wait and hold seats', async () => {
  const hall = await find(yemae.url, HALL)
  const page = await visitor(browser(), yemae.url, WIDE)
  await logIn(page, ORGANIZER)
  await page.goto(`/manage/sales/${hall.performanceId}`)
  await page.getByRole('button', { name: '잠시 멈추기' }).click()
  await page.getByText('멈췄어요. 새로 부르지 않고, 누구의 시간도 줄지 않아요.').waitFor()

  for (let person = 0; person < 3; person++) {
    const token = await tokenOf(yemae.url, await newBuyer(yemae.url))
    await call(yemae.url, 'POST', '/v1/queue-tickets', { token, body: { performance_id: hall.performanceId } })
  }
  const waiting = figure(page, '대기 중')
  await expect.poll(() => waiting.textContent(), { timeout: 10_000 }).toContain('3')

  await page.getByLabel('동시 입장 인원').fill('0')
  await page.getByRole('button', { name: '적용하기' }).click()
  await page.getByText('1부터 100,000까지의 숫자로 적어 주세요.').waitFor()
  await page.getByLabel('동시 입장 인원').fill('321')
  await page.getByRole('button', { name: '적용하기' }).click()
  await page.getByText('최대 321명').waitFor()
  await page.getByText('200 → 321').waitFor()
  await page.getByRole('button', { name: '이어서 판매하기' }).click()
  await page.getByText('정한 시각대로 판매하고 있어요.').waitFor()
})

test('a buyer is told that this area is for organizers', async () => {
  const page = await visitor(browser(), yemae.url)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto('/manage')
  await page.getByText('공연 주최자를 위한 화면이에요').waitFor()
})

/** The smallest template, with its one grade. */
async function buildHouse(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^클럽 12석/ }).click()
  const replace = page.getByRole('button', { name: '바꾸기' })
  if (await replace.isVisible()) await replace.click()
  await page.getByRole('img', { name: /좌석 배치 그림: .*12석/ }).waitFor()
}

/** The number under a label. */
function figure(page: Page, name: string): Locator {
  return page
    .getByRole('region', { name: '실시간 현황' })
    .locator('div', { has: page.getByRole('heading', { name }) })
    .last()
}

/** A time some minutes from now, at the venue. */
function venueTime(minutes: number): string {
  return new Date(Date.now() + (9 * 60 + minutes) * 60_000).toISOString().slice(0, 16)
}
