/** From what was recorded to what is shown: how long each shot lasts, and which moment each frame shows. */

/** A stretch of the story under one caption. */
export interface Shot<C> {
  caption: C
  /** When it was recorded, in milliseconds. */
  from: number
  to: number
  seconds: Seconds
}

/** How long a shot is shown. One that took longer is sped up; one that was shorter stands still at its end. */
export interface Seconds {
  /** In the film. */
  least: number
  most: number
  /** In the short picture. */
  short: number
}

export type Edition = 'film' | 'picture'

export interface Moment<C> {
  at: number
  caption: C
}

/** The moment that each frame shows, at so many a second. */
export function momentsOf<C>(shots: readonly Shot<C>[], edition: Edition, fps: number): Moment<C>[] {
  return shots.flatMap(({ caption, from, to, seconds: { least, most, short } }) => {
    const took = (to - from) / 1000
    const shown = edition === 'film' ? Math.min(Math.max(took, least), most) : short
    const speed = Math.max(1, took / shown)
    return Array.from({ length: Math.round(shown * fps) }, (_, frame) => ({
      at: Math.min(to, from + (frame / fps) * speed * 1000),
      caption,
    }))
  })
}

/** The index of the last of these times that is not later, or else of the first. They are sorted. */
export function lastAt(times: readonly number[], at: number): number {
  const later = times.findIndex(time => time > at)
  return Math.max(0, later === -1 ? times.length - 1 : later - 1)
}
