/** From the list of shows to an account: search, a show's page, the countdown, signing up, language and theme. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newTab, oneBrowser, visitor, WIDE } from './browser.ts'
import { CLUB, find } from './demo.ts'
import { call, logIn, newBuyer, ORGANIZER, tokenOf } from './people.ts'
import { startYemae, type Yemae } from './yemae.ts'

const browser = oneBrowser()
let yemae: Yemae
beforeAll(async () => {
  yemae = await startYemae()
})
afterAll(() => yemae.stop())

describe('shows', () => {
  test('are found by words and by genre, and the address says so', async () => {
    const page = await visitor(browser(), yemae.url)
    await page.goto('/')
    await page.getByRole('link', { name: CLUB }).waitFor()
    await page.getByRole('searchbox', { name: '공연 검색' }).fill('교향곡')
    await page.getByRole('link', { name: CLUB }).waitFor({ state: 'detached' })
    expect(await page.getByRole('listitem').count()).toBe(1)
    expect(decodeURIComponent(page.url())).toContain('q=교향곡')
    await page.getByRole('button', { name: '재즈' }).click()
    await page.getByText('조건에 맞는 공연이 없어요.').waitFor()
    await page.goto('/?genre=jazz')
    await page.getByRole('link', { name: CLUB }).waitFor()
  })

  test('are listed within days', async () => {
    const page = await visitor(browser(), yemae.url, WIDE)
    await page.goto('/?to=2020-01-01')
    await page.getByText('조건에 맞는 공연이 없어요.').waitFor()
    await page.getByRole('button', { name: '조건 지우기' }).click()
    await page.getByRole('link', { name: CLUB }).waitFor()
  })

  test('count down by the server, whatever the phone believes', async () => {
    const { showId, opensAt } = await soonOnSale(yemae.url)
    const page = await visitor(browser(), yemae.url)
    await page.addInitScript(`{ const now = Date.now; Date.now = () => now() + 3_600_000 }`)
    await page.goto(`/shows/${showId}`)
    const timer = page.getByRole('timer')
    await expect
      .poll(
        async () => {
          const [minutes = 0, seconds = 0] = ((await timer.textContent()) ?? '').split(':').map(Number)
          return Math.abs(minutes * 60 + seconds - (opensAt - Date.now()) / 1000)
        },
        { timeout: 10_000 },
      )
      .toBeLessThan(2.5)
  })

  test('an unknown path says so', async () => {
    const page = await visitor(browser(), yemae.url)
    await page.goto('/nowhere')
    await page.getByRole('heading', { name: '찾는 페이지가 없어요' }).waitFor()
    await page.goto('/shows/01990000-0000-7000-8000-00000000ffff')
    await page.getByRole('heading', { name: '찾는 페이지가 없어요' }).waitFor()
  })
})

describe('an account', () => {
  test('is created, and its owner comes back to where they were going', async () => {
    const { showId, performanceId } = await find(yemae.url, CLUB)
    const page = await visitor(browser(), yemae.url)
    await page.goto(`/shows/${showId}`)
    await page.getByRole('link', { name: '좌석 선택' }).click()
    await page.getByRole('link', { name: '처음이신가요? 회원가입' }).click()
    await page.getByLabel('이메일').fill(`new-${Date.now()}@yemae.test`)
    await page.getByLabel('이름').fill('새 관객')
    await page.getByLabel('비밀번호', { exact: true }).fill('짧은비번')
    await page.getByRole('button', { name: '회원가입' }).click()
    await page.getByText('비밀번호는 10자 이상 128자 이하여야 해요.').waitFor()
    await page.getByLabel('비밀번호', { exact: true }).fill('열 글자가 넘는 비밀번호')
    await page.getByRole('button', { name: '회원가입' }).click()
    await page.waitForURL(`**/performances/${performanceId}/seats`)
  })

  test('refuses a wrong password, and can be signed out', async () => {
    const buyer = await newBuyer(yemae.url)
    const page = await visitor(browser(), yemae.url)
    await page.goto('/login?next=https://evil.example/')
    await page.getByLabel('이메일').fill(buyer.email)
    await page.getByLabel('비밀번호', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: '로그인' }).click()
    await page.getByText('이메일 또는 비밀번호가 맞지 않아요.').waitFor()
    await page.getByLabel('비밀번호', { exact: true }).fill(buyer.password)
    await page.getByRole('button', { name: '로그인' }).click()
    await page.waitForURL(`${yemae.url}/`)
    await page.getByRole('button', { name: '로그아웃' }).click()
    await page.getByRole('link', { name: '로그인' }).waitFor()
    expect(await page.evaluate('localStorage.getItem("yemae.session")')).toBeNull()
  })

  test('stays signed in when its token expires, with two tabs at once', async () => {
    const page = await visitor(browser(), yemae.url)
    await logIn(page, await newBuyer(yemae.url))
    await expire(page)
    const second = await newTab(page.context())
    await second.addInitScript(hearOfStorageLate)
    let letGo = () => {}
    const held = new Promise<void>(resolve => {
      letGo = resolve
    })
    await page.context().route('**/v1/tokens', route => void held.then(() => route.continue()))
    const renewals: number[] = []
    page.context().on('response', response => {
      if (response.url().endsWith('/v1/tokens')) renewals.push(response.status())
    })

    const asked = page.waitForRequest('**/v1/tokens')
    await page.goto('/bookings')
    await asked
    await second.goto('/bookings')
    await expect.poll(() => waiting(second)).toBeGreaterThan(0)
    letGo()
    for (const tab of [page, second]) {
      await tab.getByText('아직 예매한 공연이 없어요.').waitFor()
      expect(await tab.evaluate('JSON.parse(localStorage.getItem("yemae.session")).expires_at')).toBeGreaterThan(
        Date.now(),
      )
    }
    expect(renewals).toEqual([200])
  })
})

/** How many requests wait for a lock in this browser. */
function waiting(page: Page): Promise<number> {
  return page.evaluate(async () => (await navigator.locks.query()).pending?.length ?? 0)
}

async function expire(page: Page): Promise<void> {
  await page.evaluate(`{
    const session = JSON.parse(localStorage.getItem('yemae.session'))
    localStorage.setItem('yemae.session', JSON.stringify({ ...session, expires_at: 0 }))
  }`)
}

/** Browsers do not promise when a tab sees what another one stored: this one sees it half a second later. */
function hearOfStorageLate(): void {
  const LATE_MS = 500
  const { getItem, setItem } = Storage.prototype
  const seen = new Map<string, string | null>()
  Storage.prototype.getItem = function (key) {
    if (!seen.has(key)) seen.set(key, getItem.call(this, key))
    return seen.get(key) ?? null
  }
  Storage.prototype.setItem = function (key, value) {
    seen.set(key, value)
    setItem.call(this, key, value)
  }
  globalThis.addEventListener('storage', event => {
    if (!event.isTrusted) return
    event.stopImmediatePropagation()
    setTimeout(() => {
      if (event.key !== null) seen.set(event.key, event.newValue)
      globalThis.dispatchEvent(new StorageEvent('storage', { key: event.key, newValue: event.newValue }))
    }, LATE_MS)
  })
}

test('language and theme are kept', async () => {
  const page = await visitor(browser(), yemae.url)
  await page.goto('/')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Shows' }).waitFor()
  await page.getByLabel('Appearance').selectOption('dark')
  await page.reload()
  await page.getByRole('heading', { name: 'Shows' }).waitFor()
  const seen = await page.evaluate('[document.documentElement.lang, getComputedStyle(document.body).colorScheme]')
  expect(seen).toEqual(['en', 'dark'])
})

test('the documentation of the API loads nothing from other sites', async () => {
  const page = await visitor(browser(), yemae.url, WIDE)
  const elsewhere: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(yemae.url) && !request.url().startsWith('data:')) elsewhere.push(request.url())
  })
  await page.goto('/docs')
  await page.getByRole('heading', { name: /Yemae/ }).waitFor()
  await page.getByText('/v1/seat-stream/{performance_id}').waitFor()
  expect(elsewhere).toEqual([])
})

/** A show that goes on sale in a few minutes. */
async function soonOnSale(url: string): Promise<{ showId: string; opensAt: number }> {
  const token = await tokenOf(url, ORGANIZER)
  const opensAt = Date.now() + 300_000
  const at = (ms: number) => new Date(opensAt + ms).toISOString()
  const { show_id } = await call<{ show_id: string }>(url, 'POST', '/v1/manage/shows', {
    token,
    body: {
      title: '곧 열리는 공연',
      genre: 'play',
      venue: '작은 극장',
      grades: [{ grade: 'R', price: 10_000 }],
      currency: 'KRW',
      max_seats_per_user: 2,
    },
  })
  const { performance_id } = await call<{ performance_id: string }>(
    url,
    'POST',
    `/v1/manage/shows/${show_id}/performances`,
    {
      token,
      body: {
        starts_at: at(86_400_000),
        layout: { sections: [{ section: 'A', grade: 'R', rows: [{ row: '1', seats: 4 }] }] },
        sale: { opens_at: at(0), mode: 'open' },
      },
    },
  )
  await call(url, 'POST', `/v1/manage/performances/${performance_id}/publish`, { token })
  return { showId: show_id, opensAt }
}
