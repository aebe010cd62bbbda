/**
 * Names the trace that a request belongs to (W3C Trace Context): by its id support finds what the functions did for it. What a
 * buyer's action sets in motion is one trace; what happens later by itself has one a request.
 */

/** How long requests are thought to follow from the last action. */
const FOLLOWS_MS = 10_000
const ACTIONS = ['click', 'keydown', 'popstate']

let trace = hex(16)
let begunAt = performance.now()
const sent = new WeakMap<Response, string>()

/** The buyer does something: what follows is another trace. */
export function beginTrace(): void {
  trace = hex(16)
  begunAt = performance.now()
}

for (const action of ACTIONS) globalThis.addEventListener?.(action, beginTrace, true)

/** The header `traceparent` of one more request. */
export function traceparent(): string {
  const follows = performance.now() - begunAt < FOLLOWS_MS
  return `00-${follows ? trace : hex(16)}-${hex(8)}-01`
}

/** The trace id that a request was sent with. */
export function traceOf(request: Request): string | undefined {
  return request.headers.get('traceparent')?.split('-')[1]
}

/** Remembers what a response answers, as it may not say so itself. */
export function noteTrace(response: Response, request: Request): void {
  const id = traceOf(request)
  if (id !== undefined) sent.set(response, id)
}

/** The trace id of the request that this answers. */
export function answeredTrace(response: Response): string | undefined {
  return sent.get(response)
}

function hex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes))
  return Array.from(random, byte => byte.toString(16).padStart(2, '0')).join('')
}
