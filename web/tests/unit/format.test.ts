/** Money, times and counts in each language, with times at the venue. */
import { expect, test } from 'vitest'
import { clock, formatOf } from '../../src/ui/format.ts'

const [korean, english] = [formatOf('ko'), formatOf('en')]

test('won has no minor unit, other money has', () => {
  expect(korean.money(150_000, 'KRW')).toBe('150,000원')
  expect(english.money(150_000, 'KRW')).toBe('₩150,000')
  expect(english.money(1_250, 'USD')).toBe('$12.50')
})

test('times are the venue’s, wherever the phone is', () => {
  // Some builds of Node lack the Korean words for noon; browsers have them.
  expect(korean.moment('2026-12-05T10:00:00Z')).toMatch(/^2026년 12월 5일 \(토\) (오후|PM) 7:00$/)
  expect(english.time('2026-12-05T10:00:00Z')).toBe('19:00')
  expect(korean.day('2026-12-05T20:00:00Z')).toBe('12월 6일 (일)')
})

test('a time left is never shown too short', () => {
  expect(clock(249.2)).toBe('4:10')
  expect(clock(3723)).toBe('1:02:03')
  expect(clock(-5)).toBe('0:00')
})

test('durations are written in words', () => {
  expect(korean.duration(6600)).toBe('1시간 50분')
  expect(korean.duration(59)).toBe('59초')
  expect(english.duration(3600)).toBe('1 hr')
})
