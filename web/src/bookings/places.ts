/** What booked places are called: those of the standing floor have an entry number where others have row and seat. */
import type { TFunction } from 'i18next'
import type { Schemas } from '../api/client.ts'

export type BookedPlace = Schemas['BookedPlace']
type Words = TFunction<'bookings'>

/** As a ticket says it. */
export function longName(place: BookedPlace, t: Words): string {
  const { section, row, number, entry_number: entry } = place
  if (place.kind === 'standing') return t('standingName', { section, number: entry })
  return t('seatName', { section, row, number })
}

/** As a list of several says it. */
export function shortNames(places: BookedPlace[], t: Words): string {
  const name = (place: BookedPlace) =>
    place.kind === 'standing' ? t('standingShort', { section: place.section, number: place.entry_number }) : place.seat
  return places.map(name).join(', ')
}
