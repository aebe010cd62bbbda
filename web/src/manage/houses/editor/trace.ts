/** An image to trace, which lies under the drawing. It stays on this device. */
import type { Box, Point } from './camera.ts'

/** As it is kept. Lengths are metres. */
export interface Trace {
  name: string
  image: Blob
  /** The middle of the image in the house. */
  at: Point
  /** How wide the image is in the house. */
  width: number
  /** Height by width. */
  ratio: number
  opacity: number
  /** A locked image cannot be moved by hand. */
  locked: boolean
}

/** A trace with its image decoded. */
export interface ShownTrace extends Trace {
  bitmap: ImageBitmap
}

export const TRACE_BYTES_MAX = 40 * 1024 * 1024
/** Pixels on the longer side: more is not seen, and takes memory. */
const SIDE_MAX = 4096
const WIDTH_M = 40

export type TraceError = 'kind' | 'large' | 'broken'

export class TraceFailed extends Error {
  readonly why: TraceError
  constructor(why: TraceError) {
    super(why)
    this.why = why
  }
}

/** Reads an image, or the page of a PDF with this number from 1. */
export async function readTrace(file: File, page: number, middle: Point): Promise<ShownTrace> {
  if (file.size > TRACE_BYTES_MAX) throw new TraceFailed('large')
  const isPdf = file.type === 'application/pdf' || file.name.toLowerCase().endsWith('.pdf')
  if (!isPdf && !file.type.startsWith('image/')) throw new TraceFailed('kind')
  const image = isPdf ? await pageOf(file, page) : file
  const bitmap = await decoded(image)
  const ratio = bitmap.height / bitmap.width
  return { name: file.name, image, at: middle, width: WIDTH_M, ratio, opacity: 0.5, locked: false, bitmap }
}

async function pageOf(file: File, page: number): Promise<Blob> {
  const pdf = await import('./pdf.ts')
  return pdf.pageOf(file, page, SIDE_MAX).catch(() => {
    throw new TraceFailed('broken')
  })
}

export async function shownTrace(trace: Trace): Promise<ShownTrace> {
  return { ...trace, bitmap: await decoded(trace.image) }
}

/** The part that is kept. */
export function keptTrace({ bitmap: _, ...trace }: ShownTrace): Trace {
  return trace
}

export function boxOfTrace({ at, width, ratio }: Trace): Box {
  const height = width * ratio
  return { left: at.x - width / 2, right: at.x + width / 2, top: at.y - height / 2, bottom: at.y + height / 2 }
}

async function decoded(image: Blob): Promise<ImageBitmap> {
  try {
    const whole = image.type === 'image/svg+xml' ? await rasterized(image) : await createImageBitmap(image)
    const side = Math.max(whole.width, whole.height)
    if (side <= SIDE_MAX) return whole
    const part = SIDE_MAX / side
    const resizeWidth = Math.max(1, Math.round(whole.width * part))
    return await createImageBitmap(whole, { resizeWidth, resizeQuality: 'high' })
  } catch {
    throw new TraceFailed('broken')
  }
}

/** An SVG has to be an element before it can be painted. As an image it runs no scripts and fetches nothing. */
async function rasterized(image: Blob): Promise<ImageBitmap> {
  const shown = new Image()
  shown.src = await dataUrl(image)
  await shown.decode()
  const width = Math.min(SIDE_MAX, Math.max(shown.naturalWidth, 1600))
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = Math.max(1, Math.round((width * (shown.naturalHeight || 1)) / (shown.naturalWidth || 1)))
  canvas.getContext('2d')?.drawImage(shown, 0, 0, canvas.width, canvas.height)
  return createImageBitmap(canvas)
}

function dataUrl(image: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(image)
  })
}
