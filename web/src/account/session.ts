/**
 * Who is signed in on this browser: a pair of tokens that all tabs share, renewed by one of them at a time.
 *
 * A refresh token may be exchanged again for half a minute and gives the same successor; later, a second use ends the whole
 * session. Browsers tell other tabs of what was stored a moment late, of their locks at once: so a token is spent under a lock
 * of its own, kept for a while afterwards, and who waits for that lock goes on when the token's successor is heard of.
 */
import { useSyncExternalStore } from 'react'
import { answer, type Schemas, unsigned } from '../api/client.ts'
import { Problem } from '../api/problem.ts'

type TokenPair = Schemas['TokenPair']
export type User = Schemas['User']

interface Session {
  access_token: string
  refresh_token: string
  /** By this browser's clock, milliseconds. */
  expires_at: number
  user?: User
}

const KEY = 'yemae.session'
/** The mark of this device, which outlives the session: at the next log-in others' wrong guesses do not stand in its way. */
const DEVICE_KEY = 'yemae.device'
/** Renewed that long before the end, so that no request carries a token that ends on its way. */
const EARLY_MS = 30_000
/** How long the lock of a spent token is kept: every tab has heard of its successor by then. */
const SPENT_MS = 10_000

/** The token that was refused although it should be good. */
let refused: string | undefined
let session: Session | undefined = read()
const listeners = new Set<() => void>()

globalThis.addEventListener?.('storage', event => {
  if (event.key !== KEY && event.key !== null) return
  session = read()
  tell()
})

/** Who is signed in; `undefined` when nobody is. */
export function useUser(): User | undefined {
  return useSyncExternalStore(subscribe, () => session?.user)
}

/** Calls back when somebody else is signed in, or nobody any more. */
export function onSessionChange(changed: () => void): void {
  let before = session?.user?.user_id
  subscribe(() => {
    if (session?.user?.user_id === before) return
    before = session?.user?.user_id
    changed()
  })
}

export function currentUser(): User | undefined {
  return session?.user
}

/** Signs in, and learns who that is. */
export async function signIn(email: string, password: string): Promise<User> {
  const mark = localStorage.getItem(DEVICE_KEY)
  const header = mark === null ? {} : { 'Device-Token': mark }
  const login = unsigned.POST('/v1/login', { params: { header }, body: { email, password } })
  const { device_token, ...pair } = await answer(login)
  localStorage.setItem(DEVICE_KEY, device_token)
  const headers = { authorization: `Bearer ${pair.access_token}` }
  const user = await answer(unsigned.GET('/v1/me', { headers }))
  keep(pair, user)
  return user
}

/** Signs out here and everywhere this session was used; without the network only here. */
export async function signOut(): Promise<void> {
  const refresh_token = session?.refresh_token
  write(undefined)
  if (refresh_token === undefined) return
  await unsigned.DELETE('/v1/tokens', { body: { refresh_token } }).catch(() => {})
}

/** A token that is good for a while, renewed if need be; `undefined` when nobody is signed in. */
export async function accessToken(): Promise<string | undefined> {
  if (session !== undefined && !fresh(session)) await renewed(session)
  return session?.access_token
}

/** The token was refused: the next request brings another. */
export function forgetAccessToken(authorization: string | null): void {
  if (session !== undefined && authorization === `Bearer ${session.access_token}`) refused = session.access_token
}

let renewing: Promise<void> | undefined
/** Over when the session is renewed, or ended, by this tab or another; it throws when it may be tried again. */
function renewed(old: Session): Promise<void> {
  // Over plain http a browser has no locks: then tabs do not know of each other.
  renewing ??= (navigator.locks === undefined ? renew(old) : renewAlone(old)).finally(() => {
    renewing = undefined
  })
  return renewing
}

function renewAlone(old: Session): Promise<void> {
  const changed = new AbortController()
  const unsubscribe = subscribe(() => {
    if (session?.refresh_token !== old.refresh_token) changed.abort()
  })
  const done = new Promise<void>((resolve, reject) => {
    const spend = async () => {
      session = read()
      if (session?.refresh_token === old.refresh_token) await renew(old)
      resolve()
      await new Promise(over => setTimeout(over, SPENT_MS))
    }
    navigator.locks
      .request(`${KEY}.${old.refresh_token}`, { signal: changed.signal }, spend)
      .catch(error => (changed.signal.aborted ? resolve() : reject(error)))
  })
  return done.finally(unsubscribe)
}

async function renew({ refresh_token }: Session): Promise<void> {
  let pair: TokenPair | undefined
  try {
    pair = await answer(unsigned.POST('/v1/tokens', { body: { refresh_token } }))
  } catch (error) {
    const problem = Problem.of(error)
    if (problem.passing) throw problem
  }
  // Signed out meanwhile, or in as somebody else.
  if (session?.refresh_token !== refresh_token) return
  if (pair === undefined) write(undefined)
  else keep(pair, session.user)
}

function keep(pair: TokenPair, user: User | undefined): void {
  const { access_token, refresh_token, expires_in } = pair
  const expires_at = Date.now() + expires_in * 1000
  write({ access_token, refresh_token, expires_at, ...(user === undefined ? {} : { user }) })
}

function fresh({ access_token, expires_at }: Session): boolean {
  return access_token !== refused && expires_at - EARLY_MS > Date.now()
}

function read(): Session | undefined {
  try {
    return JSON.parse(globalThis.localStorage?.getItem(KEY) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

function write(next: Session | undefined): void {
  session = next
  if (next === undefined) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, JSON.stringify(next))
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
