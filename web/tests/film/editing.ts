/** Joins what the camera recorded into two editions, with ffmpeg: the film, and a short picture for the README. */
import { execFile } from 'node:child_process'
import { mkdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import type { FilmCamera, Pane } from './camera.ts'
import type { Caption, Captions } from './captions.ts'
import { CONSOLE_AT, FILM, PHONE_AT, stagePictures } from './stage.ts'
import { type Edition, lastAt, momentsOf } from './timeline.ts'

const FPS: Record<Edition, number> = { film: 10, picture: 8 }
/** The widest that is small enough is taken. */
const PICTURE_WIDTHS = [1000, 840, 700, 560]
const PICTURE_MAX_BYTES = 3_000_000

/** The two pages on a canvas, and over them the stage, which has holes for them. */
function composed(format: 'rgb' | 'yuv420'): string {
  const over = (at: { x: number; y: number }) => `overlay=${at.x}:${at.y}:format=${format}`
  return (
    `color=black:${FILM.width}x${FILM.height}[canvas];[canvas][0]${over(PHONE_AT)}:shortest=1[one];` +
    `[one][1]${over(CONSOLE_AT)}[two];[two][2]${over({ x: 0, y: 0 })}`
  )
}

/** A recorded story with the pictures that go around it, in a folder for the work. */
export interface Material {
  camera: FilmCamera
  stage: (caption: Caption) => string
  folder: string
}

export async function material(browser: Browser, camera: FilmCamera, captions: Captions, folder: string) {
  const shown = camera.shots.map(({ caption }) => caption)
  const file = (index: number) => join(folder, `caption-${index}.png`)
  await stagePictures(browser, captions, shown, file)
  return { camera, folder, stage: (caption: Caption) => file(shown.indexOf(caption)) }
}

/** Writes `to` with the endings of MP4 and WebM. */
export async function makeFilm(material: Material, to: string): Promise<void> {
  await ffmpeg(layers(material, 'film'), [
    ...['-filter_complex', `${composed('yuv420')},split[mp4][webm]`],
    ...['-map', '[mp4]', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p'],
    ...['-movflags', '+faststart', `${to}.mp4`],
    ...['-map', '[webm]', '-c:v', 'libvpx-vp9', '-crf', '36', '-b:v', '0', '-deadline', 'realtime', '-cpu-used', '7'],
    ...['-row-mt', '1', '-pix_fmt', 'yuv420p', `${to}.webm`],
  ])
}

/** Writes an animated GIF, for pages that play no films. */
export async function makePicture(material: Material, to: string): Promise<void> {
  const whole = join(material.folder, 'picture.mkv')
  const lossless = ['-c:v', 'libx264rgb', '-preset', 'ultrafast', '-qp', '0', whole]
  await ffmpeg(layers(material, 'picture'), ['-filter_complex', composed('rgb'), ...lossless])
  for (const width of PICTURE_WIDTHS) {
    const palette = `split[seen][again];[seen]palettegen[colours];[again][colours]paletteuse=dither=none`
    await ffmpeg(['-i', whole], ['-vf', `scale=${width}:-1:flags=area,${palette}:diff_mode=rectangle`, to])
    if (statSync(to).size <= PICTURE_MAX_BYTES) return
  }
  throw new Error(`${to} is larger than ${PICTURE_MAX_BYTES} bytes`)
}

/** Numbers the frames of an edition: as ffmpeg's inputs, a folder for each layer. */
function layers({ camera, stage, folder }: Material, edition: Edition): string[] {
  const fps = FPS[edition]
  const moments = momentsOf(camera.shots, edition, fps)
  const numbered = (name: string, ending: string, fileOf: (moment: (typeof moments)[number]) => string) => {
    const links = join(folder, edition, name)
    mkdirSync(links, { recursive: true })
    for (const [frame, moment] of moments.entries()) symlinkSync(fileOf(moment), join(links, `${frame}.${ending}`))
    return ['-framerate', `${fps}`, '-i', join(links, `%d.${ending}`)]
  }
  const page = (pane: Pane) => {
    const { files, times } = camera.reels[pane]
    return numbered(pane, 'jpg', ({ at }) => files[lastAt(times, at)] ?? '')
  }
  return [...page('phone'), ...page('console'), ...numbered('stage', 'png', ({ caption }) => stage(caption))]
}

async function ffmpeg(inputs: string[], outputs: string[]): Promise<void> {
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...inputs, ...outputs])
}
