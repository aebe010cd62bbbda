/** Drawn houses on the map and in the list: standing places, wheelchair places, turned seats. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { makePlan } from '../../src/seats/geometry.ts'
import { arena, GRADES, layoutOf, theatre } from '../fixtures/houses.ts'
import { SEATS_PATH, type Stage, signedIn, startStage } from '../fixtures/stage.ts'
import { expectAccessible } from './axe.ts'
import { oneBrowser, PHONE, visitor, WIDE } from './browser.ts'
import { mapInteractive } from './settled.ts'

const browser = oneBrowser()

async function opened(stage: Stage, screen = PHONE): Promise<Page> {
  const page = await visitor(browser(), stage.url, { ...screen, storageState: signedIn(stage.url) })
  await page.goto(SEATS_PATH)
  await mapInteractive(page)
  return page
}

/** Where a point of the plan is on the page while the whole house is shown. */
async function pointOf(
  page: Page,
  bounds: { left: number; right: number; top: number; bottom: number },
  x: number,
  y: number,
) {
  const box = await page.locator('canvas').first().boundingBox()
  if (box === null) throw new Error('there is no map')
  const [across, down] = [
    (box.width - 32) / (bounds.right - bounds.left),
    (box.height - 82) / (bounds.bottom - bounds.top),
  ]
  const scale = Math.min(across, down)
  return {
    x: box.x + box.width / 2 + (x - (bounds.left + bounds.right) / 2) * scale,
    y: box.y + box.height / 2 + (y - (bounds.top + bounds.bottom) / 2) * scale - 25,
  }
}

test('a tap on a standing area asks how many, and takes the next entry numbers', async () => {
  const stage = await startStage(arena(), { stateOf: seat => (seat < 20 ? 2 : 0) })
  try {
    const page = await opened(stage)
    const plan = makePlan(
      layoutOf(arena()),
      GRADES.map(({ grade }) => grade),
    )
    const { x, y } = await pointOf(page, plan.bounds, -9, 6)
    await page.touchscreen.tap(x, y)
    const area = page.getByRole('region', { name: '가구역 스탠딩' })
    await area.waitFor()
    await expectAccessible(page, 'a standing area')
    await area.getByRole('button', { name: '한 명 늘리기' }).click()
    await area.getByText('2명').waitFor()
    await area.getByRole('button', { name: '선택하기' }).click()
    await page.getByText('총 2석').waitFor()
    expect(stage.asked).toEqual([expect.objectContaining({ standing: { section: '가', count: 2 } })])
    await page.getByRole('button', { name: '가구역 입장번호 21번 선택 취소' }).waitFor()
  } finally {
    await stage.stop()
  }
})

test('the list takes standing places by keyboard', async () => {
  const stage = await startStage(arena())
  try {
    const page = await opened(stage, WIDE)
    await page.getByRole('button', { name: '목록으로 선택' }).press('Enter')
    await page.getByRole('button', { name: /^나구역/ }).press('Enter')
    await page.getByRole('button', { name: '한 명 늘리기' }).press('Enter')
    await page.getByRole('button', { name: '선택하기' }).press('Enter')
    await page.getByText('총 2석').waitFor()
    await page.getByText('내 입장번호 1, 2번').waitFor()
    // One of them goes back by its name; the other keeps its number.
    await page.getByRole('button', { name: '한 명 줄이기' }).press('Enter')
    await page.getByRole('button', { name: '인원 바꾸기' }).press('Enter')
    await page.getByText('총 1석').waitFor()
    await expect.poll(() => stage.asked.at(-1)).toMatchObject({ seats: ['나-entry-1'] })
    await expectAccessible(page, 'standing places in the list')
  } finally {
    await stage.stop()
  }
})

test('a wheelchair place is asked about, with its companion, and what is special is said', async () => {
  const stage = await startStage(theatre())
  try {
    const page = await opened(stage, WIDE)
    await page.getByRole('button', { name: '목록으로 선택' }).click()
    await page.getByRole('button', { name: /^1층/ }).click()
    await page.getByRole('button', { name: /^N열/ }).click()
    await page.getByRole('button', { name: /^1층 N열 2번, 동반석/ }).click()
    await page.getByText('1층 N열 2번은 동반석이에요').waitFor()
    await page.getByRole('button', { name: /^1층 N열 1번, 휠체어석/ }).click()
    await page.getByText('1층 N열 1번은 휠체어석이에요').waitFor()
    await expectAccessible(page, 'a wheelchair place')
    expect(stage.asked).toEqual([])
    await page.getByRole('button', { name: '휠체어석과 동반석 선택' }).click()
    await page.getByText('총 2석').waitFor()
    await expect.poll(() => stage.asked.length).toBe(1)
    expect(stage.asked[0]).toMatchObject({ seats: ['1층-N-1', '1층-N-2'], wheelchair: 1 })
    await page.getByRole('button', { name: /^L구역/ }).click()
    await page.getByRole('button', { name: /^A열/ }).click()
    await page.getByRole('button', { name: /^L구역 A열 1번, 시야 제한 · 무대 왼쪽이 일부 가려요, R석/ }).waitFor()
  } finally {
    await stage.stop()
  }
})

test('the best seats may be asked for with a wheelchair place, and in two rows', async () => {
  const stage = await startStage(theatre())
  try {
    const page = await opened(stage, WIDE)
    await page.getByRole('checkbox', { name: '휠체어석 1석 포함' }).check()
    await page.getByRole('checkbox', { name: '연석이 없으면 앞뒤 두 줄도 괜찮아요' }).check()
    await page.getByRole('button', { name: '2석 자동 선택' }).click()
    await page.getByText('총 2석').waitFor()
    expect(stage.asked[0]).toMatchObject({ best: { count: 2, grade: 'VIP', wheelchair: 1, split: true } })
    stage.refuse({ code: 'seat_held' })
    await page.getByRole('checkbox', { name: '휠체어석 1석 포함' }).uncheck()
    await page.getByRole('checkbox', { name: '연석이 없으면 앞뒤 두 줄도 괜찮아요' }).uncheck()
    await page.getByRole('button', { name: '2석 자동 선택' }).click()
    await page.getByRole('button', { name: /^앞뒤 두 줄로 나눠 앉기/ }).waitFor()
  } finally {
    await stage.stop()
  }
})

test('a mouse is told what it points at, and a tap on a turned map takes the seat that is seen', async () => {
  const stage = await startStage(theatre())
  try {
    const page = await opened(stage, WIDE)
    const plan = makePlan(
      layoutOf(theatre()),
      GRADES.map(({ grade }) => grade),
    )
    const seat = plan.rowByName.get('L-C')?.first ?? 0
    const { x, y } = await pointOf(page, plan.bounds, plan.xs[seat] ?? 0, plan.ys[seat] ?? 0)
    await page.mouse.move(x, y)
    await page.getByText('L구역 C열 1번').waitFor()
    for (const tool of ['배치도 돌리기', '확대', '확대']) {
      await page.getByRole('button', { name: tool }).click()
      await page.waitForTimeout(600)
    }
    const box = (await page.locator('canvas').first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const card = page.getByText(/^\S+ \S+열 \d+번$/)
    for (let step = 0.3; step < 0.8 && (await card.count()) === 0; step += 0.004)
      await page.mouse.move(box.x + box.width * step, box.y + box.height * 0.45)
    const named = (await card.first().textContent()) ?? ''
    await page.mouse.down()
    await page.mouse.up()
    await page.getByRole('button', { name: `${named} 선택 취소` }).waitFor()
  } finally {
    await stage.stop()
  }
})
