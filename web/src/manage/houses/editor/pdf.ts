/** A page of a PDF as an image. The reader of PDFs is large: it is fetched when the first one is chosen. */
import { GlobalWorkerOptions, getDocument } from 'pdfjs-dist'

const MAX_PAGES = 999

/** The page with this number from 1, or the last one; `side` is the longer side of the image in pixels. */
export async function pageOf(file: File, number: number, side: number): Promise<Blob> {
  const port = new Worker(new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url), { type: 'module' })
  GlobalWorkerOptions.workerPort = port
  const loading = getDocument({ data: await file.arrayBuffer(), isEvalSupported: false })
  try {
    const document = await loading.promise
    const page = await document.getPage(Math.max(1, Math.min(number, document.numPages, MAX_PAGES)))
    const natural = page.getViewport({ scale: 1 })
    const viewport = page.getViewport({ scale: side / Math.max(natural.width, natural.height, 1) })
    const canvas = globalThis.document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(viewport.width))
    canvas.height = Math.max(1, Math.round(viewport.height))
    await page.render({ canvas, viewport }).promise
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        image => (image === null ? reject(new Error('the page is too large')) : resolve(image)),
        'image/png',
      )
    })
  } finally {
    await loading.destroy()
    GlobalWorkerOptions.workerPort = null
    port.terminate()
  }
}
