/** A small picture of a house, painted as the buyers' map is. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { makePlan, type Plan } from '../../seats/geometry.ts'
import { contextOf } from '../../seats/map/canvas.ts'
import { Painter } from '../../seats/map/painter.ts'
import { readPalette } from '../../seats/map/palette.ts'
import { unsold } from '../../seats/map/picture.ts'
import { useMapWords } from '../../seats/words.ts'
import { onColoursChange } from '../../ui/theme.ts'
import { withGradesOf } from './editor/desk.ts'
import styles from './Houses.module.css'
import { houseQuery } from './library.ts'
import { placed } from './model/placed.ts'
import type { HousePlan } from './model/plan.ts'

const MARGIN = 10
const SEAT_MAX_PX = 10

/** The plan is fetched when the picture comes into view. */
export function HouseThumbnail({ houseId, version }: { houseId: string; version: number }) {
  const place = useRef<HTMLDivElement>(null)
  const [isSeen, setSeen] = useState(false)
  const house = useQuery({ ...houseQuery(houseId, version), enabled: isSeen })
  useEffect(() => {
    if (place.current === null) return
    const seen = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) setSeen(true)
      },
      { rootMargin: '200px' },
    )
    seen.observe(place.current)
    return () => seen.disconnect()
  }, [])
  return (
    <div ref={place}>
      {house.data === undefined ? (
        <div className={styles.picture} />
      ) : (
        <PlanPicture plan={house.data.plan} grades={[]} />
      )}
    </div>
  )
}

/** `grades` name the first colours. */
export function PlanPicture({ plan, grades }: { plan: HousePlan; grades: readonly string[] }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const mapWords = useMapWords()
  // A plan has no sale of which places could be left.
  const words = useMemo(() => ({ ...mapWords, left: () => '' }), [mapWords])
  const [painted, setPainted] = useState(0)
  useEffect(() => onColoursChange(() => setPainted(times => times + 1)), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of colours repaints the picture.
  useEffect(() => {
    const shown = canvas.current
    if (shown === null || shown.parentElement === null || plan.sections.length === 0) return
    const paint = () => {
      const map = makePlan(placed(plan), withGradesOf(grades, plan))
      const palette = readPalette(document.body, map.grades.length)
      const ratio = Math.min(devicePixelRatio, 2)
      Object.assign(shown, { width: shown.clientWidth * ratio, height: shown.clientHeight * ratio })
      const { zoom, left, top } = fitted(map, shown, ratio)
      const painter = new Painter(unsold(map), { palette, words, ratio, only: undefined, clear: true }, zoom, 0)
      painter.paint(contextOf(shown), { left, top, width: shown.width, height: shown.height })
    }
    const resized = new ResizeObserver(paint)
    resized.observe(shown)
    return () => resized.disconnect()
  }, [plan, grades, words, painted])
  return (
    <div aria-hidden="true">
      <canvas ref={canvas} className={styles.picture} />
    </div>
  )
}

function fitted({ bounds, pitch }: Plan, { width, height }: { width: number; height: number }, ratio: number) {
  const margin = 2 * MARGIN * ratio
  const across = (width - margin) / Math.max(bounds.right - bounds.left, 1)
  const down = (height - margin) / Math.max(bounds.bottom - bounds.top, 1)
  const zoom = Math.max(0.01, Math.min(across, down, (SEAT_MAX_PX * ratio) / pitch))
  return {
    zoom,
    left: ((bounds.left + bounds.right) / 2) * zoom - width / 2,
    top: ((bounds.top + bounds.bottom) / 2) * zoom - height / 2,
  }
}
