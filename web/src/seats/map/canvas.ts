/** Canvases on the page and off it. */

export type Canvas = OffscreenCanvas | HTMLCanvasElement
export type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

export function newCanvas(width: number, height: number): Canvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height)
  return Object.assign(document.createElement('canvas'), { width, height })
}

export function contextOf(canvas: Canvas, options?: CanvasRenderingContext2DSettings): Context {
  const context = canvas.getContext('2d', options) as Context | null
  if (context === null) throw new Error('this browser cannot draw')
  return context
}
