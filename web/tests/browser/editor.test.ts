/** The editor of houses: a hall is drawn by keys alone and by mouse, undone, imported, saved, and sold on the buyers' map. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { oneBrowser, visitor, WIDE } from './browser.ts'
import { call, logIn, newBuyer, ORGANIZER, tokenOf } from './people.ts'
import { startYemae, type Yemae } from './yemae.ts'

const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae()
})
afterAll(() => yemae.stop())

const drawing = (page: Page): Locator => page.getByRole('application')
const sections = (page: Page): Locator => page.getByRole('region', { name: '구역', exact: true }).getByRole('listitem')

async function organizer(): Promise<Page> {
  const page = await visitor(browser(), yemae.url, WIDE)
  await logIn(page, ORGANIZER)
  return page
}

async function fromTemplate(page: Page, template: RegExp): Promise<void> {
  await page.goto('/manage/houses/new')
  await page.getByRole('button', { name: template }).click()
  await page.getByRole('button', { name: '이 크기로 그리기' }).click()
  await drawing(page).waitFor()
}

test('a hall is drawn by keys alone, undone and done again', async () => {
  const page = await organizer()
  await fromTemplate(page, /^클럽/)
  await drawing(page).focus()
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const field = (name: string) => page.getByLabel(name, { exact: true }).inputValue()

  await press('Enter')
  await expect.poll(() => field('구역 이름')).toBe('A')
  const [x, y] = [Number(await field('가로 위치')), Number(await field('세로 위치'))]
  await press('ArrowLeft', 'Shift+ArrowLeft', 'ArrowDown', ']', 'Shift+]', '.')
  expect(Number(await field('가로 위치'))).toBeCloseTo(x - 1.1)
  expect(Number(await field('세로 위치'))).toBeCloseTo(y + 0.1)
  expect(await field('회전')).toBe('16')
  expect(Number(await field('곡률 반지름'))).toBe(80)

  await press('Tab')
  await expect.poll(() => field('구역 이름')).toBe('B')
  await press('Control+d')
  await expect.poll(() => sections(page).count()).toBe(4)
  await press('m')
  await expect.poll(() => sections(page).count()).toBe(5)
  await press('Delete')
  await expect.poll(() => sections(page).count()).toBe(4)

  await press('r', 'Enter')
  await expect.poll(() => sections(page).count()).toBe(5)
  expect(await field('열 수')).toBe('8')

  await press('a', 'Enter', 'Shift+ArrowRight', 'Shift+ArrowRight')
  await page.getByRole('strong').getByText('3석', { exact: true }).waitFor()
  await press('k', 'Enter')
  await page.getByRole('button', { name: '휠체어석', pressed: true }).first().waitFor()
  await press('Escape', 'Escape')

  for (let step = 0; step < 20; step++) await press('Control+z')
  await expect.poll(() => sections(page).count()).toBe(3)
  await press('Enter')
  expect(Number(await field('가로 위치'))).toBeCloseTo(x)
  expect(await field('회전')).toBe('0')
  for (let step = 0; step < 20; step++) await press('Control+Shift+z')
  await expect.poll(() => sections(page).count()).toBe(5)
})

test('sections are drawn, moved and painted by mouse', async () => {
  const page = await organizer()
  await page.goto('/manage/houses/new')
  await page.getByRole('button', { name: '빈 배치도로 시작하기' }).click()
  const box = await drawing(page).boundingBox()
  if (box === null) throw new Error('the drawing has a place')
  const drag = async (from: [number, number], to: [number, number]) => {
    await page.mouse.move(box.x + from[0], box.y + from[1])
    await page.mouse.down()
    await page.mouse.move(box.x + to[0], box.y + to[1], { steps: 6 })
    await page.mouse.up()
  }
  await page.getByRole('button', { name: '무대', exact: true }).click()
  await drag([200, 60], [480, 130])
  await page.getByRole('button', { name: '좌석 구역' }).click()
  await drag([220, 220], [460, 400])
  const name = page.getByLabel('구역 이름')
  expect(await name.inputValue()).toBe('A')
  const before = Number(await page.getByLabel('세로 위치').inputValue())
  await drag([340, 300], [340, 372])
  expect(Number(await page.getByLabel('세로 위치').inputValue())).toBeGreaterThan(before + 1)

  await page.getByRole('button', { name: '등급 칠하기' }).click()
  await page.getByRole('button', { name: 'S', exact: true }).first().click()
  await page.getByRole('button', { name: '열', exact: true }).click()
  await page.mouse.click(box.x + 340, box.y + 372)
  await page.getByRole('button', { name: '선택', exact: true }).click()
  await page.mouse.click(box.x + 40, box.y + 700)
  await expect.poll(() => page.getByRole('row', { name: /^S/ }).textContent()).toMatch(/[1-9]/)
  await page.getByRole('button', { name: '미리 보기' }).click()
  await page.getByRole('img', { name: '관객이 보는 좌석도' }).waitFor()
  await expectAccessible(page, 'the preview')
  await page.getByRole('button', { name: '닫기' }).click()
  await page.reload()
  await expect.poll(() => sections(page).count()).toBe(1)
})

test('a table of seats is imported, saved as versions, and sold on the buyers’ map', async () => {
  const page = await organizer()
  const file = join(tmpdir(), `yemae-house-${process.pid}.csv`)
  const seats = [1, 2].flatMap(row => [1, 2, 3, 4].map(seat => `A,${row},${seat},${seat * 0.55},${row * 0.9},R`))
  writeFileSync(file, `section,row,seat,x,y,grade\n${seats.join('\n')}\n`)
  await page.goto('/manage/houses/new')
  await page.locator('input[data-import]').setInputFiles(file)
  await drawing(page).waitFor()
  await page.getByLabel('배치도 이름').fill('표로 만든 극장')
  await page.getByRole('button', { name: '저장하기' }).click()
  await page.getByText('버전 1 저장됨').waitFor()
  await page.waitForURL(/\/manage\/houses\/[0-9a-f-]{36}$/)
  const houseId = page.url().split('/').at(-1) ?? ''

  await drawing(page).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('열 수').fill('3')
  await page.getByText('버전 1에서 수정 중').waitFor()
  await page.getByRole('button', { name: '저장하기' }).click()
  await page.getByText('버전 2 저장됨').waitFor()

  await saveElsewhere(houseId)
  await page.getByLabel('열 수').fill('4')
  await page.getByRole('button', { name: '저장하기' }).click()
  await page.getByText('그사이 다른 버전이 저장됐어요').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: '취소' }).click()

  const showId = await newShow()
  await page.goto(`/manage/shows/${showId}/performances/new`)
  await page.getByRole('radio', { name: /^바로 판매/ }).check()
  await page.getByLabel('판매 시작').fill(venueTime(-60))
  await page.getByRole('radio', { name: '배치도에서 고르기' }).check()
  await page.getByRole('button', { name: /다른 곳에서 고친 극장/ }).click()
  await page.getByRole('button', { name: '회차 만들기' }).click()
  await page.getByRole('button', { name: /회차 공개하기$/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: '공개하기' }).click()
  await page.getByRole('link', { name: /판매 현황$/ }).waitFor()

  const buyer = await visitor(browser(), yemae.url)
  await logIn(buyer, await newBuyer(yemae.url))
  const token = await tokenOf(yemae.url, ORGANIZER)
  const { performances } = await call<{ performances: { performance_id: string }[] }>(
    yemae.url,
    'GET',
    `/v1/manage/shows/${showId}`,
    { token },
  )
  await buyer.goto(`/shows/${showId}/performances/${performances[0]?.performance_id}/seats`)
  await buyer.getByRole('img', { name: /12/ }).waitFor()
})

async function saveElsewhere(houseId: string): Promise<void> {
  const token = await tokenOf(yemae.url, ORGANIZER)
  const path = `/v1/manage/houses/${houseId}`
  const { sections } = await call<{ sections: unknown }>(yemae.url, 'GET', path, { token })
  await call(yemae.url, 'PUT', path, { token, body: { name: '다른 곳에서 고친 극장', sections } })
}

async function newShow(): Promise<string> {
  const token = await tokenOf(yemae.url, ORGANIZER)
  const body = {
    title: '배치도로 여는 공연',
    genre: 'theatre',
    venue: '표로 만든 극장',
    grades: [{ grade: 'R', price: 45_000 }],
    currency: 'KRW',
    max_seats_per_user: 4,
  }
  return (await call<{ show_id: string }>(yemae.url, 'POST', '/v1/manage/shows', { token, body })).show_id
}

/** A time some minutes from now, at the venue. */
function venueTime(minutes: number): string {
  return new Date(Date.now() + (9 * 60 + minutes) * 60_000).toISOString().slice(0, 16)
}
