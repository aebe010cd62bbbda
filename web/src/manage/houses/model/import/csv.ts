/** Reads a table of seats: `section,row,seat,x,y`, and if there are such columns `grade`, `kind`, `companion_of` and `note`. */
import type Papa from 'papaparse'
import { LENGTH_MAX_M, PLACE_KINDS, type PlaceKind, SEATS_MAX } from '../plan.ts'
import { assembled, type FoundSeat } from './assemble.ts'
import { ImportError, type Imported } from './imported.ts'
import { perMetreOf, type Scale } from './scale.ts'

const COLUMNS = {
  section: ['section', 'block', '구역', '구간', '블록'],
  row: ['row', '열'],
  label: ['seat', 'number', '좌석', '번호'],
  x: ['x', 'x_m'],
  y: ['y', 'y_m'],
  grade: ['grade', 'category', '등급'],
  kind: ['kind', 'type', '종류'],
  companion_of: ['companion_of', '동반'],
  note: ['note', '비고'],
} as const
type Column = keyof typeof COLUMNS
const NEEDED: readonly Column[] = ['section', 'row', 'label', 'x', 'y']

export interface CsvOptions extends Scale {
  name?: string
}

/** Lengths are metres unless the distance between seats says that they cannot be. */
export async function readCsv(source: string, options: CsvOptions = {}): Promise<Imported> {
  const { default: papa } = await import('papaparse')
  const { lines, delimiter } = linesOf(papa, source)
  const [header = [], ...rows] = lines
  const columns = columnsOf(header)
  const seats = rows.flatMap((cells, index) => seatOf(cells, columns, index + 2, delimiter === ';'))
  const given = options.unitsPerMetre ?? (looksLikeMetres(seats) ? 1 : undefined)
  const scale = perMetreOf(seats, { ...options, ...(given === undefined ? {} : { unitsPerMetre: given }) })
  const placed = seats.map(seat => ({ ...seat, x: seat.x / scale.perMetre, y: seat.y / scale.perMetre }))
  return assembled({ name: options.name ?? '', seats: placed }, scale.remarks)
}

function linesOf(papa: typeof Papa, source: string): { lines: string[][]; delimiter: string } {
  const { data, meta, errors } = papa.parse<string[]>(source.replace(/^\uFEFF/, ''), {
    delimitersToGuess: [',', ';', '\t'],
  })
  const quote = errors.find(({ type }) => type === 'Quotes')
  if (quote !== undefined) throw new ImportError('cell', { line: (quote.row ?? 0) + 1 }, { wanted: '"…"' })
  const filled = data.reduce((count, cells) => count + (isEmpty(cells) ? 0 : 1), 0)
  if (filled > SEATS_MAX + 1) throw new ImportError('tooManySeats', {}, { max: SEATS_MAX })
  return { lines: data, delimiter: meta.delimiter }
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every(cell => cell.trim() === '')
}

function columnsOf(header: readonly string[]): Partial<Record<Column, number>> {
  const names = header.map(name => name.trim().toLowerCase().replaceAll(' ', '_'))
  const found = Object.entries(COLUMNS).flatMap(([column, known]) => {
    const at = names.findIndex(name => (known as readonly string[]).includes(name))
    return at < 0 ? [] : [[column, at] as const]
  })
  const columns: Partial<Record<Column, number>> = Object.fromEntries(found)
  const missing = NEEDED.find(column => columns[column] === undefined)
  if (missing !== undefined) throw new ImportError('column', { line: 1 }, { column: COLUMNS[missing][0] })
  return columns
}

function seatOf(
  cells: readonly string[],
  columns: Partial<Record<Column, number>>,
  line: number,
  hasDecimalComma: boolean,
): FoundSeat[] {
  if (isEmpty(cells)) return []
  const cell = (column: Column) => cells[columns[column] ?? -1]?.trim() ?? ''
  const missing = NEEDED.find(column => cell(column) === '')
  if (missing !== undefined) throw new ImportError('cell', { line }, { column: COLUMNS[missing][0], wanted: '…' })
  const number = (column: 'x' | 'y') => numberOf(cell(column), column, line, hasDecimalComma)
  const [grade, companion_of, note] = [cell('grade'), cell('companion_of'), cell('note')]
  const kind = kindOf(cell('kind'), line)
  return [
    {
      section: cell('section'),
      row: cell('row'),
      label: cell('label'),
      x: number('x'),
      y: number('y'),
      ...(grade === '' ? {} : { grade }),
      ...(kind === undefined ? {} : { kind }),
      ...(companion_of === '' ? {} : { companion_of }),
      ...(note === '' ? {} : { note }),
    },
  ]
}

function numberOf(text: string, column: string, line: number, hasDecimalComma: boolean): number {
  const written = hasDecimalComma ? text.replace(',', '.') : text
  const number = Number(written)
  if (/^[-+.\d]/.test(written) && Math.abs(number) <= 100 * LENGTH_MAX_M) return number
  throw new ImportError('cell', { line }, { column, wanted: hasDecimalComma ? '1,5' : '1.5' })
}

/** An empty cell and `seat` are a seat like all others. */
function kindOf(text: string, line: number): PlaceKind | undefined {
  const word = text.toLowerCase().replaceAll(/[\s-]+/g, '_')
  const kind = PLACE_KINDS.find(kind => kind === word)
  if (kind !== undefined || word === '' || word === 'seat') return kind
  throw new ImportError('cell', { line }, { column: 'kind', wanted: PLACE_KINDS.join(' | ') })
}

/** Seats of one row are 0.3 to 2 metres apart. */
function looksLikeMetres(seats: readonly FoundSeat[]): boolean {
  const { median } = perMetreOf(seats, { unitsPerMetre: 1 })
  return median === undefined || (median >= 0.3 && median <= 2)
}
