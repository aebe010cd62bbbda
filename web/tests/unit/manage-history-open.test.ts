/** A console that stays open for days, or whose laptop sleeps: no gap where nothing is missing, and nothing piles up. */
import { describe, expect, test } from 'vitest'
import {
  beginOf,
  lastBefore,
  PERIODS,
  type Period,
  POINTS_MAX,
  type Point,
  type SaleHistory,
  since,
  stretches,
  timeOf,
} from '../../src/manage/history/points.ts'
import { readOn } from '../../src/manage/history/query.ts'

const OPENS = Date.parse('2026-11-27T05:00:00Z')
const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000]
const STEPS = [1, 15, 360] as const

/** How late in its minute a look is at most. */
const LATEST = 20 * SECOND

/** Looks some seconds after each minute began, and one buyer joins between two of them. */
function look(index: number): Point {
  return {
    at: new Date(OPENS + index * MINUTE + ((index * 7 * SECOND) % LATEST)).toISOString(),
    seats: { sold: 0, reserved: 0, held: 0 },
    room: { waiting: 0, inside: 0, cap: 8 },
    reached: { joined: index, called: 0, entered: 0, held: 0, booked: 0, paid: 0 },
  }
}

/** The server by the rules of its API, at a time that the test sets. */
class Server {
  now = OPENS
  asked = 0
  pointsRead = 0

  readonly ends: number

  /** The sale is looked at until then. */
  constructor(ends = Number.POSITIVE_INFINITY) {
    this.ends = ends
  }

  readonly read = async (query: { from?: string; to?: string; step_min?: SaleHistory['step_min'] }) => {
    const from = query.from === undefined ? OPENS : Date.parse(query.from)
    const to = query.to === undefined ? this.now : Date.parse(query.to)
    const span = Math.floor((Math.min(to, this.ends) - from) / MINUTE)
    const step_min = query.step_min ?? STEPS.find(step => span < POINTS_MAX * step) ?? 360
    const ofMinute = (time: number) => Math.floor((time - OPENS) / MINUTE)
    const last = ofMinute(Math.min(this.now - LATEST, this.ends))
    const stepOf = (time: number) => Math.floor(time / (step_min * MINUTE))
    const newest = Math.min(stepOf(to), stepOf(OPENS + last * MINUTE))
    const oldest = Math.max(stepOf(from), stepOf(OPENS), newest - POINTS_MAX + 1)
    const points = Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) =>
      look(Math.min(ofMinute((oldest + index + 1) * step_min * MINUTE) - 1, last)),
    )
    this.asked++
    this.pointsRead += points.length
    return { performance_id: 'p', seats_for_sale: 100, step_min, points }
  }
}

/** A console, which asks again and again unless it sleeps. */
class Console {
  shown: SaleHistory | undefined
  readonly server: Server
  readonly period: Period

  constructor(server: Server, period: Period) {
    this.server = server
    this.period = period
  }

  async look(): Promise<SaleHistory> {
    this.shown = await readOn(this.shown, this.period, this.server.now, this.server.read)
    return this.shown
  }

  async watch(ms: number, every = 20 * MINUTE): Promise<void> {
    for (const end = this.server.now + ms; this.server.now < end; this.server.now += every)
      this.expectWhole(await this.look())
  }

  /** What a page shows that is opened now is what this one shows: at a time, the same; of the time, all. */
  expectWhole(history: SaleHistory): void {
    const { points, step_min } = history
    const begin = beginOf(this.period, this.server.now)
    expect(points.length).toBeLessThanOrEqual(POINTS_MAX)
    expect(stretches(points, step_min).length).toBeLessThanOrEqual(1)
    const times = points.map(timeOf)
    expect(times).toEqual([...new Set(times)].sort((one, other) => one - other))
    const begun = begin ?? OPENS
    if (points.length === 0) return
    const [first, last] = [since(points, begin)[0], points.at(-1)]
    const late = (step_min + 1) * MINUTE
    expect(timeOf(first as Point)).toBeLessThanOrEqual(Math.max(begun, OPENS) + late)
    expect(timeOf(last as Point)).toBeGreaterThan(this.server.now - 2 * MINUTE)
    if (begun > OPENS + late) expect(timeOf(lastBefore(points, begin) as Point)).toBeGreaterThan(begun - late)
  }
}

describe('a console that stays open', { timeout: 20_000 }, () => {
  test.each(PERIODS)('shows the same as one that has just been opened: %s', async period => {
    const server = new Server()
    const console = new Console(server, period)
    for (const days of [0.5, 0.6, 0.4, 0.5]) {
      await console.watch(days * DAY)
      const fresh = await readOn(undefined, period, server.now, server.read)
      const shown = await console.look()
      const begin = beginOf(period, server.now)
      expect(since(shown.points, begin)).toEqual(since(fresh.points, begin))
      expect(lastBefore(shown.points, begin)).toEqual(lastBefore(fresh.points, begin))
      expect(shown.step_min).toBe(fresh.step_min)
    }
    expect(console.shown?.step_min).toBe(period === 'whole' ? 15 : 1)
  })

  test('asks for little, and once more when the step grows', async () => {
    const server = new Server()
    const console = new Console(server, 'whole')
    for (; server.now < OPENS + 26 * HOUR; server.now += 2 * MINUTE) await console.look()
    expect(server.asked).toBe((26 * HOUR) / (2 * MINUTE) + 1)
    expect(server.pointsRead / server.asked).toBeLessThan(6)
  })

  test('goes from 1 to 15 to 360 minutes, and never back', async () => {
    const server = new Server()
    server.now += MINUTE
    const console = new Console(server, 'whole')
    const steps: number[] = []
    for (const every of [10 * MINUTE, HOUR, 12 * HOUR])
      for (let looks = 0; looks < 400; looks++) {
        await console.look()
        const { step_min, points } = console.shown as SaleHistory
        expect(points.length).toBeLessThanOrEqual(POINTS_MAX)
        expect(stretches(points, step_min).length).toBe(1)
        expect(timeOf(points[0] as Point)).toBeLessThan(OPENS + (step_min + 1) * MINUTE)
        if (steps.at(-1) !== step_min) steps.push(step_min)
        server.now += every
      }
    expect(steps).toEqual([1, 15, 360])
  })

  test('keeps the newest points of a sale that is longer than all steps show', async () => {
    const server = new Server()
    server.now = OPENS + 374 * DAY
    const console = new Console(server, 'whole')
    for (let looks = 0; looks < 10; looks++, server.now += 12 * HOUR) await console.look()
    const { points, step_min } = await console.look()
    expect([step_min, points.length]).toEqual([360, POINTS_MAX])
    expect(stretches(points, step_min).length).toBe(1)
  })

  test('keeps the fine points of a sale that is over', async () => {
    const server = new Server(OPENS + 10 * HOUR)
    const console = new Console(server, 'whole')
    await console.look()
    for (let days = 0; days < 20; days++, server.now += DAY) await console.look()
    expect([console.shown?.step_min, console.shown?.points.length]).toEqual([1, 601])
  })
})

describe('a laptop that sleeps', { timeout: 20_000 }, () => {
  const sleeps = [3, 30, 200].flatMap(hours => PERIODS.map(period => ({ hours, period })))
  test.each(sleeps)('for $hours h shows no gap after it: $period', async ({ hours, period }) => {
    const server = new Server()
    const console = new Console(server, period)
    await console.watch(2 * HOUR)
    for (let nights = 0; nights < 3; nights++) {
      server.now += hours * HOUR
      await console.watch(HOUR)
    }
  })
})
