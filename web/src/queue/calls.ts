/** The waiting room's calls to the server. */
import { answer, answered, api, type Schemas } from '../api/client.ts'
import { isProblem } from '../api/problem.ts'
import { keepAdmission } from './admission.ts'
import type { Happened, Place } from './room.ts'
import { dropTicket, keepTicket, ticketOf } from './ticket.ts'

/** Joins, or finds the place again. Joining twice changes nothing. */
export async function join(performanceId: string, solution?: Schemas['Solution']): Promise<Happened> {
  const kept = ticketOf(performanceId)
  try {
    const joined = await answer(
      api.POST('/v1/queue-tickets', {
        params: { header: kept === undefined ? {} : { 'Queue-Ticket': kept.ticket } },
        body: { performance_id: performanceId, ...(solution === undefined ? {} : { solution }) },
      }),
    )
    keepTicket(performanceId, joined.queue_ticket, joined.ahead)
    return { what: 'place', place: joined }
  } catch (error) {
    const challenge = isProblem(error, 'challenge_required') ? error.body.challenge : undefined
    if (challenge != null) return { what: 'challenged', challenge }
    throw error
  }
}

/** Solves the challenge and joins with it. */
export async function joinWithWork(performanceId: string, challenge: Schemas['Challenge']): Promise<Happened> {
  const worker = new Worker(new URL('./solver.ts', import.meta.url), { type: 'module' })
  try {
    const nonce = await new Promise<string>((resolve, reject) => {
      worker.onmessage = event => resolve(event.data)
      worker.onerror = event => reject(new Error(event.message))
      worker.postMessage({ challenge: challenge.token, bits: challenge.bits })
    })
    return await join(performanceId, { challenge: challenge.token, nonce })
  } finally {
    worker.terminate()
  }
}

export async function look(performanceId: string): Promise<Happened> {
  const path = { performance_id: performanceId }
  const header = ticketHeader(performanceId)
  const place = await answer(api.GET('/v1/queues/{performance_id}/me', { params: { path, header } }))
  return { what: 'place', place }
}

/** Claims the admission, or learns that it is not the buyer's turn yet. */
export async function claim(performanceId: string): Promise<Happened> {
  const header = ticketHeader(performanceId)
  const { data, status } = await answered(api.POST('/v1/admissions', { params: { header } }))
  if (status === 202) return { what: 'place', place: data as Place }
  keepAdmission(data as Schemas['Admitted'])
  return { what: 'admitted' }
}

/** Gives up the place. */
export async function leave(performanceId: string): Promise<void> {
  const path = { performance_id: performanceId }
  await answer(api.DELETE('/v1/queues/{performance_id}/me', { params: { path, header: ticketHeader(performanceId) } }))
  dropTicket(performanceId)
}

function ticketHeader(performanceId: string): { 'Queue-Ticket': string } {
  return { 'Queue-Ticket': ticketOf(performanceId)?.ticket ?? '' }
}
