/** The organizer's forms, checked as the server does, and times at the venue. */
import { describe, expect, test } from 'vitest'
import { checkSale, gatheringBefore, saleOf, toNewSale, withOpening } from '../../src/manage/performance/saleForm.ts'
import { checkShow, emptyShow, isPicture, toNewShow, versionOf } from '../../src/manage/show/showForm.ts'
import { fromVenue, toVenue } from '../../src/manage/venueTime.ts'

const NOW = Date.parse('2026-11-20T03:04:05Z')

describe('times at the venue', () => {
  test('are nine hours ahead, whatever the zone of this machine', () => {
    expect(fromVenue('2026-12-05T19:30')).toBe('2026-12-05T10:30:00.000Z')
    expect(fromVenue('2027-01-01T00:10')).toBe('2026-12-31T15:10:00.000Z')
    expect(toVenue('2026-12-31T15:10:59Z')).toBe('2027-01-01T00:10')
  })

  test('convert there and back', () => {
    for (const text of ['2026-03-29T02:30', '2026-06-30T23:59', '2028-02-29T00:00']) {
      expect(toVenue(fromVenue(text) ?? '')).toBe(text)
    }
  })

  test('that do not exist are refused', () => {
    for (const text of ['', '2026-02-30T10:00', '2026-13-01T10:00', 'tomorrow']) expect(fromVenue(text)).toBe(undefined)
  })
})

describe('a show', () => {
  const written = { ...emptyShow(), title: ' 봄 ', genre: 'concert', venue: '홀' }

  test('is sent trimmed', () => {
    expect(checkShow(written)).toEqual({})
    const sent = toNewShow({ ...written, posterUrl: ' ' })
    expect([sent.title, sent.poster_url, sent.currency]).toEqual(['봄', null, 'KRW'])
    expect(sent.grades[0]).toEqual({ grade: 'R', price: 110_000 })
  })

  test('names every field that is wrong at once', () => {
    const grades = [
      { key: 1, grade: 'R', price: '1' },
      { key: 2, grade: ' R', price: '-1' },
      { key: 3, grade: '', price: '1000000001' },
    ]
    const wrong = { ...written, title: ' ', ageLimit: '121', runtimeMin: '1.5', posterUrl: 'http://x', grades }
    expect(checkShow({ ...wrong, maxSeatsPerUser: '21' })).toEqual({
      title: 'required',
      age_limit: 'ageLimit',
      runtime_min: 'runtime',
      poster_url: 'poster',
      max_seats_per_user: 'maxSeats',
      'grades[1].grade': 'gradeTwice',
      'grades[1].price': 'price',
      'grades[2].grade': 'gradeName',
      'grades[2].price': 'price',
    })
    expect(checkShow({ ...written, grades: [] })).toEqual({ grades: 'grades' })
  })

  test('is sent with the version that its words were read from', () => {
    const { poster_url, ...sent } = toNewShow(written)
    const read = {
      ...sent,
      poster_url: poster_url ?? null,
      show_id: 's',
      organizer_id: 'o',
      created_at: '2026-11-01T00:00:00Z',
      performances: [],
      age_limit: 0,
      runtime_min: 120,
      description: '',
      version: 3,
    }
    expect(versionOf(read, { ...read, version: 5 })).toBe(5)
    expect(versionOf(read, { ...read, version: 5, title: '가을' })).toBe(3)
    expect(versionOf(read, { ...read, version: 5, max_seats_per_user: 2 })).toBe(3)
  })

  test('counts characters, not their halves', () => {
    expect(checkShow({ ...written, title: '🎻'.repeat(200) })).toEqual({})
    expect(checkShow({ ...written, title: '🎻'.repeat(201) })).toEqual({ title: 'tooLong' })
  })

  test('has a poster on the site or by https', () => {
    const tried = ['/p.svg', 'https://x.test/p.png', '//x.test/p.png', 'javascript:alert(1)', 'https://x test']
    expect(tried.map(isPicture)).toEqual([true, true, false, false, false])
  })
})

describe('a sale', () => {
  const form = saleOf(NOW)

  test('begins with times that the server takes', () => {
    expect(checkSale(form, NOW)).toEqual({})
    expect([form.startsAt, form.opensAt, form.prequeueAt]).toEqual([
      '2026-12-20T19:30',
      '2026-11-27T14:00',
      '2026-11-27T13:30',
    ])
  })

  test('keeps the time from the gathering to an opening that is moved', () => {
    expect(withOpening(form, '2026-12-01T10:00').prequeueAt).toBe('2026-12-01T09:30')
    expect(gatheringBefore('2026-12-01T00:10')).toBe('2026-11-30T23:40')
  })

  test('sends only the fields of its mode', () => {
    const opens_at = '2026-11-27T05:00:00.000Z'
    expect(toNewSale({ ...form, mode: 'open' })).toEqual({ opens_at, mode: 'open' })
    const prequeue_at = '2026-11-27T04:30:00.000Z'
    expect(toNewSale(form)).toEqual({ opens_at, prequeue_at, mode: 'queue', cap: 500, rate_per_min: 600 })
    expect(toNewSale({ ...form, gathers: false })).not.toHaveProperty('prequeue_at')
    expect(toNewSale({ ...form, lateEntry: true })).not.toHaveProperty('late_entry')
    expect(toNewSale({ ...form, closesAt: '2026-12-20T20:00', lateEntry: true })).toMatchObject({ late_entry: true })
  })

  test('is refused if times are out of order or numbers out of bounds', () => {
    expect(checkSale({ ...form, startsAt: '2026-11-01T10:00' }, NOW)).toEqual({
      starts_at: 'past',
      'sale.opens_at': 'opensLate',
    })
    expect(checkSale({ ...form, closesAt: form.opensAt }, NOW)).toEqual({ 'sale.closes_at': 'afterOpening' })
    const late = { ...form, closesAt: '2026-12-20T19:31' }
    expect(checkSale(late, NOW)).toEqual({ 'sale.closes_at': 'afterStart' })
    expect(checkSale({ ...late, lateEntry: true }, NOW)).toEqual({})
    expect(checkSale({ ...form, closesAt: form.startsAt }, NOW)).toEqual({})
    expect(checkSale({ ...form, prequeueAt: form.opensAt, cap: '0', ratePerMin: '' }, NOW)).toEqual({
      'sale.prequeue_at': 'beforeOpening',
      'sale.cap': 'cap',
      'sale.rate_per_min': 'rate',
    })
  })
})
