/** What is being written outlives a reload: it is kept by this tab until it is sent. */
import { useEffect, useState } from 'react'

/** Like `useState`; `forget` drops what is kept. */
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
