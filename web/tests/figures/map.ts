/**
 * Measures the map with a drawn stadium of 100,000 places beside a plain SVG of it and beside another library for seat maps, in
 * turn in one run: `make web-figures`. Then how soon the whole page answers a tap.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, test } from 'vitest'
import { launch, oneBrowser, PHONE, visitor, WIDE } from '../browser/browser.ts'
import { mapInteractive } from '../browser/settled.ts'
import { layoutOf, stadium, theatre } from '../fixtures/houses.ts'
import { halfSold, SEATS_PATH, signedIn, startStage } from '../fixtures/stage.ts'

const ROUNDS = Number(process.env.YEMAE_ROUNDS ?? 5)
const FRAMES = 120
/** What takes seconds a frame is not shown so many. */
const FRAMES_SLOW = 6
/** `YEMAE_WAYS=yemae` leaves the others out. */
const WAYS = (process.env.YEMAE_WAYS ?? 'yemae,svg,library').split(',')
const layout = JSON.stringify(layoutOf(stadium()))
const browser = oneBrowser()
let folder: string
let server: Server
let url: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yemae-rivals-'))
  await build({
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      lib: { entry: new URL('rivals/page.ts', import.meta.url).pathname, formats: ['es'], fileName: 'page' },
    },
  })
  server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (path === '/layout') return response.end(layout)
    if (extname(path) === '.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' })
      return response.end(readFileSync(join(folder, path.slice(1))))
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    return response.end(PAGE)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

const TOKENS = readFileSync(new URL('../../src/ui/tokens.css', import.meta.url), 'utf8')
const PAGE = `<!doctype html><html lang="ko"><style>${TOKENS} body{margin:0} main{height:100vh}</style><main></main>
<script type="module" src="/page.js"></script>`

test('100,000 places, drawn in three ways', { timeout: 900_000 }, async () => {
  for (const way of WAYS) {
    const took: number[] = []
    for (let round = 0; round < (way === 'yemae' ? ROUNDS : 2); round++) {
      const page = await visitor(browser(), url, PHONE)
      await page.goto('/')
      took.push(await draw(page, way))
      await page.context().close()
    }
    say(`${way}: from the layout's text to the picture, 390 × 844`, 'ms', took)
  }
  for (const [window, screen] of Object.entries({ '390 × 844': PHONE, '1280 × 900': WIDE })) {
    for (const way of WAYS) {
      for (const slower of [1, 4]) {
        const page = await visitor(browser(), url, screen)
        await page.goto('/')
        await draw(page, way)
        const cdp = await page.context().newCDPSession(page)
        await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
        await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower })
        const slow = await isSlow(page)
        for (const kind of ['pinch', 'pan'] as const) {
          const frames = slow ? FRAMES_SLOW : kind === 'pinch' ? 2 * FRAMES : FRAMES
          if (kind === 'pan' && !slow) await page.evaluate("gesture('pinch', 0)")
          const before = await workOf(cdp)
          const took = await gesture(page, kind, frames)
          const each = ((await workOf(cdp)) - before) / frames
          say(`${way}: a frame of a ${kind}, ${window}, CPU ÷ ${slower}`, 'ms', took)
          if (slower === 1)
            print(`${way}: work of a frame of a ${kind}, ${window}: ${each.toFixed(1)} ms of the main thread`)
        }
        await page.context().close()
      }
    }
  }
  for (const way of WAYS) await measureMemory(way)
})

test('the whole page', { timeout: 300_000 }, async () => {
  const stages = {
    theatre: await startStage(theatre(), { stateOf: halfSold }),
    stadium: await startStage(stadium(), { stateOf: halfSold }),
  }
  const times = { theatre: [] as number[], stadium: [] as number[] }
  const pages = {
    theatre: await visitor(browser(), stages.theatre.url, { ...PHONE, storageState: signedIn(stages.theatre.url) }),
    stadium: await visitor(browser(), stages.stadium.url, { ...PHONE, storageState: signedIn(stages.stadium.url) }),
  }
  for (let round = 0; round <= 9; round++) {
    for (const name of ['theatre', 'stadium'] as const) {
      await pages[name].goto(SEATS_PATH)
      const took = await mapInteractive(pages[name])
      // The first one fills the browser's cache.
      if (round > 0) times[name].push(took)
    }
  }
  say('navigation to an interactive map, a theatre of 1,000', 'ms', times.theatre)
  say('navigation to an interactive map, a stadium of 100,000', 'ms', times.stadium)
  print(`layout of 100,000 places: ${layout.length} bytes; brotli ${brotliCompressSync(layout).length}`)
  await Promise.all(Object.values(stages).map(stage => stage.stop()))
})

function draw(page: Page, way: string): Promise<number> {
  return page.evaluate<number>(`draw(${JSON.stringify(way)})`)
}

function gesture(page: Page, kind: string, frames: number): Promise<number[]> {
  return page.evaluate<number[]>(`gesture(${JSON.stringify(kind)}, ${frames})`)
}

/** How long the main thread has worked, in milliseconds: whatever else the machine does. */
async function workOf(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000
}

const SLOW_MS = 400

async function isSlow(page: Page): Promise<boolean> {
  const [first = 0, second = 0] = await gesture(page, 'pan', 2)
  return Math.max(first, second) > SLOW_MS
}

/** What a page takes more, once the house is drawn, in a browser of its own: its heap, and its process as a whole. */
async function measureMemory(way: string): Promise<void> {
  const own = await launch()
  try {
    const page = await (await own.newContext({ baseURL: url, ...PHONE })).newPage()
    await page.goto('/')
    const cdp = await page.context().newCDPSession(page)
    const before = await memoryOf(own, cdp)
    await draw(page, way)
    await gesture(page, 'pan', 3)
    const after = await memoryOf(own, cdp)
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
    print(
      `${way}: memory: heap ${megabytes(after.heap - before.heap)} MB, process ${megabytes(after.process - before.process)} MB`,
    )
  } finally {
    await own.close()
  }
}

async function memoryOf(own: Browser, cdp: CDPSession): Promise<{ heap: number; process: number }> {
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  const session = await own.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateOf(id))
  return { heap: usedSize, process: Math.max(...renderers) }
}

/** A process's private memory in bytes. */
function privateOf(id: number): number {
  const lines = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8').matchAll(/^Private_\w+:\s+(\d+) kB$/gm)
  return [...lines].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0)
}

function say(what: string, unit: string, values: number[]): void {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1)
  print(`${what}: median ${at(0.5)}, 95 % ${at(0.95)}, worst ${at(1)} ${unit} (${sorted.length} values)`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
