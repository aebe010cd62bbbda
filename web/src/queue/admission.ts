/**
 * The admission from the waiting room: kept for all tabs of this browser, and renewed while a screen inside is open.
 *
 * The token is short-lived: renewing it every `renew_after_s` keeps the place inside until the session ends.
 */
import { useEffect, useSyncExternalStore } from 'react'
import { answer, api, type Schemas } from '../api/client.ts'
import { serverNow } from '../api/clock.ts'
import { isProblem, Problem } from '../api/problem.ts'

export type Admission = Schemas['Admitted']

const key = (performanceId: string) => `yemae.admission.${performanceId}`
const listeners = new Set<() => void>()
const read = new Map<string, { text: string | null; admission: Admission | undefined }>()

/** The header that holds and bookings must carry where the sale has a queue. */
export function admissionHeader(performanceId: string): { 'Admission-Token'?: string } {
  const admission = admissionOf(performanceId)
  return admission === undefined ? {} : { 'Admission-Token': admission.admission_token }
}

/** The last admission, which may have expired. */
export function admissionOf(performanceId: string): Admission | undefined {
  const text = localStorage.getItem(key(performanceId))
  const known = read.get(performanceId)
  if (known !== undefined && known.text === text) return known.admission
  const admission = text === null ? undefined : (JSON.parse(text) as Admission)
  read.set(performanceId, { text, admission })
  return admission
}

export function keepAdmission(admission: Admission): void {
  localStorage.setItem(key(admission.performance_id), JSON.stringify(admission))
  for (const listener of listeners) listener()
}

export function dropAdmission(performanceId: string): void {
  localStorage.removeItem(key(performanceId))
  for (const listener of listeners) listener()
}

/** Whether the session inside has ended, by the server's clock. */
export function isOver(admission: Admission): boolean {
  return Date.parse(admission.session_ends_at) <= serverNow()
}

/** Whether it was not renewed in time. The session may still be on: claiming again tells. */
export function isLapsed(admission: Admission): boolean {
  return Date.parse(admission.expires_at) <= serverNow()
}

/** The admission, renewed while the screen is open; `undefined` if there is none, or it has ended. */
export function useAdmission(performanceId: string): Admission | undefined {
  const admission = useSyncExternalStore(subscribe, () => admissionOf(performanceId))
  useEffect(() => {
    if (admission === undefined) return
    const timer = setTimeout(() => void renew(admission), admission.renew_after_s * 1000)
    return () => clearTimeout(timer)
  }, [admission])
  return admission
}

const AGAIN_AFTER_MS = 3_000

/** Renews in one tab at a time; another may have done it meanwhile. */
async function renew(admission: Admission): Promise<void> {
  const { performance_id } = admission
  const work = async () => {
    if (admissionOf(performance_id)?.admission_token !== admission.admission_token) return
    const headers = { 'Admission-Token': admission.admission_token }
    keepAdmission(await answer(api.PUT('/v1/admissions', { params: { header: headers } })))
  }
  try {
    if (navigator.locks === undefined) await work()
    else await navigator.locks.request(key(performance_id), work)
  } catch (error) {
    if (isProblem(error, 'session_over')) dropAdmission(performance_id)
    else if (Problem.of(error).passing) setTimeout(() => void renew(admission), AGAIN_AFTER_MS)
  }
}

/** Gives up the place inside for the next buyer. */
export async function leaveAdmission(performanceId: string): Promise<void> {
  const header = admissionHeader(performanceId)
  dropAdmission(performanceId)
  const token = header['Admission-Token']
  if (token === undefined) return
  await api.DELETE('/v1/admissions', { params: { header: { 'Admission-Token': token } } }).catch(() => {})
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}
