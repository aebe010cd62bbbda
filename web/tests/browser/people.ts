/** Accounts for tests, created through the API and signed in through the page. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'

export const DEMO_PASSWORD = 'yemae-demo-1234'
export const ORGANIZER = { email: 'organizer@yemae.test', password: DEMO_PASSWORD }

export interface Account {
  email: string
  password: string
}

/** The API's response as JSON. */
export async function call<T>(
  url: string,
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<T> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** A new buyer. */
export async function newBuyer(url: string, name = '김예매'): Promise<Account> {
  const account = { email: `${randomUUID()}@yemae.test`, password: DEMO_PASSWORD }
  await call(url, 'POST', '/v1/users', { body: { ...account, name } })
  return account
}

interface Tokens {
  access_token: string
  refresh_token: string
  expires_in: number
}

export async function tokenOf(url: string, { email, password }: Account): Promise<string> {
  return (await call<Tokens>(url, 'POST', '/v1/login', { body: { email, password } })).access_token
}

/** Signs in through the page's own form. */
export async function logIn(page: Page, account: Account): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('이메일').fill(account.email)
  await page.getByLabel('비밀번호', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: '로그인' }).click()
  await page.waitForURL('/')
}
