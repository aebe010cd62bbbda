/** The functions, typed by the committed OpenAPI document: every call returns its data or throws a `Problem`. */
import createClient, { type FetchResponse, type Middleware } from 'openapi-fetch'
import { noteServerTime } from './clock.ts'
import { inTime } from './inTime.ts'
import { Problem } from './problem.ts'
import type { components, paths } from './schema.d.ts'
import { noteTrace, traceOf, traceparent } from './trace.ts'

export type Schemas = components['schemas']

/** Where access tokens come from. The account's session renews them through this client, so it is not imported here. */
export interface Tokens {
  /** A token that is good for a while; `undefined` when no one is signed in. */
  accessToken(): Promise<string | undefined>
  /** The server refused the token in this `Authorization` header. */
  forgetAccessToken(authorization: string | null): void
}

let tokens: Tokens | undefined

/** Signs the requests of `api` from now on. */
export function signWith(source: Tokens): void {
  tokens = source
}

const signed: Middleware = {
  async onRequest({ request }) {
    const token = await tokens?.accessToken()
    if (token !== undefined && !request.headers.has('authorization')) {
      request.headers.set('authorization', `Bearer ${token}`)
    }
  },
  onResponse({ request, response }) {
    if (response.status === 401) tokens?.forgetAccessToken(request.headers.get('authorization'))
  },
}

/** No request waits for ever, each is part of a trace, and every failure is a `Problem`. */
const bounded: Middleware = {
  onRequest({ request }) {
    const bounded = new Request(request, { signal: AbortSignal.any([request.signal, inTime()]) })
    bounded.headers.set('traceparent', traceparent())
    return bounded
  },
  onResponse({ request, response }) {
    noteServerTime(response)
    noteTrace(response, request)
  },
  onError: ({ request, error }) => Problem.of(error, traceOf(request)),
}

const here = {
  baseUrl: globalThis.location?.origin ?? 'http://localhost',
  fetch: (request: Request) => fetch(request),
}

/** Calls by path as the signed-in user: `api.GET('/v1/shows/{show_id}', …)`. */
export const api = createClient<paths>(here)
api.use(signed, bounded)

/** Calls without a token, for signing in and renewing one. */
export const unsigned = createClient<paths>(here)
unsigned.use(bounded)

/** The data of a response. */
export async function answer<T extends Record<string | number, unknown>, O, M extends `${string}/${string}`>(
  call: Promise<FetchResponse<T, O, M>>,
): Promise<NonNullable<FetchResponse<T, O, M>['data']>> {
  return (await answered(call)).data
}

/** The data of a response, and its status where that matters. */
export async function answered<T extends Record<string | number, unknown>, O, M extends `${string}/${string}`>(
  call: Promise<FetchResponse<T, O, M>>,
): Promise<{ data: NonNullable<FetchResponse<T, O, M>['data']>; status: number }> {
  const { data, error, response } = await call
  if (!response.ok) throw Problem.from(response, error)
  return { data: data as NonNullable<FetchResponse<T, O, M>['data']>, status: response.status }
}
