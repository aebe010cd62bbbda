/** What a ticket calls its place: a seat by row and number, a standing place by its entry number. */
import { createInstance } from 'i18next'
import { expect, test } from 'vitest'
import { type BookedPlace, longName, shortNames } from '../../src/bookings/places.ts'
import ko from '../../src/i18n/ko/index.ts'
import { nameSections } from '../../src/i18n/section.ts'

const words = createInstance()
await words.init({ lng: 'ko', resources: { ko }, interpolation: { escapeValue: false } })
nameSections(words)
const t = words.getFixedT('ko', 'bookings')

const seat: BookedPlace = { seat: '가-12-왼쪽', section: '가', row: '12', number: '왼쪽', kind: 'seat', grade: 'R' }
const standing: BookedPlace = {
  seat: 'F-entry-120',
  section: 'F',
  kind: 'standing',
  entry_number: 120,
  entrance: '2번 게이트',
  grade: 'S',
}

test('a ticket names row and number, or the entry number', () => {
  expect(longName(seat, t)).toBe('가구역 12열 왼쪽')
  expect(longName({ ...seat, number: '7' }, t)).toBe('가구역 12열 7번')
  expect(longName(standing, t)).toBe('F구역 스탠딩 · 입장 번호 120번')
  expect(longName({ ...seat, section: '2층' }, t)).toBe('2층 12열 왼쪽')
})

test('a list of places is short', () => {
  expect(shortNames([seat, standing], t)).toBe('가-12-왼쪽, F 스탠딩 120번')
})
