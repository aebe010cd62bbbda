/** Drives the waiting room: takes each step when it is due, through failures, reloads and minutes offline. */
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { serverNow } from '../api/clock.ts'
import { Problem } from '../api/problem.ts'
import { claim, join, joinWithWork, leave, look } from './calls.ts'
import { backOffMs, type Happened, next, type Room, type Todo, todo } from './room.ts'
import { dropTicket } from './ticket.ts'

/** The least time between two steps, however often the page becomes visible. */
const HURRY_AT_MOST_EVERY_MS = 1_500

export interface WaitingRoom {
  room: Room
  /** The last request failed and is being repeated. */
  problem: Problem | undefined
  leave(): Promise<void>
  joinAgain(): void
}

interface State {
  room: Room
  failures: number
  problem: Problem | undefined
  /** The page is visible again, or the network is back: a delayed step is due now. */
  hurry: boolean
}

type Action = Happened | { what: 'failed'; problem: Problem } | { what: 'back' }

const BEGINNING: State = { room: { at: 'joining' }, failures: 0, problem: undefined, hurry: false }

function reduce(state: State, action: Action): State {
  if (action.what === 'back') return { ...state, hurry: true }
  if (action.what !== 'failed') return { ...BEGINNING, room: next(state.room, action) }
  const { problem } = action
  const room = problem.passing ? state.room : next(state.room, { what: 'refused', code: problem.code })
  const unexplained = problem.passing || room === state.room
  return { room, failures: state.failures + 1, problem: unexplained ? problem : undefined, hurry: false }
}

/** `opensAt`: when people can join, if that is known. */
export function useWaitingRoom(performanceId: string, opensAt: string | undefined): WaitingRoom {
  const [state, dispatch] = useReducer(reduce, BEGINNING)
  useEffect(() => onComingBack(() => dispatch({ what: 'back' })), [])
  // Learning when the sale opens must not join again.
  const opens = useRef(opensAt)
  opens.current = opensAt
  useEffect(() => {
    const opensInMs = opens.current === undefined ? 0 : Date.parse(opens.current) - serverNow()
    const plan = todo(state.room, opensInMs, Math.random())
    if (plan.do === 'nothing') return
    let over = false
    const act = async () => {
      const happened = await perform(plan, performanceId, state.room)
      if (!over) dispatch(happened)
    }
    const timer = setTimeout(() => void act(), waitMs(plan, state))
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [state, performanceId])
  return {
    room: state.room,
    problem: state.problem,
    leave: useCallback(async () => {
      await leave(performanceId)
      dispatch({ what: 'leave' })
    }, [performanceId]),
    joinAgain: useCallback(() => {
      dropTicket(performanceId)
      dispatch({ what: 'again' })
    }, [performanceId]),
  }
}

function waitMs(plan: Todo, { failures, problem, hurry }: State): number {
  const due = 'afterMs' in plan ? plan.afterMs : 0
  if (hurry && plan.do === 'look') return Math.random() * HURRY_AT_MOST_EVERY_MS
  return failures > 0 ? Math.max(due, backOffMs(failures, problem?.retryAfterMs)) : due
}

async function perform(plan: Todo, performanceId: string, room: Room): Promise<Action> {
  try {
    switch (plan.do) {
      case 'look':
        return await look(performanceId)
      case 'claim':
        return await claim(performanceId)
      default:
        return room.at === 'solving' ? await joinWithWork(performanceId, room.challenge) : await join(performanceId)
    }
  } catch (error) {
    return { what: 'failed', problem: Problem.of(error) }
  }
}

/** Calls back when the page is visible again or the network is back, within a limited rate. */
function onComingBack(back: () => void): () => void {
  let last = performance.now()
  const come = () => {
    if (document.hidden || performance.now() - last < HURRY_AT_MOST_EVERY_MS) return
    last = performance.now()
    back()
  }
  addEventListener('online', come)
  document.addEventListener('visibilitychange', come)
  return () => {
    removeEventListener('online', come)
    document.removeEventListener('visibilitychange', come)
  }
}
