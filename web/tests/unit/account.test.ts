/** The log-in never leads to another site, and recognizes the device next time. */
import { afterEach, expect, test, vi } from 'vitest'
import { placeWithin } from '../../src/account/placeWithin.ts'
import { signIn, signOut } from '../../src/account/session.ts'

afterEach(() => vi.unstubAllGlobals())

test.each([
  ['/shows/7?x=1', '/shows/7?x=1'],
  ['/bookings', '/bookings'],
  [undefined, '/'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
])('%s leads to %s', (next, place) => {
  expect(placeWithin(next)).toBe(place)
})

test('the device token outlives the session and is sent with the next log-in', async () => {
  const stored = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  })
  const marks: (string | null)[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    if (new URL(request.url).pathname !== '/v1/login')
      return Response.json({ user_id: '1', email: 'a@b.c', name: 'A', role: 'buyer' })
    marks.push(request.headers.get('device-token'))
    const device_token = `mark ${marks.length}`
    return Response.json({ access_token: 'a', refresh_token: 'r', token_type: 'Bearer', expires_in: 900, device_token })
  })
  for (let times = 0; times < 3; times += 1) {
    await signIn('a@b.c', 'a long password')
    await signOut()
  }
  expect(marks).toEqual([null, 'mark 1', 'mark 2'])
  expect([...stored]).toEqual([['yemae.device', 'mark 3']])
})
