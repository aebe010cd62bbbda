/** Drafts of houses, kept on this device until they are saved. */
import { drop, keep, kept } from './editor/kept.ts'
import { keptTrace, type ShownTrace, shownTrace, type Trace } from './editor/trace.ts'
import type { HousePlan } from './model/plan.ts'

/** The house that is not in the library yet. */
export const NEW = 'new'

export interface Draft {
  plan: HousePlan
  /** The version of the library that it was made from. */
  version: number | undefined
  grades: readonly string[]
  /** Milliseconds by this device's clock. */
  at: number
}

export const draftOf = (house: string): Promise<Draft | undefined> => kept(`draft.${house}`)
export const keepDraft = (house: string, draft: Draft): Promise<void> => keep(`draft.${house}`, draft)
export const dropDraft = (house: string): Promise<void> => drop(`draft.${house}`)

/** The image under a house, if it can still be read. */
export async function traceOf(house: string): Promise<ShownTrace | undefined> {
  const trace = await kept<Trace>(`trace.${house}`)
  return trace === undefined ? undefined : shownTrace(trace).catch(() => undefined)
}

export const keepTrace = (house: string, trace: ShownTrace | undefined): Promise<void> =>
  trace === undefined ? drop(`trace.${house}`) : keep(`trace.${house}`, keptTrace(trace))

/** What belongs to the new house belongs to the one it has become in the library. */
export async function adopt(house: string): Promise<void> {
  const trace = await kept<Trace>(`trace.${NEW}`)
  if (trace !== undefined) await keep(`trace.${house}`, trace)
  await Promise.all([drop(`trace.${NEW}`), drop(`draft.${NEW}`)])
}
