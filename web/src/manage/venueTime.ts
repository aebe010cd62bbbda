/** Dates and times at the venue, whatever the laptop's time zone. */

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

/** `2026-12-05T19:30`, the value of a `datetime-local` input. */
export function toVenue(at: string | number): string {
  const told = Object.fromEntries(parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  return `${told.year}-${told.month}-${told.day}T${told.hour}:${told.minute}`
}

/** The moment a field's text names; `undefined` if it names none. */
export function fromVenue(text: string): string | undefined {
  const [year, month, day, hour, minute] = (LOCAL.exec(text) ?? []).slice(1).map(Number)
  if (year === undefined || month === undefined) return undefined
  const asUtc = Date.UTC(year, month - 1, day, hour, minute)
  const moment = asUtc - aheadOfUtc(asUtc - aheadOfUtc(asUtc))
  return toVenue(moment) === text ? new Date(moment).toISOString() : undefined
}

/** The venue's offset from UTC at a moment, in milliseconds. */
function aheadOfUtc(moment: number): number {
  return Date.parse(`${toVenue(moment)}Z`) - Math.floor(moment / 60_000) * 60_000
}
