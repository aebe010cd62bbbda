//! Projects to the seat map what the books decided. The request that made the change does it once, so that screens
//! follow at once. If that fails, or the process dies before, `relay` does it from the outbox.

use crate::{
    error::chain,
    ports::{Books, Projection, SeatLocks, StoreError},
};
use domain::{BookingId, PerformanceId, booking::Booking, layout::SeatIndex, seat::SeatRecord};
use std::sync::Arc;

/// Writes to the seat map. Repeats are harmless, and so is any order.
#[derive(Clone)]
pub struct Projector {
    locks: Arc<dyn SeatLocks>,
    books: Arc<dyn Books>,
}

impl Projector {
    /// Projects from these books to these maps.
    #[must_use]
    pub fn new(locks: Arc<dyn SeatLocks>, books: Arc<dyn Books>) -> Self {
        Self { locks, books }
    }

    /// Project the seats of a booking as it is now, and drop the hold that it was made from. A failure costs no buyer a
    /// seat: `relay` does it later.
    pub async fn show(&self, booking: &Booking) {
        left_to_relay(self.try_show(booking).await);
    }

    /// Project a booking as the books have it now, which may be long after it changed.
    ///
    /// # Errors
    /// A store failed: the booking has to be projected again.
    pub async fn show_from_books(&self, booking: BookingId) -> Result<(), StoreError> {
        match self.books.booking(booking).await? {
            Some(booking) => self.try_show(&booking).await,
            None => Ok(()),
        }
    }

    /// Project what the books said of seats that the map shows wrongly.
    pub async fn repair(&self, performance: PerformanceId, seats: &[(SeatIndex, Option<SeatRecord>)]) {
        // A seat without a record was never reserved, so the map cannot have heard of it.
        let known = seats.iter().filter_map(|(index, record)| Some((*index, record.clone()?)));
        let changes: Vec<_> =
            known.map(|(index, record)| Projection { index, record, given_back_by: None }).collect();
        left_to_relay(self.locks.project(performance, &changes).await);
    }

    async fn try_show(&self, booking: &Booking) -> Result<(), StoreError> {
        let record = booking.seat_record();
        let change =
            |index| Projection { index, record: record.clone(), given_back_by: Some(booking.user_id) };
        let changes: Vec<_> = booking.seats.iter().map(|seat| change(seat.index)).collect();
        self.locks.project(booking.performance_id, &changes).await
    }
}

fn left_to_relay(shown: Result<(), StoreError>) {
    if let Err(error) = shown {
        tracing::warn!(event = "map.behind", error = chain(&error), "the seat map is behind the books");
    }
}
