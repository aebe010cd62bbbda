/** The trace of a request: its header, and the number on the screen by which support finds it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { answer, api } from '../../src/api/client.ts'
import { Problem } from '../../src/api/problem.ts'
import { beginTrace } from '../../src/api/trace.ts'

const asked: Request[] = []
let respond: () => Response

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  beginTrace()
  asked.length = 0
  respond = () => Response.json({ items: [] })
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request)
    return respond()
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const ask = () => answer(api.GET('/v1/shows', {}))
const failure = () =>
  ask().then(
    (): Problem => expect.unreachable(),
    error => Problem.of(error),
  )
const header = (request: Request | undefined) => request?.headers.get('traceparent') ?? ''
const traceId = (request: Request | undefined) => header(request).split('-')[1]

test('every request has one of its own, and is sampled', async () => {
  await ask()
  await ask()
  const [first, second] = asked.map(header)
  expect(first).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(second).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(second).not.toBe(first)
})

test('what follows from an action is one trace, and the next action another', async () => {
  await ask()
  vi.advanceTimersByTime(9_000)
  await ask()
  beginTrace()
  await ask()
  const [first, second, third] = asked.map(traceId)
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

test('what happens long after the last action is a trace of its own', async () => {
  vi.advanceTimersByTime(11_000)
  await ask()
  await ask()
  expect(traceId(asked[0])).not.toBe(traceId(asked[1]))
})

test('a problem is found by the id that the server gave it', async () => {
  const trace_id = '4bf92f3577b34da6a3ce929d0e0e4736'
  respond = () => Response.json({ code: 'store_unavailable', trace_id }, { status: 503 })
  expect((await failure()).trace).toBe(trace_id)
})

test('or by the one that the page sent, where a front answered in its own words, or none', async () => {
  respond = () => new Response('<html>Bad Gateway</html>', { status: 502 })
  expect((await failure()).trace).toBe(traceId(asked[0]))
  respond = () => {
    throw new TypeError('Failed to fetch')
  }
  const offline = await failure()
  expect(offline.code).toBe('offline')
  expect(offline.trace).toBe(traceId(asked[1]))
})

test('an error that is no request has none', () => {
  expect(Problem.of(new Error('a mistake of ours')).trace).toBeUndefined()
})
