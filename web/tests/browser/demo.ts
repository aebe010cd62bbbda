/** The demo's shows, found through the public API. */
import { call } from './people.ts'

export interface Found {
  showId: string
  performanceId: string
}

interface Shows {
  items: { show_id: string }[]
}
interface Show {
  performances: { performance_id: string }[]
}

/** The show whose title or venue contains the words. */
export async function find(url: string, words: string): Promise<Found> {
  const shows = await call<Shows>(url, 'GET', `/v1/shows?q=${encodeURIComponent(words)}`)
  const showId = shows.items[0]?.show_id ?? ''
  const show = await call<Show>(url, 'GET', `/v1/shows/${showId}`)
  return { showId, performanceId: show.performances[0]?.performance_id ?? '' }
}

export const HALL = '도시 교향곡'
export const CLUB = '열두 자리'
export const STADIUM = '은하수 투어'
export const ARENA = '불꽃의 밤'

export const queuePath = ({ showId, performanceId }: Found) => `/shows/${showId}/performances/${performanceId}/queue`
export const seatsPath = ({ showId, performanceId }: Found) => `/shows/${showId}/performances/${performanceId}/seats`
