/** A buyer in trouble: the number on the screen is the trace id of the request, and stands in the server's log. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneBrowser, visitor } from './browser.ts'
import { startYemae, type Yemae } from './yemae.ts'

const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae({ YEMAE_LOG: 'info' })
})
afterAll(() => yemae.stop())

/** Tries to log in, and returns the trace id that the request was sent with. */
async function tryToLogIn(page: Page): Promise<string> {
  await page.getByLabel('이메일').fill('no-such-buyer@yemae.test')
  await page.getByLabel('비밀번호', { exact: true }).fill('a wrong password')
  const asked = page.waitForRequest('**/v1/login')
  await page.getByRole('button', { name: '로그인' }).click()
  const header = (await asked).headers().traceparent ?? ''
  expect(header).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  return header.slice(3, 35)
}

/** The number in the notice: what is read, and what is copied. */
async function reference(page: Page): Promise<{ read: string; copied: string }> {
  const notice = page.getByRole('alert').filter({ hasText: '문의 번호' })
  await notice.getByRole('button', { name: '복사' }).click()
  await notice.getByRole('button', { name: '복사됨' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  return { read: (await notice.getByText(copied.slice(0, 8)).ariaSnapshot()) ?? '', copied }
}

async function atLogIn(): Promise<Page> {
  const page = await visitor(browser(), yemae.url)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/login')
  return page
}

test('a refusal of the server is found in its log', async () => {
  const page = await atLogIn()
  const sent = await tryToLogIn(page)
  const { read, copied } = await reference(page)
  expect(copied).toBe(sent)
  expect(read).toContain(sent.slice(0, 8))
  expect(read).not.toContain(sent)
  const line = yemae
    .log()
    .split('\n')
    .find(line => line.includes(sent))
  expect(line).toContain('request.answered')
  expect(line).toContain('/v1/login')
  expect(line).not.toContain('no-such-buyer')
})

test('the number that is selected and copied by keys is whole, also without a clipboard for scripts', async () => {
  const page = await atLogIn()
  // What a page served over plain http finds.
  await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
  await page.goto('/login')
  const sent = await tryToLogIn(page)
  const notice = page.getByRole('alert').filter({ hasText: '문의 번호' })
  const number = notice.locator('code')
  const box = await number.boundingBox()
  expect(box?.width).toBeLessThan(100)
  const pasted = async () => {
    const field = page.getByLabel('이메일')
    await field.fill('')
    await field.press('Control+V')
    return field.inputValue()
  }
  await number.dblclick()
  await page.keyboard.press('Control+C')
  expect(await pasted()).toBe(sent)

  await page.evaluate(() => getSelection()?.removeAllRanges())
  const field = page.getByLabel('이메일')
  await field.fill('something else')
  await field.selectText()
  await field.press('Control+C')
  await notice.getByRole('button', { name: '복사' }).click()
  await notice.getByRole('button', { name: '복사됨' }).waitFor()
  expect(await pasted()).toBe(sent)
})

test('a show that is not there has a number, too', async () => {
  const page = await visitor(browser(), yemae.url)
  await page.goto('/shows/01990000-0000-7000-8000-00000000ffff')
  await page.getByText('문의 번호').waitFor()
})

test('trouble on the way to the server has the number that the page sent', async () => {
  const page = await atLogIn()
  await page.route('**/v1/login', route => route.fulfill({ status: 503, contentType: 'text/html', body: '<html>' }))
  const refused = await tryToLogIn(page)
  expect((await reference(page)).copied).toBe(refused)

  await page.unroute('**/v1/login')
  await page.route('**/v1/login', route => route.abort())
  const lost = await tryToLogIn(page)
  expect(lost).not.toBe(refused)
  await page
    .getByRole('alert')
    .filter({ hasText: lost.slice(0, 8) })
    .waitFor()
  expect((await reference(page)).copied).toBe(lost)
})
