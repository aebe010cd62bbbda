/** When a screen has settled. */
import type { Page } from 'playwright-core'

const BROKEN = '화면을 표시하지 못했어요'

/** Waits for a heading, the end of loading, and a painted seat map if there is one. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
  await page.getByText('불러오는 중이에요').waitFor({ state: 'detached' })
  await expectShown(page)
  if (page.url().endsWith('/seats')) {
    await mapInteractive(page)
    await expectShown(page)
  }
}

/** Expects that no screen has failed and been replaced by an apology. */
async function expectShown(page: Page): Promise<void> {
  if (await page.getByText(BROKEN).isVisible()) throw new Error(`${page.url()} says: ${BROKEN}`)
}

const LOOK_EVERY_MS = 20
const WITHIN_MS = 20_000

/** Milliseconds from navigation to a usable seat map. It polls, because the page's policy forbids the browser's own waiting, which evaluates text. */
export async function mapInteractive(page: Page): Promise<number> {
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; ) {
    const at = await page.evaluate(() => performance.getEntriesByName('seats:interactive')[0]?.duration)
    if (at !== undefined) return at
    await page.waitForTimeout(LOOK_EVERY_MS)
  }
  throw new Error('the seat map is not interactive')
}
