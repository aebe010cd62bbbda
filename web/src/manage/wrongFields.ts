/** The errors of a form: the browser's in the reader's language, the server's in its own words. */
import { type RefObject, useEffect, useRef } from 'react'
import { Problem } from '../api/problem.ts'

/** By the server's name for the field. */
export function serverErrors(error: unknown): Record<string, string> {
  const errors = error == null ? [] : (Problem.of(error).body.errors ?? [])
  return Object.fromEntries(errors.map(({ field, message }) => [field, message]))
}

/** Moves the focus to the first wrong field whenever sending fails. */
export function useFocusOnWrong(tries: number, error: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: sending and responses move the focus, typing does not.
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong]')?.focus()
  }, [tries, error])
  return form
}
