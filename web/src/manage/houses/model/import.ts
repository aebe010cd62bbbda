/** Reads a plan from a file: JSON, a drawing, or a table of seats. */
import { readCsv } from './import/csv.ts'
import { IMPORT_BYTES_MAX, ImportError, type Imported } from './import/imported.ts'
import { readJson } from './import/json.ts'
import { readSvg, type SvgOptions } from './import/svg.ts'

export { IMPORT_BYTES_MAX, ImportError, type Imported, type Remark } from './import/imported.ts'

export type ImportKind = 'json' | 'svg' | 'csv'
export type ImportOptions = SvgOptions

/** For the file chooser. */
export const IMPORT_ACCEPT = '.json,.svg,.csv,.tsv,.txt,application/json,image/svg+xml,text/csv'

/** Rejects with an `ImportError` that says where the file is wrong. */
export async function importFile(file: File, options: ImportOptions = {}): Promise<Imported> {
  if (file.size > IMPORT_BYTES_MAX) throw new ImportError('tooLarge', {}, { max: IMPORT_BYTES_MAX / 1024 / 1024 })
  const text = textOf(await file.arrayBuffer())
  const name = options.name ?? file.name.replace(/\.[^.]+$/, '')
  return importText(text, kindOf(text, file.name), { ...options, name })
}

export async function importText(text: string, kind: ImportKind, options: ImportOptions = {}): Promise<Imported> {
  if (kind === 'svg') return readSvg(text, options)
  if (kind === 'csv') return readCsv(text, options)
  const { plan, remarks } = readJson(text)
  return { plan: plan.name === '' ? { ...plan, name: options.name ?? '' } : plan, remarks }
}

/** UTF-8, or as spreadsheets in Korea save: UTF-16 with its mark, or EUC-KR. */
function textOf(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2))
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  for (const encoding of ['utf-8', 'euc-kr']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // The next one.
    }
  }
  throw new ImportError('notText')
}

/** By how it begins, so that the file's name does not matter; a table begins with anything else. */
function kindOf(text: string, name: string): ImportKind {
  const start = text
    .slice(0, 1_000)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (start.startsWith('{')) return 'json'
  if (start.startsWith('<')) return 'svg'
  if (/\.(json|svg)$/i.test(name)) throw new ImportError(/json$/i.test(name) ? 'notJson' : 'notSvg')
  return 'csv'
}
