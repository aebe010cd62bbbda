/** A failed request as a problem of the contract (RFC 9457), even when there was no response at all. */
import type { components } from './schema.d.ts'
import { answeredTrace } from './trace.ts'

type Body = components['schemas']['Problem']

/** Codes for statuses that a gateway sends when no function answered. */
const OTHERS: Partial<Record<number, string>> = {
  0: 'offline',
  408: 'request_timeout',
  413: 'body_too_large',
  429: 'rate_limited',
  502: 'function_unavailable',
  503: 'function_unavailable',
  504: 'timeout',
}

/** A failed request. */
export class Problem extends Error {
  readonly status: number
  /** A stable name: `offline` without a response, derived from the status where the body is not ours. */
  readonly code: string
  readonly body: Partial<Body>
  /** Milliseconds to wait before another try. */
  readonly retryAfterMs: number | undefined
  /** What support finds it by: the trace id of the answer, or else of the request. */
  readonly trace: string | undefined

  constructor(status: number, body: Partial<Body>, retryAfterMs?: number, trace?: string) {
    super(body.detail ?? body.title ?? body.code ?? `status ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = body.code ?? OTHERS[status] ?? 'internal'
    this.body = body
    this.retryAfterMs = retryAfterMs ?? body.retry_after_ms ?? undefined
    this.trace = body.trace_id ?? trace
  }

  /** Whether the same request can succeed a moment later. */
  get passing(): boolean {
    return [0, 408, 429].includes(this.status) || this.status >= 500 || this.code === 'idempotency_in_progress'
  }

  /** An error as a problem; `trace` is that of the request, if there was one. */
  static of(error: unknown, trace?: string): Problem {
    return error instanceof Problem ? error : new Problem(0, { detail: String(error) }, undefined, trace)
  }

  static from(response: Response, body: unknown): Problem {
    const known = typeof body === 'object' && body !== null ? (body as Partial<Body>) : {}
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    const waitMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
    return new Problem(response.status, known, waitMs, answeredTrace(response))
  }
}

/** Whether an error is a problem with one of these codes. */
export function isProblem(error: unknown, ...codes: string[]): error is Problem {
  return error instanceof Problem && codes.includes(error.code)
}
