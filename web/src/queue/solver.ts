/** Solves in a thread of its own, so that the screen stays alive. */
import { solve } from './solve.ts'

addEventListener('message', (event: MessageEvent<{ challenge: string; bits: number }>) => {
  postMessage(solve(event.data.challenge, event.data.bits))
})
