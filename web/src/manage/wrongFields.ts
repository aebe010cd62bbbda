/** What is wrong with a form: what the browser found, in the reader's words, and what only the server knows, in its own. */
import { type RefObject, useEffect, useRef } from 'react'
import { Problem } from '../api/problem.ts'

/** By the server's name of the field. */
export function serverErrors(error: unknown): Record<string, string> {
  const errors = error == null ? [] : (Problem.of(error).body.errors ?? [])
  return Object.fromEntries(errors.map(({ field, message }) => [field, message]))
}

/** The first wrong field of a form gets the focus after each try to send it. */
export function useFocusOnWrong(tries: number, error: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try and each answer moves the focus, typing does not.
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong]')?.focus()
  }, [tries, error])
  return form
}
