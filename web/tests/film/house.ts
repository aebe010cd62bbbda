/** The show of the story, made by its organizer as any other: six hundred seats behind a waiting room. */
import type { Schemas } from '../../src/api/client.ts'
import type { Language } from '../../src/i18n/index.ts'
import { call, ORGANIZER, tokenOf } from '../browser/people.ts'
import type { Random } from './random.ts'

const SHOW: Record<Language, { title: string; venue: string; description: string }> = {
  ko: { title: '별 헤는 밤', venue: '달빛홀, 서울', description: '별 하나에 노래 하나. 하룻밤만 열리는 공연이에요.' },
  en: {
    title: 'A Night of Stars',
    venue: 'Moonlight Hall, Seoul',
    description: 'One song for every star. One night only.',
  },
}
const GRADES = [
  { grade: 'VIP', price: 150_000 },
  { grade: 'R', price: 110_000 },
  { grade: 'S', price: 77_000 },
]
const SECTIONS = [
  { section: 'A', grade: 'VIP', rows: 8, seats: 15 },
  { section: 'B', grade: 'R', rows: 12, seats: 12 },
  { section: 'C', grade: 'R', rows: 12, seats: 12 },
  { section: 'D', grade: 'S', rows: 8, seats: 24 },
] as const
const SEATS = SECTIONS.reduce((sum, { rows, seats }) => sum + rows * seats, 0)
/** Buyers like the front: the share of rows that a choice comes from shrinks by this power. */
const LIKES_THE_FRONT = 1.6
const DAY_MS = 86_400_000

export interface Sale {
  opensAt: Date
  /** How many may be inside at once. */
  cap: number
  ratePerMin: number
}

export interface House {
  title: string
  showId: string
  performanceId: string
  seatCount: number
  /** Names of so many neighbouring seats. */
  together(count: number, random: Random): string[]
}

export async function openHouse(url: string, language: Language, sale: Sale): Promise<House> {
  const token = await tokenOf(url, ORGANIZER)
  const about = { ...SHOW[language], genre: 'concert', runtime_min: 120, currency: 'KRW', max_seats_per_user: 4 }
  const show = { ...about, grades: GRADES } satisfies Schemas['NewShow']
  const { show_id } = await call<{ show_id: string }>(url, 'POST', '/v1/manage/shows', { token, body: show })
  const path = `/v1/manage/shows/${show_id}/performances`
  const made = await call<{ performance_id: string }>(url, 'POST', path, { token, body: performanceOf(sale) })
  await call(url, 'POST', `/v1/manage/performances/${made.performance_id}/publish`, { token })
  return { title: about.title, showId: show_id, performanceId: made.performance_id, seatCount: SEATS, together }
}

function performanceOf({ opensAt, cap, ratePerMin }: Sale): Schemas['NewPerformance'] {
  const rows = (count: number, seats: number) =>
    Array.from({ length: count }, (_, index) => ({ row: `${index + 1}`, seats }))
  return {
    starts_at: eveningIn(30).toISOString(),
    layout: { sections: SECTIONS.map(section => ({ ...section, rows: rows(section.rows, section.seats) })) },
    sale: { opens_at: opensAt.toISOString(), mode: 'queue', cap, rate_per_min: ratePerMin },
  }
}

/** Seven in the evening in Seoul, some days from now. */
function eveningIn(days: number): Date {
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS
  return new Date(midnight + days * DAY_MS + 10 * 3_600_000)
}

function together(count: number, random: Random): string[] {
  const [any] = SECTIONS
  const { section, rows, seats } = SECTIONS[random.below(SECTIONS.length)] ?? any
  const row = 1 + Math.floor(rows * random.next() ** LIKES_THE_FRONT)
  const first = 1 + random.below(seats - count + 1)
  return Array.from({ length: count }, (_, index) => `${section}-${row}-${first + index}`)
}
