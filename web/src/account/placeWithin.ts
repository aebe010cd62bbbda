/** Where to go after the log-in: always a place on this site. */

/** The path if it is on this site, or else the front page. */
export function placeWithin(next: string | undefined): string {
  if (next === undefined) return '/'
  const here = 'https://here.invalid'
  const url = URL.canParse(next, here) ? new URL(next, here) : undefined
  return url?.origin === here ? url.pathname + url.search : '/'
}
