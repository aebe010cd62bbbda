/**
 * Keeps a board up to date: by the stream of changes, or by polling where there is no stream.
 *
 * The stream is read with `fetch`, because an `EventSource` cannot carry the admission.
 */
import { accessToken, forgetAccessToken } from '../account/session.ts'
import { answer, api } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import { traceparent } from '../api/trace.ts'
import { admissionHeader } from '../queue/admission.ts'
import type { Board } from './board.ts'
import { EventParser, type ServerEvent } from './sse.ts'
import { type Change, decodeStates } from './states.ts'

/** A response, or the data of an event: all states or the changes. */
type StatesAnswer = { version: number; states: string } | { version: number; changes: number[][] }

const POLL_MS = 1_000
const POLL_HIDDEN_MS = 2_000
const LONGEST_WAIT_MS = 10_000
/** A stream that is silent for this long is dead: the server sends comments more often. */
const SILENCE_MS = 45_000
/** A page that is hidden for this long stops listening, and catches up when it is visible again. */
const HIDDEN_MS = 60_000
const STREAM_FAILURES_MAX = 2
/** Statuses that say there is no stream here at all. */
const NO_STREAM = [404, 405, 501]
/** How many polls before a failed stream is tried again. */
const POLLS_BEFORE_STREAM = 30

/** Follows until `signal` aborts; `told` gets each problem, and `undefined` once it is over. */
export async function follow(
  board: Board,
  performanceId: string,
  signal: AbortSignal,
  told: (problem?: Problem) => void,
) {
  let failures = 0
  let polls = 0
  let stream: 'untried' | 'good' | 'failing' | 'none' = 'untried'
  while (!signal.aborted) {
    await untilSeen(signal)
    const streaming =
      board.version !== undefined && stream !== 'none' && (stream !== 'failing' || polls > POLLS_BEFORE_STREAM)
    try {
      if (streaming) {
        polls = 0
        await readStream(board, performanceId, signal, () => {
          stream = 'good'
          failures = 0
          told()
        })
      } else {
        await poll(board, performanceId, signal)
        polls += 1
        failures = 0
        told()
        if (stream === 'failing' || stream === 'none') await pause(document.hidden ? POLL_HIDDEN_MS : POLL_MS, signal)
      }
    } catch (error) {
      if (signal.aborted) return
      const problem = Problem.of(error)
      if (streaming && NO_STREAM.includes(problem.status)) stream = 'none'
      else {
        failures += 1
        if (streaming && failures >= STREAM_FAILURES_MAX) stream = 'failing'
        if (!streaming) told(problem)
        await pause(waitAfter(failures, problem.retryAfterMs), signal)
      }
    }
  }
}

/** Half a second, doubled with each failure, with jitter. */
export function waitAfter(failures: number, retryAfterMs = 0): number {
  const grown = Math.min(500 * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS)
  return Math.max(grown, Math.min(retryAfterMs, LONGEST_WAIT_MS)) * (0.75 + Math.random() / 2)
}

/** Applies a response or an event to the board. */
export function take(board: Board, view: StatesAnswer): void {
  if ('states' in view) board.replace(decodeStates(view.states, board.plan.seatCount), view.version)
  else board.change(view.changes as unknown as Change[], view.version)
}

async function poll(board: Board, performanceId: string, signal: AbortSignal): Promise<void> {
  const query = board.version === undefined ? {} : { since: board.version }
  const params = { path: { performance_id: performanceId }, query }
  take(board, await answer(api.GET('/v1/seats/{performance_id}', { params, signal })))
}

/** Ends when the stream does, or when the page has been hidden for a while. */
async function readStream(board: Board, performanceId: string, outer: AbortSignal, well: () => void): Promise<void> {
  const ended = new AbortController()
  const signal = AbortSignal.any([outer, ended.signal])
  const unwatch = onceUnseen(() => ended.abort())
  let silence = setTimeout(() => ended.abort(), SILENCE_MS)
  try {
    const headers = await headersFor(board, performanceId)
    const response = await fetch(`/v1/seat-stream/${performanceId}`, { headers, signal })
    if (response.status === 401) forgetAccessToken(headers.authorization ?? null)
    if (!response.ok || response.body === null)
      throw Problem.from(response, await response.json().catch(() => undefined))
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) throw new Problem(404, {})
    well()
    const parser = new EventParser()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      clearTimeout(silence)
      silence = setTimeout(() => ended.abort(), SILENCE_MS)
      for (const event of parser.push(piece.value)) takeEvent(board, event)
    }
    await pause(parser.retryMs ?? waitAfter(1), outer)
  } catch (error) {
    if (!ended.signal.aborted) throw error
  } finally {
    clearTimeout(silence)
    unwatch()
  }
}

function takeEvent(board: Board, { event, data }: ServerEvent): void {
  if (event === 'states' || event === 'changes') take(board, JSON.parse(data) as StatesAnswer)
}

async function headersFor(board: Board, performanceId: string): Promise<Record<string, string>> {
  const token = await accessToken()
  return {
    accept: 'text/event-stream',
    traceparent: traceparent(),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(board.version === undefined ? {} : { 'last-event-id': String(board.version) }),
    ...admissionHeader(performanceId),
  }
}

/** Calls back when the page has been hidden for a while. */
function onceUnseen(unseen: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(unseen, HIDDEN_MS)
  }
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
  }
}

let hiddenSince: number | undefined
globalThis.document?.addEventListener('visibilitychange', () => {
  hiddenSince = document.hidden ? performance.now() : undefined
})

/** Waits while the page has been hidden for a while. */
function untilSeen(signal: AbortSignal): Promise<void> {
  if (!document.hidden || hiddenSince === undefined || performance.now() - hiddenSince < HIDDEN_MS)
    return Promise.resolve()
  return new Promise(resolve => {
    const done = () => {
      if (document.hidden && !signal.aborted) return
      document.removeEventListener('visibilitychange', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    document.addEventListener('visibilitychange', done)
    signal.addEventListener('abort', done)
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
