/** Money, times and counts in the chosen language. */
import { useTranslation } from 'react-i18next'

/** Times are the venue's, wherever the phone is. */
const VENUE_TIME_ZONE = 'Asia/Seoul'

export interface Format {
  /** Minor units of a currency: `₩150,000`, `150,000원`. */
  money(amount: number, currency: string): string
  /** `2026년 12월 5일 (토) 오후 7:00`. */
  moment(at: string | number | Date): string
  /** `12월 5일 (토)`. */
  day(at: string | number | Date): string
  /** `오후 7:00`. */
  time(at: string | number | Date): string
  count(value: number): string
  /** `2시간 5분`, without seconds from a minute up. */
  duration(seconds: number): string
}

export function useFormat(): Format {
  const { i18n } = useTranslation()
  return formatOf(i18n.language)
}

const made = new Map<string, Format>()

export function formatOf(language: string): Format {
  const known = made.get(language)
  if (known !== undefined) return known
  const format = make(language)
  made.set(language, format)
  return format
}

function make(language: string): Format {
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB'
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: VENUE_TIME_ZONE, ...options })
    return (at: string | number | Date) => format.format(new Date(at))
  }
  const day = dates({ month: 'long', day: 'numeric', weekday: 'short' })
  const year = dates({ year: 'numeric' })
  // Formatted in two parts: in one, the Korean weekday would lose its brackets.
  const date =
    language === 'ko'
      ? (at: string | number | Date) => `${year(at)} ${day(at)}`
      : dates({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' })
  const time = dates({ timeStyle: 'short' })
  const numbers = new Intl.NumberFormat(locale)
  const unit = (name: string, value: number) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: language === 'ko' ? 'long' : 'short',
    }).format(value)
  return {
    money: (amount, currency) => moneyOf(locale, amount, currency),
    moment: at => `${date(at)} ${time(at)}`,
    day,
    time,
    count: value => numbers.format(value),
    duration: seconds => durationOf(seconds, unit),
  }
}

function moneyOf(locale: string, amount: number, currency: string): string {
  if (currency === 'KRW' && locale === 'ko-KR') return `${new Intl.NumberFormat(locale).format(amount)}원`
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0
  return format.format(amount / 10 ** digits)
}

function durationOf(seconds: number, unit: (name: string, value: number) => string): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return unit('second', whole)
  const minutes = Math.round(whole / 60)
  if (minutes < 60) return unit('minute', minutes)
  const rest = minutes % 60
  const hours = unit('hour', Math.floor(minutes / 60))
  return rest === 0 ? hours : `${hours} ${unit('minute', rest)}`
}

/** A time left: `4:09`, or `1:02:03` from an hour up. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}
