/** No request waits for ever. */
export function inTime(): AbortSignal {
  return AbortSignal.timeout(15_000)
}
