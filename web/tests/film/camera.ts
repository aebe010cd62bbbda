/** Records the two pages at once, and which caption belongs to which moment. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { Caption } from './captions.ts'
import type { Seconds, Shot } from './timeline.ts'

const FPS_MAX = 12
const QUALITY = 95

/** What the story tells the camera. */
export interface Camera {
  /** Does this under a caption. */
  shot(caption: Caption, seconds: Seconds, act: () => Promise<void>): Promise<void>
  /** Lets the viewers see what is there. */
  linger(seconds: number): Promise<void>
}

/** For a story that only has to be true. */
export const noCamera: Camera = { shot: (_caption, _seconds, act) => act(), linger: async () => {} }

export type Pane = 'phone' | 'console'

/** The frames of one page: a new one only when it changed. */
export interface Reel {
  files: string[]
  /** When each began to be shown, in milliseconds. */
  times: number[]
}

export class FilmCamera implements Camera {
  readonly shots: Shot<Caption>[] = []
  readonly reels: Record<Pane, Reel> = { phone: { files: [], times: [] }, console: { files: [], times: [] } }
  readonly #folder: string
  readonly #pages: Page[] = []

  /** Keeps the frames below this folder. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Records a page until the end. */
  async follow(pane: Pane, page: Page): Promise<void> {
    const folder = join(this.#folder, pane)
    mkdirSync(folder, { recursive: true })
    const { files, times } = this.reels[pane]
    await page.screencast.start({
      size: page.viewportSize() ?? { width: 0, height: 0 },
      quality: QUALITY,
      fps: FPS_MAX,
      onFrame({ data, timestamp }) {
        const file = join(folder, `${files.length}.jpg`)
        writeFileSync(file, data)
        files.push(file)
        times.push(timestamp)
      },
    })
    this.#pages.push(page)
  }

  async shot(caption: Caption, seconds: Seconds, act: () => Promise<void>): Promise<void> {
    const from = Date.now()
    process.stdout.write(`${new Date(from).toISOString().slice(11, 19)}  ${caption.text}\n`)
    await act()
    this.shots.push({ caption, from, to: Date.now(), seconds })
  }

  async linger(seconds: number): Promise<void> {
    await sleep(seconds * 1000)
  }

  async stop(): Promise<void> {
    for (const page of this.#pages) await page.screencast.stop()
  }
}
