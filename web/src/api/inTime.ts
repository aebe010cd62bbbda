/** For a request that shall not wait for ever. */
export function inTime(): AbortSignal {
  return AbortSignal.timeout(15_000)
}
