/** Axe finds nothing wrong on any screen, on a phone and on a wide window, in light and in dark. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { oneBrowser, PHONE, somebody, WIDE } from './browser.ts'
import { logIn, ORGANIZER } from './people.ts'
import { prepare, type Screen, type Stage } from './screens.ts'
import { settled } from './settled.ts'
import { startYemae, type Yemae } from './yemae.ts'

const browser = oneBrowser()
let yemae: Yemae
let stage: Stage
beforeAll(async () => {
  yemae = await startYemae()
  stage = await prepare(yemae.url)
})
afterAll(() => yemae.stop())

const WINDOWS: Record<string, BrowserContextOptions> = { phone: PHONE, wide: WIDE }
const THEMES = ['light', 'dark'] as const

describe.each(Object.keys(WINDOWS))('on a %s', window => {
  test.each(THEMES)('in %s', { timeout: 180_000 }, async colorScheme => {
    const options = { ...WINDOWS[window], colorScheme }
    for (const who of ['nobody', 'buyer', 'organizer'] as const) {
      const page = await somebody(browser(), yemae.url, options)
      if (who === 'buyer') await logIn(page, stage.buyer)
      if (who === 'organizer') await logIn(page, ORGANIZER)
      for (const screen of stage.screens.filter(screen => screen.who === who)) {
        await show(page, screen)
        await expectAccessible(page, `${screen.name}, ${window}, ${colorScheme}`)
      }
    }
  })
})

async function show(page: Page, { path, through }: Screen): Promise<void> {
  if (through !== undefined) {
    await page.goto(through)
    await page.waitForURL(`**${path}`)
  }
  await page.goto(path)
  await settled(page)
}
