/** Draws the pictures of docs/WEB.md and the README, every screen: `make web-pictures`. */
import { mkdirSync } from 'node:fs'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { oneBrowser, PHONE, somebody, WIDE } from '../browser/browser.ts'
import { logIn, ORGANIZER } from '../browser/people.ts'
import { prepare, type Screen, type Stage } from '../browser/screens.ts'
import { settled } from '../browser/settled.ts'
import { startYemae, type Yemae } from '../browser/yemae.ts'

const FOLDER = '../docs/pictures'
/** Buyers hold phones, organizers sit before a wide window. */
const WINDOWS: Record<Screen['who'], BrowserContextOptions> = { nobody: PHONE, buyer: PHONE, organizer: WIDE }

const browser = oneBrowser()
let yemae: Yemae
let stage: Stage
beforeAll(async () => {
  yemae = await startYemae()
  stage = await prepare(yemae.url)
  mkdirSync(FOLDER, { recursive: true })
})
afterAll(() => yemae.stop())

test.each(['light', 'dark'] as const)('pictures in %s', { timeout: 300_000 }, async colorScheme => {
  for (const who of ['nobody', 'buyer', 'organizer'] as const) {
    const page = await somebody(browser(), yemae.url, { ...WINDOWS[who], colorScheme })
    if (who === 'buyer') await logIn(page, stage.buyer)
    if (who === 'organizer') await logIn(page, ORGANIZER)
    for (const { name, path, through } of stage.screens.filter(screen => screen.who === who)) {
      if (through !== undefined) {
        await page.goto(through)
        await page.waitForURL(`**${path}`)
      }
      await page.goto(path)
      await settled(page)
      await page.waitForTimeout(1000)
      await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png` })
    }
  }
})
