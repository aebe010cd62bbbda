/** A live picture of the house. A click chooses a section; the list of sections does the same for the keyboard. */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { makePlan, type Plan } from '../../seats/geometry.ts'
import { sectionAt } from '../../seats/grid.ts'
import { readPalette } from '../../seats/map/palette.ts'
import type { MapWords } from '../../seats/map/style.ts'
import { useMapWords } from '../../seats/words.ts'
import { useFormat } from '../../ui/format.ts'
import { onColoursChange } from '../../ui/theme.ts'
import styles from './Builder.module.css'
import { type House, toLayout } from './house.ts'
import { paint, placeOf, planPointAt } from './paint.ts'
import { layoutOf } from './plan.ts'

interface Props {
  house: House
  /** All grades of the show, the dearest first. */
  grades: readonly string[]
  /** Key of the section that is being edited. */
  chosen: number | undefined
  onChoose: (key: number) => void
}

export function HousePicture({ house, grades, chosen, onChoose }: Props) {
  const { t } = useTranslation('manage')
  const format = useFormat()
  const drawn = useDeferredValue(house)
  const plan = useMemo(() => makePlan(layoutOf(toLayout(drawn)), grades), [drawn, grades])
  const canvas = useRef<HTMLCanvasElement>(null)
  const index = drawn.sections.findIndex(({ key }) => key === chosen)
  usePainting(canvas, plan, drawn, index, useMapWords())
  useChoosing(canvas, plan, index => {
    const section = drawn.sections[index]
    if (section !== undefined) onChoose(section.key)
  })
  const text = t('house.alt', {
    sections: format.count(drawn.sections.length),
    seats: format.count(plan.seatCount),
  })
  return <canvas ref={canvas} className={styles.canvas} role="img" aria-label={text} />
}

type CanvasRef = React.RefObject<HTMLCanvasElement | null>

function usePainting(canvas: CanvasRef, plan: Plan, house: House, chosen: number, words: MapWords): void {
  const width = useWidth(canvas)
  const [colours, setColours] = useState(0)
  useEffect(() => onColoursChange(() => setColours(changes => changes + 1)), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of colours repaints the picture.
  useEffect(() => {
    const shown = canvas.current
    if (shown === null || width === 0) return
    const place = placeOf(plan, width)
    const ratio = devicePixelRatio
    shown.width = Math.round(place.width * ratio)
    shown.height = Math.round(place.height * ratio)
    shown.style.height = `${place.height}px`
    const palette = readPalette(document.body, plan.grades.length)
    paint(shown, { plan, house, place, palette, chosen, words, ratio })
  }, [canvas, plan, house, chosen, words, width, colours])
}

function useWidth(canvas: CanvasRef): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const shown = canvas.current
    if (shown === null) return
    const observer = new ResizeObserver(() => setWidth(shown.clientWidth))
    observer.observe(shown)
    return () => observer.disconnect()
  }, [canvas])
  return width
}

function useChoosing(canvas: CanvasRef, plan: Plan, choose: (section: number) => void): void {
  useEffect(() => {
    const shown = canvas.current
    if (shown === null) return
    const clicked = (event: MouseEvent) => {
      const { x, y, reach } = planPointAt(placeOf(plan, shown.clientWidth), event.offsetX, event.offsetY)
      const section = sectionAt(plan, x, y, reach)
      if (section !== undefined) choose(section)
    }
    shown.addEventListener('click', clicked)
    return () => shown.removeEventListener('click', clicked)
  })
}
