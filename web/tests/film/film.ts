/** Films the story in both languages: `make demo`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import { LANGUAGES, type Language } from '../../src/i18n/index.ts'
import { oneBrowser } from '../browser/browser.ts'
import { startYemae, type Yemae } from '../browser/yemae.ts'
import { FilmCamera } from './camera.ts'
import { CAPTIONS } from './captions.ts'
import { signUp } from './crowd.ts'
import { type Material, makeFilm, makePicture, material } from './editing.ts'
import { type Redis, startRedis } from './redis.ts'
import { tell } from './story.ts'

const OTHERS = 120
const BEFORE = 72
const SALE = { cap: 24, ratePerMin: 150 }
const OPENS_IN_MS = 25_000

const FILMS = resolve(process.env.CARGO_TARGET_DIR ?? '../target', 'demo')
const PICTURES = resolve('../docs/demo')
const LONG = { timeout: 900_000 }

const browser = oneBrowser()
const recorded = new Map<Language, Material>()
const work = mkdtempSync(join(tmpdir(), 'yemae-film-'))
let redis: Redis
let yemae: Yemae
let others: string[]
beforeAll(async () => {
  redis = await startRedis()
  // That Redis is missed is no news here.
  yemae = await startYemae({ YEMAE_REDIS_URL: redis.url, YEMAE_LOG: 'off' })
  others = await signUp(yemae.url, OTHERS)
  for (const folder of [FILMS, PICTURES]) mkdirSync(folder, { recursive: true })
}, LONG.timeout)
afterAll(async () => {
  await yemae?.stop()
  await redis?.stop()
  rmSync(work, { recursive: true })
})

test.each(LANGUAGES)('a sale in %s', LONG, async language => {
  const folder = join(work, language)
  const camera = new FilmCamera(folder)
  const stage = { browser: browser(), url: yemae.url, redis, language, others, before: BEFORE, sale: SALE }
  await tell({ ...stage, opensInMs: OPENS_IN_MS }, async ({ phone, console }) => {
    await camera.follow('phone', phone)
    await camera.follow('console', console)
    return camera
  })
  await camera.stop()
  recorded.set(language, await material(browser(), camera, CAPTIONS[language], folder))
})

test.each(LANGUAGES)('its picture in %s', LONG, language =>
  made(language, join(PICTURES, `yemae-${language}.gif`), makePicture),
)

test.each(LANGUAGES)('its film in %s', LONG, language => made(language, join(FILMS, `yemae-${language}`), makeFilm))

async function made(language: Language, to: string, make: (material: Material, to: string) => Promise<void>) {
  const material = recorded.get(language)
  if (material === undefined) throw new Error('there is no story to show')
  await make(material, to)
  process.stdout.write(`${to}\n`)
}
