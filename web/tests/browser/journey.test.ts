/** From the poster to the ticket and its cancellation, on a phone, in Korean, through the waiting room; and a declined card. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneBrowser, visitor } from './browser.ts'
import { CLUB, find, HALL, queuePath, seatsPath } from './demo.ts'
import { logIn, newBuyer, tokenOf } from './people.ts'
import { book, steer } from './screens.ts'
import { goOn, pay } from './seats.ts'
import { startYemae, type Yemae } from './yemae.ts'

const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae()
})
afterAll(() => yemae.stop())

test('a buyer books two tickets for the hall, then cancels them', async () => {
  const hall = await find(yemae.url, HALL)
  const page = await visitor(browser(), yemae.url)
  await page.goto('/')
  await page.getByRole('link', { name: HALL }).click()
  await page.getByRole('link', { name: '대기열에 들어가기' }).click()
  await page.getByRole('link', { name: '처음이신가요? 회원가입' }).click()
  await page.getByLabel('이메일').fill('journey@yemae.test')
  await page.getByLabel('이름').fill('여행자')
  await page.getByLabel('비밀번호', { exact: true }).fill('yemae-demo-1234')
  await page.getByRole('button', { name: '회원가입' }).click()

  await page.waitForURL(`**${seatsPath(hall)}`)
  await page.getByRole('button', { name: '나란히 자동 선택' }).click()
  await page.getByRole('radio', { name: '2석' }).check({ force: true })
  await page.getByRole('button', { name: '2석 자동 선택' }).click()
  const chosen = page.getByRole('region', { name: '선택한 좌석' })
  await chosen.getByText('총 2석').waitFor()
  await chosen.getByText('300,000원', { exact: true }).waitFor()
  await goOn(page)

  await pay(page)
  await page.getByRole('heading', { name: '티켓 2장' }).waitFor()
  expect(await page.getByRole('img', { name: /입장 QR 코드$/ }).count()).toBe(2)
  await page.getByRole('link', { name: '예매 내역', exact: true }).click()
  await page.getByRole('link', { name: /도시 교향곡.*예매 완료/ }).click()

  await page.getByRole('button', { name: '예매 취소' }).click()
  await page.getByRole('button', { name: '취소하기' }).click()
  await page.getByText('취소된 예매예요').waitFor()
  await page.getByText('환불 300,000원 · 수수료 0원').waitFor()
})

test('a declined payment is tried again with another card, and charged once', async () => {
  const club = await find(yemae.url, CLUB)
  const buyer = await newBuyer(yemae.url)
  const token = await tokenOf(yemae.url, buyer)
  const booking = await book(yemae.url, token, club, ['A-2-6'])
  const page = await visitor(browser(), yemae.url)
  await logIn(page, buyer)
  await page.goto(`/bookings/${booking}/pay`)
  await pay(page, '거절되는 카드')
  await page.getByText('카드사가 승인하지 않았어요').waitFor()
  await page.reload()
  await pay(page, '연결이 끊기는 카드')
  await page.getByRole('heading', { name: '티켓 1장' }).waitFor({ timeout: 30_000 })
})

test('a closed sale admits no one, and says so', async () => {
  const hall = await find(yemae.url, HALL)
  await steer(yemae.url, hall, { state: 'closed' })
  const page = await visitor(browser(), yemae.url)
  await logIn(page, await newBuyer(yemae.url))
  await page.goto(queuePath(hall))
  await page.getByText('대기열이 마감되었어요').waitFor()
})
