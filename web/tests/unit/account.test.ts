/** After the log-in nobody is led to another site. */
import { expect, test } from 'vitest'
import { placeWithin } from '../../src/account/placeWithin.ts'

test.each([
  ['/shows/7?x=1', '/shows/7?x=1'],
  ['/bookings', '/bookings'],
  [undefined, '/'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
])('%s leads to %s', (next, place) => {
  expect(placeWithin(next)).toBe(place)
})
