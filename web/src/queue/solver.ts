/** Solves in a worker, so that the screen stays responsive. */
import { solve } from './solve.ts'

addEventListener('message', (event: MessageEvent<{ challenge: string; bits: number }>) => {
  postMessage(solve(event.data.challenge, event.data.bits))
})
