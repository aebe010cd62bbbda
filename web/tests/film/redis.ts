/** A Redis of the story's own: it keeps nothing on disk, so that killing it loses all that it knew. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../browser/yemae.ts'

const ANSWERS_WITHIN_MS = 20_000
const ASK_AGAIN_MS = 50

export interface Redis {
  url: string
  /** Ends it as a crash would, with no chance to write anything. */
  kill(): Promise<void>
  /** Starts it again at the same address, empty. */
  start(): Promise<void>
  stop(): Promise<void>
}

export async function startRedis(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), 'yemae-redis-'))
  const port = await freePort()
  let server: ChildProcess | undefined
  const kill = async () => {
    if (server === undefined) return
    await killed(server)
    server = undefined
  }
  process.once('exit', () => server?.kill('SIGKILL'))
  const start = async () => {
    server = spawn('redis-server', ['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--dir', folder], {
      stdio: 'ignore',
    })
    await answers(port, server)
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function killed(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) throw new Error('redis-server ended by itself')
  const ended = new Promise(resolve => server.once('exit', resolve))
  server.kill('SIGKILL')
  await ended
}

/** Waits for the answer of this process, which began with no data. */
async function answers(port: number, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + ANSWERS_WITHIN_MS; Date.now() < deadline; ) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`)
    const info = await redisInfo(port).catch(() => '')
    if (info.includes(`process_id:${server.pid}\r\n`)) {
      if (!info.includes('rdb_last_load_keys_loaded:0\r\n')) throw new Error('Redis did not start empty')
      return
    }
    await new Promise(resolve => setTimeout(resolve, ASK_AGAIN_MS))
  }
  throw new Error('redis-server does not answer')
}

async function redisInfo(port: number): Promise<string> {
  const { stdout } = await promisify(execFile)('redis-cli', ['-p', `${port}`, 'INFO', 'everything'])
  return stdout
}
