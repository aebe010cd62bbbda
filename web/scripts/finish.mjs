/** After the build: adds Swagger UI below docs/, writes a compressed copy beside every text file, and bounds the size of the first load. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = 'dist'
const FIRST_LOAD_MAX_BYTES = 130_000
const COMPRESSED = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.txt'])

addSwaggerUi()
compress()
report(firstLoad())

function addSwaggerUi() {
  const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  mkdirSync(join(dist, 'docs'), { recursive: true })
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    copyFileSync(join(from, file), join(dist, 'docs', file))
  for (const file of ['index.html', 'start.js']) copyFileSync(join('swagger', file), join(dist, 'docs', file))
}

function files() {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

function compress() {
  for (const file of files().filter(file => COMPRESSED.has(extname(file)))) {
    const bytes = readFileSync(file)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }))
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

/** The page, the files it names, and the Korean texts: all that the browser needs for the first screen. */
function firstLoad() {
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(match => match[1])
  const texts = readdirSync(join(dist, 'assets')).filter(file => /^ko-.*\.js$/.test(file))
  named.push(...texts.map(file => `assets/${file}`))
  return ['index.html', ...named].map(file => ({ file, bytes: readFileSync(join(dist, `${file}.br`)).length }))
}

function report(loaded) {
  const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { file, bytes } of loaded) process.stdout.write(`${String(bytes).padStart(8)}  ${file}\n`)
  process.stdout.write(`${String(total).padStart(8)}  first load, brotli; at most ${FIRST_LOAD_MAX_BYTES}\n`)
  if (total > FIRST_LOAD_MAX_BYTES) {
    rmSync(dist, { recursive: true })
    throw new Error('the first load is too large')
  }
}
