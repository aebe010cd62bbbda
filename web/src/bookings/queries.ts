/** Queries about the user's bookings. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client.ts'

export type BookingDetail = Schemas['BookingDetail']

const PAGE_BOOKINGS = 20

export const bookingQuery = (bookingId: string) =>
  queryOptions({
    queryKey: ['booking', bookingId],
    queryFn: () => answer(api.GET('/v1/me/bookings/{booking_id}', { params: { path: { booking_id: bookingId } } })),
  })

export const bookingsQuery = infiniteQueryOptions({
  queryKey: ['bookings'],
  queryFn: ({ pageParam }) => {
    const cursor = pageParam === undefined ? {} : { cursor: pageParam }
    return answer(api.GET('/v1/me/bookings', { params: { query: { limit: PAGE_BOOKINGS, ...cursor } } }))
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: page => page.next_cursor ?? undefined,
})
