/** The symbol of a kind of place, as the drawing shows it. */
import { useEffect, useRef, useState } from 'react'
import { readPalette } from '../../../seats/map/palette.ts'
import { onColoursChange } from '../../../ui/theme.ts'
import type { PlaceKind } from '../model/plan.ts'
import { drawSymbol } from './symbols.ts'

const SIDE = 20

export function Sign({ kind }: { kind: PlaceKind | 'plain' }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [colours, setColours] = useState(0)
  useEffect(() => onColoursChange(() => setColours(changes => changes + 1)), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of colours repaints the symbol.
  useEffect(() => {
    const shown = canvas.current
    const context = shown?.getContext('2d')
    if (shown == null || context == null || shown.parentElement === null) return
    const palette = readPalette(shown.parentElement, 1)
    const ratio = Math.max(devicePixelRatio, 2)
    Object.assign(shown, { width: SIDE * ratio, height: SIDE * ratio })
    context.scale(ratio, ratio)
    drawSymbol(
      context,
      { x: SIDE / 2, y: SIDE / 2 },
      SIDE * 0.4,
      kind === 'plain' ? undefined : kind,
      palette.inkSoft,
      palette,
    )
  }, [kind, colours])
  return (
    <span aria-hidden="true" style={{ display: 'inline-flex' }}>
      <canvas ref={canvas} style={{ width: SIDE, height: SIDE }} />
    </span>
  )
}
