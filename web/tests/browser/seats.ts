/** Chooses seats in tests: in the list by button, on the map by position. */
import type { Locator, Page } from 'playwright-core'

/** Opens the row in the list, and returns the seat's button. */
export async function seatButton(page: Page, section: string, row: string, number: number): Promise<Locator> {
  const list = page.getByRole('button', { name: '목록으로 선택' })
  const map = page.getByRole('button', { name: '배치도로 보기' })
  await list.or(map).waitFor()
  if (await list.isVisible()) await list.click()
  await open(page.getByRole('button', { name: new RegExp(`^${section}구역`) }))
  await open(page.getByRole('button', { name: new RegExp(`^${row}열`) }))
  return page.getByRole('button', { name: new RegExp(`^${section}구역 ${row}열 ${number}번,`) })
}

async function open(bar: Locator): Promise<void> {
  if ((await bar.getAttribute('aria-expanded')) === 'false') await bar.click()
}

/** What the page says about a seat. */
export async function stateOf(seat: Locator): Promise<string> {
  return ((await seat.getAttribute('aria-label')) ?? '').split(', ').at(-1) ?? ''
}

/** Continues to the payment, even if a single seat would be left. */
export async function goOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: '다음: 결제' }).click()
  const insist = page.getByRole('button', { name: '그대로 진행' })
  const paying = page.waitForURL('**/pay')
  await Promise.race([paying, insist.click().catch(() => {})])
  await paying
}

/** Picks what the sandbox provider will do, and pays. */
export async function pay(page: Page, way = '모의 카드'): Promise<void> {
  await page.getByRole('radio', { name: way }).check()
  await page.getByRole('button', { name: /결제하기$/ }).click()
}
