/** `make web`: Vite in front of the Yemae at YEMAE_URL, or of one that is started here and stopped with it. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

const url = process.env.YEMAE_URL ?? 'http://127.0.0.1:8080'
const answers = () =>
  fetch(`${url}/healthz`).then(
    response => response.ok,
    () => false,
  )

const started = []
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(0))

if (!(await answers())) {
  const program = resolve('..', process.env.CARGO_TARGET_DIR ?? 'target', 'debug/yemae-local')
  run(program, [], { cwd: '..', env: { ...process.env, PORT: new URL(url).port } })
  while (!(await answers())) await new Promise(resolve => setTimeout(resolve, 200))
}
run('node_modules/.bin/vite', [], { env: { ...process.env, YEMAE_URL: url } })

/** If either process ends, so does the other. */
function run(program, args, options) {
  const child = spawn(program, args, { stdio: 'inherit', ...options })
  started.push(child)
  child.on('exit', code => stop(code ?? 1))
}

function stop(code) {
  for (const child of started) child.kill('SIGTERM')
  process.exitCode = code
  setTimeout(() => process.exit(), 10_000).unref()
}
