/** The code of a failed request, whether a function or a gateway answered it. */
import { describe, expect, test } from 'vitest'
import { Problem } from '../../src/api/problem.ts'
import en from '../../src/i18n/en/index.ts'

const said = (status: number, body: unknown, headers = {}) =>
  Problem.from(new Response(null, { status, headers }), body)

describe('a problem', () => {
  test.each([
    [503, 'function_unavailable'],
    [502, 'function_unavailable'],
    [504, 'timeout'],
    [408, 'request_timeout'],
    [413, 'body_too_large'],
    [500, 'internal'],
    [418, 'internal'],
  ])('of status %i in the words of a front is %s', (status, code) => {
    expect(said(status, '<html>Bad Gateway</html>').code).toBe(code)
    expect(en.problems).toHaveProperty(code)
  })

  test('of ours keeps its code', () => {
    expect(said(502, { code: 'payment_provider_unavailable' }).code).toBe('payment_provider_unavailable')
    expect(said(503, { code: 'store_unavailable' }).code).toBe('store_unavailable')
    expect(new Problem(0, {}).code).toBe('offline')
  })

  test('is passing if waiting or sending again can help', () => {
    const passes = (status: number) => said(status, {}).passing
    expect([408, 429, 502, 503, 504].every(passes)).toBe(true)
    expect([400, 401, 403, 404, 409, 413, 414, 415, 422, 431].some(passes)).toBe(false)
  })

  test('says when to try again, as its header does', () => {
    expect(said(503, { code: 'function_unavailable', retry_after_ms: 1000 }, { 'retry-after': '7' }).retryAfterMs).toBe(
      7000,
    )
  })
})
