/** Undo and redo. Plans share what did not change, so a step costs what it changed. */

/** The most steps that can be undone. */
export const HISTORY_MAX = 500

export interface History<T> {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
  /** Names a change that goes on, such as a drag: its steps are undone together. */
  readonly going?: string
}

export function started<T>(present: T): History<T> {
  return { past: [], present, future: [] }
}

/** After a change. Steps one after another with the same `going` are one. A change to the same plan is none. */
export function did<T>(history: History<T>, present: T, going?: string): History<T> {
  if (present === history.present) return history
  const goesOn = going !== undefined && going === history.going && history.future.length === 0
  const past = goesOn ? history.past : [...history.past, history.present].slice(-HISTORY_MAX)
  return { past, present, future: [], ...(going === undefined ? {} : { going }) }
}

/** Ends a change that went on: the next step is a step of its own. */
export function ended<T>({ past, present, future }: History<T>): History<T> {
  return { past, present, future }
}

export function undone<T>({ past, present, future }: History<T>): History<T> {
  const before = past.at(-1)
  if (before === undefined) return { past, present, future }
  return { past: past.slice(0, -1), present: before, future: [present, ...future] }
}

export function redone<T>({ past, present, future }: History<T>): History<T> {
  const [next, ...later] = future
  if (next === undefined) return { past, present, future }
  return { past: [...past, present], present: next, future: later }
}

export const canUndo = <T>({ past }: History<T>): boolean => past.length > 0
export const canRedo = <T>({ future }: History<T>): boolean => future.length > 0
