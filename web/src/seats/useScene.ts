/** A scene on a canvas for as long as the component is there: sized, coloured, and repainted as places change. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import { onColoursChange } from '../ui/theme.ts'
import type { Board } from './board.ts'
import { sectionAt } from './grid.ts'
import { MiniMap } from './map/minimap.ts'
import { Scene } from './map/scene.ts'
import type { MapWords } from './map/style.ts'

export interface Shown {
  canvas: RefObject<HTMLCanvasElement | null>
  mini: RefObject<HTMLCanvasElement | null>
  scene: Scene | undefined
  /** Shows the whole house in its corner. */
  miniMap: MiniMap | undefined
  /** Whether single seats show. */
  near: boolean
  /** Whether only a part of the house is shown. */
  part: boolean
  /** The section in the middle, while single seats show. */
  middle: string | undefined
  /** How far the house is turned, in whole degrees. */
  turn: number
}

/** How far beside a section the middle of the view still counts as in it, in metres. */
const NEAR_M = 1.2

export function useScene(board: Board, words: MapWords): Shown {
  const canvas = useRef<HTMLCanvasElement>(null)
  const mini = useRef<HTMLCanvasElement>(null)
  const [made, setMade] = useState<{ scene: Scene; miniMap: MiniMap | undefined }>()
  const [seen, setSeen] = useState({ near: true, part: false, middle: undefined as string | undefined, turn: 0 })
  useEffect(() => {
    const shown = canvas.current
    if (shown === null) return
    const scene = new Scene(shown, board, words)
    const miniMap = mini.current === null ? undefined : new MiniMap(mini.current, scene)
    scene.onComplete = measureOnce
    scene.onView = () => {
      const { view, near, zoomedIn: part } = scene
      if (part) miniMap?.draw()
      const section = near ? sectionAt(board.plan, view.x, view.y, NEAR_M) : undefined
      const middle = section === undefined ? undefined : board.plan.sections[section]?.name
      const turn = Math.round((view.turn * 180) / Math.PI)
      setSeen(before => {
        const same = before.near === near && before.part === part && before.middle === middle && before.turn === turn
        return same ? before : { near, part, middle, turn }
      })
    }
    const unsubscribe = board.subscribe(changed => {
      scene.changed(changed)
      miniMap?.renew(changed === 'all')
      if (scene.zoomedIn) miniMap?.draw()
    })
    const resized = new ResizeObserver(() => scene.resize(shown.clientWidth, shown.clientHeight))
    resized.observe(shown)
    const unlisten = onColoursChange(() => {
      scene.recolour()
      miniMap?.renew(true)
      if (scene.zoomedIn) miniMap?.draw()
    })
    setMade({ scene, miniMap })
    return () => {
      unlisten()
      unsubscribe()
      resized.disconnect()
      scene.close()
    }
  }, [board, words])
  return { canvas, mini, scene: made?.scene, miniMap: made?.miniMap, ...seen }
}

const MEASURE = 'seats:interactive'

/** Measures from navigation to the first full map that answers a tap, if the page was opened here. */
function measureOnce(): void {
  const [loaded] = performance.getEntriesByType('navigation')
  const beganHere = loaded !== undefined && new URL(loaded.name).pathname === location.pathname
  if (!beganHere || performance.getEntriesByName(MEASURE).length > 0) return
  performance.measure(MEASURE, { start: 0, end: performance.now() })
}
