/** The time limit of a request. */
export function inTime(): AbortSignal {
  return AbortSignal.timeout(15_000)
}
