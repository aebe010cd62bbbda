/** What went wrong, in the words of the contract (RFC 9457), also when no answer came at all. */
import type { components } from './schema.d.ts'

type Body = components['schemas']['Problem']

/** What a front says in words of its own when no function answered it. */
const OTHERS: Partial<Record<number, string>> = {
  0: 'offline',
  408: 'request_timeout',
  413: 'body_too_large',
  429: 'rate_limited',
  502: 'function_unavailable',
  503: 'function_unavailable',
  504: 'timeout',
}

/** A request that did not succeed. */
export class Problem extends Error {
  readonly status: number
  /** Stable name; `offline` when no answer came, and what its status says when it was not one of ours. */
  readonly code: string
  readonly body: Partial<Body>
  /** How long to wait before another try, milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(status: number, body: Partial<Body>, retryAfterMs?: number) {
    super(body.detail ?? body.title ?? body.code ?? `status ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = body.code ?? OTHERS[status] ?? 'internal'
    this.body = body
    this.retryAfterMs = retryAfterMs ?? body.retry_after_ms ?? undefined
  }

  /** Whether the same request may succeed a moment later. */
  get passing(): boolean {
    return [0, 408, 429].includes(this.status) || this.status >= 500 || this.code === 'idempotency_in_progress'
  }

  static of(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem(0, { detail: String(error) })
  }

  static from(response: Response, body: unknown): Problem {
    const known = typeof body === 'object' && body !== null ? (body as Partial<Body>) : {}
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    return new Problem(response.status, known, Number.isFinite(seconds) ? seconds * 1000 : undefined)
  }
}

/** Whether an error is a problem with one of these codes. */
export function isProblem(error: unknown, ...codes: string[]): error is Problem {
  return error instanceof Problem && codes.includes(error.code)
}
