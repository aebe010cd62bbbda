/**
 * The session of this browser: a pair of tokens that all tabs share and one tab at a time renews.
 *
 * A refresh token can be exchanged again for half a minute, for the same successor; after that, a second use ends the whole
 * session. Other tabs see what was stored a moment late, but locks at once. So a token is spent under a lock of its own, which
 * is kept for a while afterwards, and a tab that waits for the lock goes on once it hears of the token's successor.
 */
import { useSyncExternalStore } from 'react'
import { answer, type Schemas, unsigned } from '../api/client.ts'
import { Problem } from '../api/problem.ts'

type TokenPair = Schemas['TokenPair']
export type User = Schemas['User']

interface Session {
  access_token: string
  refresh_token: string
  /** Milliseconds by this browser's clock. */
  expires_at: number
  user?: User
}

const KEY = 'yemae.session'
/** The device token outlives the session: it keeps wrong guesses from other devices from blocking the next log-in. */
const DEVICE_KEY = 'yemae.device'
/** Renewed this long before it expires, so that no token expires on its way to the server. */
const EARLY_MS = 30_000
/** How long a spent token stays locked: by then every tab has heard of its successor. */
const SPENT_MS = 10_000

/** The access token that the server refused before it expired. */
let refused: string | undefined
let session: Session | undefined = read()
const listeners = new Set<() => void>()

globalThis.addEventListener?.('storage', event => {
  if (event.key !== KEY && event.key !== null) return
  session = read()
  tell()
})

/** The signed-in user; `undefined` when there is none. */
export function useUser(): User | undefined {
  return useSyncExternalStore(subscribe, () => session?.user)
}

/** Calls back when another user signs in, or the user signs out. */
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

/** Signs in and fetches the user. */
export async function signIn(email: string, password: string): Promise<User> {
  const token = localStorage.getItem(DEVICE_KEY)
  const header = token === null ? {} : { 'Device-Token': token }
  const login = unsigned.POST('/v1/login', { params: { header }, body: { email, password } })
  const { device_token, ...pair } = await answer(login)
  localStorage.setItem(DEVICE_KEY, device_token)
  const headers = { authorization: `Bearer ${pair.access_token}` }
  const user = await answer(unsigned.GET('/v1/me', { headers }))
  keep(pair, user)
  return user
}

/** Ends the session everywhere it is used; offline, only here. */
export async function signOut(): Promise<void> {
  const refresh_token = session?.refresh_token
  write(undefined)
  if (refresh_token === undefined) return
  await unsigned.DELETE('/v1/tokens', { body: { refresh_token } }).catch(() => {})
}

/** A token that is good for a while, renewed if necessary; `undefined` when no one is signed in. */
export async function accessToken(): Promise<string | undefined> {
  if (session !== undefined && !fresh(session)) await renewed(session)
  return session?.access_token
}

/** Has the next request renew a token that the server refused. */
export function forgetAccessToken(authorization: string | null): void {
  if (session !== undefined && authorization === `Bearer ${session.access_token}`) refused = session.access_token
}

let renewing: Promise<void> | undefined
/** Resolves when this tab or another has renewed or ended the session; rejects when it is worth trying again. */
function renewed(old: Session): Promise<void> {
  // Over plain http browsers offer no locks, so tabs cannot coordinate.
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
  // The user signed out meanwhile, or another one signed in.
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
