/** Chromium as a phone in Korean or as a wide window. Any error in a page fails the test. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'

const CHROMIUM =
  process.env.YEMAE_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(path => existsSync(path))
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  locale: 'ko-KR',
}
export const WIDE: BrowserContextOptions = { viewport: { width: 1280, height: 900 }, locale: 'ko-KR' }

export function launch(): Promise<Browser> {
  return chromium.launch({ ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }), args: ARGUMENTS })
}

/** Starts a browser for the tests of a file. */
export function oneBrowser(): () => Browser {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())
  return () => {
    if (browser === undefined) throw new Error('the browser is started before the tests')
    return browser
  }
}

/** A visitor with a browser context of their own, closed after the test. */
export async function visitor(browser: Browser, url: string, options: BrowserContextOptions = PHONE): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, ...options })
  onTestFinished(() => context.close())
  return newTab(context)
}

/** Another tab of the same visitor. */
export async function newTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('pageerror', error => expect.unreachable(`an error in the page: ${error.message}`))
  page.on('console', message => {
    if (message.text().includes('Content Security Policy')) expect.unreachable(message.text())
  })
  return page
}
