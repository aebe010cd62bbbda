/** Axe finds nothing wrong on any screen, on a phone and on a wide window, in light and in dark. */
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import { oneBrowser, PHONE, WIDE } from './browser.ts'
import { prepare, type Stage, visit } from './screens.ts'
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
    await visit(
      browser(),
      stage,
      () => options,
      (page, { name }) => expectAccessible(page, `${name}, ${window}, ${colorScheme}`),
    )
  })
})
