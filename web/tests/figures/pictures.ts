/** Takes the pictures of every screen for docs/WEB.md and the README: `make web-pictures`. */
import { mkdirSync } from 'node:fs'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { oneBrowser, PHONE, WIDE } from '../browser/browser.ts'
import { prepare, type Screen, type Stage, visit } from '../browser/screens.ts'
import { startYemae, type Yemae } from '../browser/yemae.ts'

const FOLDER = '../docs/pictures'
/** Buyers use phones, organizers a wide window. */
const WINDOWS: Record<Screen['who'], BrowserContextOptions> = { guest: PHONE, buyer: PHONE, organizer: WIDE }

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
  await visit(
    browser(),
    stage,
    who => ({ ...WINDOWS[who], colorScheme }),
    async (page, { name }) => {
      await page.waitForTimeout(1000)
      await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png` })
    },
  )
})
