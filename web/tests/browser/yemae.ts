/** A whole Yemae for a test: the program behind `make run`, with its own stores and port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const PROGRAM = resolve(process.env.CARGO_TARGET_DIR ?? '../target', 'debug/yemae-local')
const STARTS_WITHIN_MS = 60_000
const STOPS_WITHIN_MS = 15_000

export interface Yemae {
  url: string
  /** What it has logged so far. */
  log(): string
  stop(): Promise<void>
}

/** Starts one with these settings. */
export async function startYemae(settings: Record<string, string> = {}): Promise<Yemae> {
  const folder = mkdtempSync(join(tmpdir(), 'yemae-web-'))
  const port = await freePort()
  const env = { ...process.env, YEMAE_ADDRESS_RATE_PER_MIN: '0', ...settings, PORT: String(port) }
  const program = spawn(PROGRAM, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  program.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  program.stderr?.pipe(process.stderr)
  const url = `http://127.0.0.1:${port}`
  await answers(url, program)
  return {
    url,
    log: () => log,
    async stop() {
      await stopped(program)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string, program: ChildProcess): Promise<void> {
  const deadline = Date.now() + STARTS_WITHIN_MS
  for (;;) {
    if (program.exitCode !== null) throw new Error(`yemae-local ended with ${program.exitCode}`)
    const response = await fetch(`${url}/v1/shows`).catch(() => undefined)
    if (response?.ok) return
    if (Date.now() > deadline) {
      program.kill('SIGKILL')
      throw new Error('yemae-local does not answer')
    }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function stopped(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return
  const ended = new Promise(resolve => program.once('exit', resolve))
  program.kill('SIGTERM')
  const timer = setTimeout(() => program.kill('SIGKILL'), STOPS_WITHIN_MS)
  await ended
  clearTimeout(timer)
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(address)))
    })
  })
}
