/** Cancels a booking: says what it costs before, and what was refunded after. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { serverNow } from '../api/clock.ts'
import { patiently } from '../api/queries.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNotice } from '../ui/Notice.tsx'
import { shortNames } from './places.ts'
import { type BookingDetail, bookingQuery, bookingsQuery } from './queries.ts'

export function Cancelling({ booking }: { booking: BookingDetail }) {
  const { t } = useTranslation('bookings')
  const format = useFormat()
  const [asked, setAsked] = useState(false)
  const cancel = useCancel(booking.booking_id, () => setAsked(false))
  // An unpaid booking can be cancelled at any time.
  if (booking.state === 'confirmed' && Date.parse(booking.starts_at) <= serverNow()) return null
  const paid = booking.state === 'confirmed' && booking.amount > 0
  return (
    <>
      <button type="button" className="button danger" onClick={() => setAsked(true)}>
        {t('cancel.button')}
      </button>
      {asked && (
        <Dialog
          title={t('cancel.title')}
          onClose={() => setAsked(false)}
          actions={
            <>
              <button type="button" className="button quiet" onClick={() => setAsked(false)}>
                {t('cancel.keep')}
              </button>
              <button
                type="button"
                className="button danger"
                disabled={cancel.isPending}
                onClick={() => cancel.mutate()}
              >
                {t('cancel.confirm')}
              </button>
            </>
          }
        >
          <p>{t('cancel.text', { seats: shortNames(booking.places, t) })}</p>
          {paid && (
            <p className="numbers">{t('cancel.refund', { amount: format.money(booking.amount, booking.currency) })}</p>
          )}
          {cancel.isError && <ProblemNotice error={cancel.error} />}
        </Dialog>
      )}
    </>
  )
}

/** The key is the booking's id, so that cancelling twice is cancelling once. */
function useCancel(bookingId: string, done: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      patiently(() =>
        answer(
          api.POST('/v1/cancellations', {
            params: { header: { 'Idempotency-Key': `cancel-${bookingId}` } },
            body: { booking_id: bookingId },
          }),
        ),
      ),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: bookingQuery(bookingId).queryKey }),
        queries.invalidateQueries({ queryKey: bookingsQuery.queryKey }),
      ])
      done()
    },
  })
}
