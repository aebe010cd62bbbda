/** A choice against a server that accepts, refuses or is slow. */
import { expect, test } from 'vitest'
import { Problem } from '../../src/api/problem.ts'
import { Board } from '../../src/seats/board.ts'
import { Choice } from '../../src/seats/choice/choice.ts'
import type { Hold, HoldServer, Needs } from '../../src/seats/choice/server.ts'
import { HELD } from '../../src/seats/states.ts'
import { drawnHouse, smallHouse } from './seats-houses.ts'

/** Holds like the real server; throws `refuse` once. */
class Server implements HoldServer {
  readonly calls: string[] = []
  refuse: Problem | undefined
  remembered: string | undefined
  holds = new Map<string, Hold>()

  async hold(seats: string[], wheelchair = 0): Promise<Hold> {
    return this.#make(`hold ${seats.join(' ')}${wheelchair > 0 ? `, wheelchair ${wheelchair}` : ''}`, seats)
  }
  async best(count: number, grade: string, needs: Needs = {}): Promise<Hold> {
    const said = Object.entries(needs).map(([need, value]) => ` ${need} ${value}`)
    return this.#make(`best ${count} ${grade}${said.join('')}`, ['A-2-3', 'A-2-4'])
  }
  async standing(section: string, count: number): Promise<Hold> {
    const places = Array.from({ length: count }, (_, place) => `${section}-entry-${place + 3}`)
    return this.#make(`standing ${section} ${count}`, places)
  }
  async read(holdId: string): Promise<Hold> {
    this.calls.push('read')
    const hold = this.holds.get(holdId)
    if (hold === undefined) throw new Problem(404, { code: 'hold_not_found' })
    return hold
  }
  async release(holdId: string): Promise<void> {
    this.calls.push('release')
    this.holds.delete(holdId)
  }
  async book(hold_id: string) {
    await this.#maybe(`book ${hold_id}`)
    return { booking_id: 'b' } as Awaited<ReturnType<HoldServer['book']>>
  }
  recall = () => this.remembered
  remember = (holdId: string | undefined) => {
    this.remembered = holdId
  }

  async #make(call: string, seats: string[]): Promise<Hold> {
    await this.#maybe(call)
    const hold_id = `h${this.calls.length}`
    const cost = { amount: 1, currency: 'KRW' }
    const hold = { hold_id, performance_id: 'p', seats, places: [], expires_at: '2030-01-01T00:00:00Z', ...cost }
    this.holds.set(hold_id, hold)
    return hold
  }

  async #maybe(call: string): Promise<void> {
    this.calls.push(call)
    await new Promise(resolve => setTimeout(resolve, 5))
    const refused = this.refuse
    this.refuse = undefined
    if (refused !== undefined) throw refused
  }
}

function started(max = 4) {
  const board = new Board(smallHouse())
  board.replace(new Uint8Array(board.plan.seatCount), 1)
  const server = new Server()
  return { board, server, choice: new Choice(board, server, max) }
}

async function settled(choice: Choice): Promise<void> {
  do await new Promise(resolve => setTimeout(resolve, 8))
  while (choice.chosen.busy)
}

test('a tap is painted at once, and the last choice wins', async () => {
  const { board, server, choice } = started()
  choice.toggle(0)
  expect([...board.mine]).toEqual([0])
  choice.toggle(1)
  choice.toggle(2)
  choice.toggle(0)
  expect(choice.chosen.seats).toEqual([1, 2])
  await settled(choice)
  expect(server.calls).toEqual(['hold A-1-1', 'release', 'hold A-1-2 A-1-3'])
  expect(server.remembered).toBe(choice.chosen.hold?.hold_id)
})

test('a choice that shares a seat replaces the hold, one that shares none releases it first', async () => {
  const { server, choice } = started()
  choice.choose([0, 1])
  await settled(choice)
  choice.choose([1, 2])
  await settled(choice)
  choice.choose([4])
  await settled(choice)
  choice.toggle(4)
  await settled(choice)
  expect(server.calls).toEqual(['hold A-1-1 A-1-2', 'hold A-1-2 A-1-3', 'release', 'hold A-1-5', 'release'])
  expect(choice.chosen).toMatchObject({ seats: [], hold: undefined, trouble: undefined })
})

test('another buyer was faster: the hold stays, and the nearest seats are offered', async () => {
  const { board, server, choice } = started()
  choice.toggle(0)
  await settled(choice)
  server.refuse = new Problem(409, { code: 'seat_held', seats: ['A-1-2'] })
  choice.toggle(1)
  await settled(choice)
  expect(choice.chosen.seats).toEqual([0])
  expect(board.states[1]).toBe(HELD)
  expect(choice.chosen.trouble).toMatchObject({ kind: 'faster', lost: [1] })
  const { trouble } = choice.chosen
  expect(trouble?.kind === 'faster' && trouble.offers.every(offer => offer.length === 2)).toBe(true)
})

test('the hold stays if there are no best seats', async () => {
  const { server, choice } = started()
  choice.choose([0, 1])
  await settled(choice)
  server.refuse = new Problem(409, { code: 'seat_sold' })
  choice.chooseBest(3, 0)
  await settled(choice)
  expect(choice.chosen.seats).toEqual([0, 1])
  expect(choice.chosen.hold).toBeDefined()
  expect(choice.chosen.trouble).toMatchObject({ kind: 'notTogether', count: 3, grade: 0 })
  choice.chooseBest(2, 0)
  await settled(choice)
  expect(choice.chosen.seats).toEqual([8, 9])
})

test('no more seats are chosen than the limit', () => {
  const { server, choice } = started(1)
  choice.toggle(0)
  choice.toggle(1)
  expect(choice.chosen.trouble).toEqual({ kind: 'limit', max: 1 })
  expect(server.calls).toEqual(['hold A-1-1'])
})

test('a taken seat is not requested', () => {
  const { board, server, choice } = started()
  board.change([[0, HELD]])
  choice.toggle(0)
  expect(server.calls).toEqual([])
})

test('a reload restores the hold, and forgets one that is over', async () => {
  const { board, server, choice } = started()
  choice.choose([2, 3])
  await settled(choice)
  const again = new Choice(board, server, 4)
  await again.recall()
  expect(again.chosen.seats).toEqual([2, 3])
  server.holds.clear()
  const later = new Choice(board, server, 4)
  await later.recall()
  expect([later.chosen.seats, server.remembered]).toEqual([[], undefined])
})

test('a hold that lapses releases every seat and says so', async () => {
  const { server, choice } = started()
  choice.choose([2, 3])
  await settled(choice)
  choice.lapse()
  expect(choice.chosen).toMatchObject({ seats: [], hold: undefined, trouble: { kind: 'lapsed', seats: [2, 3] } })
  expect(server.remembered).toBeUndefined()
})

test('booking forgets the hold, and says if it came too late or the seats were sold meanwhile', async () => {
  const { server, choice } = started()
  choice.choose([2])
  await settled(choice)
  server.refuse = new Problem(409, { code: 'limit_exceeded' })
  expect(await choice.book()).toBeUndefined()
  expect(choice.chosen.trouble).toEqual({ kind: 'limit', max: 4 })
  expect(await choice.book()).toEqual({ booking_id: 'b' })
  expect(server.remembered).toBeUndefined()
  server.refuse = new Problem(410, { code: 'hold_expired' })
  expect(await choice.book()).toBeUndefined()
  expect(choice.chosen.trouble).toMatchObject({ kind: 'lapsed', seats: [2] })
  choice.choose([3])
  await settled(choice)
  server.refuse = new Problem(409, { code: 'seat_sold', seats: ['A-1-4'] })
  expect(await choice.book()).toBeUndefined()
  expect(choice.chosen).toMatchObject({ seats: [], hold: undefined, trouble: { kind: 'faster', lost: [3] } })
})

/** The drawn house: a wheelchair place 0 with its companion 1, standing places from 16. */
function drawn({ max = 4, released = false } = {}) {
  const board = new Board(drawnHouse())
  board.replace(new Uint8Array(board.plan.seatCount), 1)
  const server = new Server()
  return { board, server, choice: new Choice(board, server, max, () => released) }
}

test('standing places are taken by count, and the entry numbers are those the server gave', async () => {
  const { board, server, choice } = drawn()
  choice.chooseStanding(1, 3)
  await settled(choice)
  expect(server.calls).toEqual(['standing F 3'])
  expect(choice.chosen.seats).toEqual([18, 19, 20])
  expect(choice.standingIn(1)).toEqual([18, 19, 20])
  expect(choice.standingIn(0)).toEqual([])
  choice.chooseStanding(1, 3)
  choice.chooseStanding(1, 2)
  await settled(choice)
  expect(server.calls.slice(1)).toEqual(['hold F-entry-3 F-entry-4'])
  choice.chooseStanding(1, 0)
  await settled(choice)
  expect(choice.chosen).toMatchObject({ seats: [], hold: undefined })
  expect([...board.mine]).toEqual([])
})

test('an area that is full says how many are left, and the hold stays', async () => {
  const { board, server, choice } = drawn()
  board.change(Array.from({ length: 8 }, (_, place) => [16 + place, HELD] as const))
  choice.toggle(2)
  await settled(choice)
  server.refuse = new Problem(409, { code: 'seat_held' })
  choice.chooseStanding(1, 3)
  await settled(choice)
  expect(choice.chosen.trouble).toEqual({ kind: 'full', section: 1, left: 2 })
  expect(choice.chosen.seats).toEqual([2])
})

test('a wheelchair place is asked about, and held as one', async () => {
  const { server, choice } = drawn()
  choice.toggle(0)
  expect(choice.chosen.trouble).toEqual({ kind: 'wheelchair', seat: 0, companions: [1] })
  expect(server.calls).toEqual([])
  choice.takeForWheelchair([0, 1])
  await settled(choice)
  expect(server.calls).toEqual(['hold A-1-가 A-1-나, wheelchair 1'])
  expect(choice.chosen.seats).toEqual([0, 1])
  // The companion does not stay without the wheelchair place.
  choice.toggle(0)
  await settled(choice)
  expect(choice.chosen.seats).toEqual([])
})

test("a companion's place needs its wheelchair place, and comes along with it", async () => {
  const { server, choice } = drawn()
  choice.toggle(1)
  expect(choice.chosen.trouble).toEqual({ kind: 'companion', seat: 1, wheelchair: 0 })
  choice.takeForWheelchair([0])
  await settled(choice)
  choice.toggle(1)
  await settled(choice)
  expect(server.calls).toEqual(['hold A-1-가, wheelchair 1', 'hold A-1-가 A-1-나, wheelchair 1'])
})

test('until their release, wheelchair places are offered to no other buyer', () => {
  const kept = drawn()
  expect([0, 1, 2].map(seat => kept.choice.isOffered(seat))).toEqual([false, false, true])
  const { choice, server } = drawn({ released: true })
  expect([0, 1, 2].map(seat => choice.isOffered(seat))).toEqual([true, true, true])
  choice.toggle(1)
  expect(server.calls).toEqual(['hold A-1-나'])
})

test('the best seats are asked for with what they must be', async () => {
  const { server, choice } = drawn()
  choice.chooseBest(3, 0, { wheelchair: 1, split: true })
  await settled(choice)
  server.refuse = new Problem(409, { code: 'seat_held' })
  choice.chooseBest(4, 0, { wheelchair: 1 })
  await settled(choice)
  expect(server.calls[0]).toBe('best 3 R wheelchair 1 split true')
  expect(choice.chosen.trouble).toMatchObject({ kind: 'notTogether', count: 4, needs: { wheelchair: 1 } })
})
