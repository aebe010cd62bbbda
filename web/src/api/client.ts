/** The functions, typed by the committed OpenAPI document: every call answers its data or throws a `Problem`. */
import createClient, { type FetchResponse, type Middleware } from 'openapi-fetch'
import { accessToken, forgetAccessToken } from '../account/session.ts'
import { noteServerTime } from './clock.ts'
import { inTime } from './inTime.ts'
import { Problem } from './problem.ts'
import type { components, paths } from './schema.d.ts'

export type Schemas = components['schemas']

/** Every request says who asks, if somebody is signed in, and no request waits for ever. */
const asSignedIn: Middleware = {
  async onRequest({ request }) {
    const token = await accessToken()
    if (token !== undefined && !request.headers.has('authorization')) {
      request.headers.set('authorization', `Bearer ${token}`)
    }
    return new Request(request, { signal: AbortSignal.any([request.signal, inTime()]) })
  },
  onResponse({ request, response }) {
    noteServerTime(response)
    if (response.status === 401) forgetAccessToken(request.headers.get('authorization'))
  },
  onError({ error }) {
    return error instanceof Problem ? error : new Problem(0, { detail: String(error) })
  },
}

/** Calls by path: `api.GET('/v1/shows/{show_id}', …)`. */
export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? 'http://localhost' })
api.use(asSignedIn)

/** The data of an answer. */
export async function answer<T extends Record<string | number, unknown>, O, M extends `${string}/${string}`>(
  call: Promise<FetchResponse<T, O, M>>,
): Promise<NonNullable<FetchResponse<T, O, M>['data']>> {
  return (await answered(call)).data
}

/** The data of an answer, and its status where that says something. */
export async function answered<T extends Record<string | number, unknown>, O, M extends `${string}/${string}`>(
  call: Promise<FetchResponse<T, O, M>>,
): Promise<{ data: NonNullable<FetchResponse<T, O, M>['data']>; status: number }> {
  const { data, error, response } = await call
  if (!response.ok) throw Problem.from(response, error)
  return { data: data as NonNullable<FetchResponse<T, O, M>['data']>, status: response.status }
}
