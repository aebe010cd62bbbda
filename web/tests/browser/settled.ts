/** When a screen shows what it has to show. */
import type { Page } from 'playwright-core'

/** A heading is there, nothing says that it is loading, and the seat map, if there is one, is painted. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
  await page.getByText('불러오는 중이에요').waitFor({ state: 'detached' })
  if (page.url().endsWith('/seats')) {
    await page.waitForFunction('performance.getEntriesByName("seats:interactive").length > 0')
  }
}
