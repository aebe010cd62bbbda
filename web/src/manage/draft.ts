/** Keeps what is being written in this tab until it is sent, so that a reload loses nothing. */
import { useEffect, useState } from 'react'

/** Like `useState`; `forget` drops the draft. */
export function useDraft<T>(name: string, initial: () => T): [T, (next: T | ((before: T) => T)) => void, () => void] {
  const key = `yemae.draft.${name}`
  const [draft, setDraft] = useState(() => read<T>(key) ?? initial())
  const [sent, setSent] = useState(false)
  useEffect(() => {
    if (!sent) sessionStorage.setItem(key, JSON.stringify(draft))
  }, [key, draft, sent])
  const forget = () => {
    setSent(true)
    sessionStorage.removeItem(key)
  }
  return [draft, setDraft, forget]
}

function read<T>(key: string): T | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}
