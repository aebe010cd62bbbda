/**
 * Who is signed in on this browser: a pair of tokens that all tabs share, renewed by one of them at a time.
 *
 * A refresh token is good once, and its second use ends the whole session: so renewing happens under a lock of the browser,
 * and who waited for it looks first whether another tab was faster.
 */
import { useSyncExternalStore } from 'react'
import { Problem } from '../api/problem.ts'
import type { components } from '../api/schema.d.ts'

type TokenPair = components['schemas']['TokenPair']
export type User = components['schemas']['User']

interface Session {
  access_token: string
  refresh_token: string
  /** By this browser's clock, milliseconds. */
  expires_at: number
  user?: User
}

const KEY = 'yemae.session'
/** Renewed that long before the end, so that no request carries a token that ends on its way. */
const EARLY_MS = 30_000

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
  const pair = await post<TokenPair>('/v1/login', { email, password })
  const response = await fetch('/v1/me', { headers: { authorization: `Bearer ${pair.access_token}` } })
  const user = await bodyOf<User>(response)
  keep(pair, user)
  return user
}

/** Signs out here and everywhere this session was used; without the network only here. */
export async function signOut(): Promise<void> {
  const refresh_token = session?.refresh_token
  write(undefined)
  if (refresh_token === undefined) return
  const headers = { 'content-type': 'application/json' }
  await fetch('/v1/tokens', { method: 'DELETE', headers, body: JSON.stringify({ refresh_token }) }).catch(() => {})
}

/** A token that is good for a while, renewed if need be; `undefined` when nobody is signed in. */
export async function accessToken(): Promise<string | undefined> {
  if (session === undefined || fresh(session)) return session?.access_token
  return alone(async () => {
    session = read()
    if (session === undefined || fresh(session)) return session?.access_token
    return renew(session)
  })
}

/** The token was refused: the next request brings another. */
export function forgetAccessToken(authorization: string | null): void {
  if (session !== undefined && authorization === `Bearer ${session.access_token}`) write({ ...session, expires_at: 0 })
}

async function renew({ refresh_token, user }: Session): Promise<string | undefined> {
  try {
    const pair = await post<TokenPair>('/v1/tokens', { refresh_token })
    keep(pair, user)
    return pair.access_token
  } catch (error) {
    const problem = Problem.of(error)
    if (problem.passing) throw problem
    write(undefined)
    return undefined
  }
}

function keep(pair: TokenPair, user: User | undefined): void {
  const { access_token, refresh_token, expires_in } = pair
  const expires_at = Date.now() + expires_in * 1000
  write({ access_token, refresh_token, expires_at, ...(user === undefined ? {} : { user }) })
}

function fresh(session: Session): boolean {
  return session.expires_at - EARLY_MS > Date.now()
}

/** One tab at a time; where the browser has no locks (plain http), at least one request of this tab at a time. */
let last: Promise<unknown> = Promise.resolve()
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (navigator.locks !== undefined) return await navigator.locks.request(KEY, work)
  const mine = last.then(work, work)
  last = mine.catch(() => {})
  return mine
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  return bodyOf<T>(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function bodyOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw Problem.from(response, body)
  return body as T
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
