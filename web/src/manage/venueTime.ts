/** Dates and times as they are at the venue, whatever the laptop's time zone is. */

const ZONE = 'Asia/Seoul'
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

/** `2026-12-05T19:30`, as a field of date and time has it. */
export function toVenue(at: string | number): string {
  const told = Object.fromEntries(parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  return `${told.year}-${told.month}-${told.day}T${told.hour}:${told.minute}`
}

/** The moment of a field's text; nothing when it is not a moment. */
export function fromVenue(text: string): string | undefined {
  const [year, month, day, hour, minute] = (LOCAL.exec(text) ?? []).slice(1).map(Number)
  if (year === undefined || month === undefined) return undefined
  const asUtc = Date.UTC(year, month - 1, day, hour, minute)
  const moment = asUtc - aheadOfUtc(asUtc - aheadOfUtc(asUtc))
  return toVenue(moment) === text ? new Date(moment).toISOString() : undefined
}

/** Milliseconds by which the venue's clock is ahead at a moment. */
function aheadOfUtc(moment: number): number {
  return Date.parse(`${toVenue(moment)}Z`) - Math.floor(moment / 60_000) * 60_000
}
