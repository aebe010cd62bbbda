/** The demo's story without its camera: a whole sale in which Redis is killed, no place is lost and no seat sold twice. */
import { afterAll, beforeAll, test } from 'vitest'
import { noCamera } from '../film/camera.ts'
import { signUp } from '../film/crowd.ts'
import { type Redis, startRedis } from '../film/redis.ts'
import { tell } from '../film/story.ts'
import { oneBrowser } from './browser.ts'
import { startYemae, type Yemae } from './yemae.ts'

const OTHERS = 20
const BEFORE = 14
const SALE = { cap: 6, ratePerMin: 120 }
const OPENS_IN_MS = 8_000

const browser = oneBrowser()
let redis: Redis
let yemae: Yemae
beforeAll(async () => {
  redis = await startRedis()
  yemae = await startYemae({ YEMAE_REDIS_URL: redis.url, YEMAE_LOG: 'off' })
})
afterAll(async () => {
  await yemae?.stop()
  await redis?.stop()
})

test('a whole sale, in which Redis is killed', { timeout: 300_000 }, async () => {
  const others = await signUp(yemae.url, OTHERS)
  const stage = { browser: browser(), url: yemae.url, redis, others, before: BEFORE, sale: SALE }
  await tell({ ...stage, language: 'en', opensInMs: OPENS_IN_MS }, async () => noCamera)
})
