//! What the map refuses is now and then compared with the books, so that a seat that is free in the books can always be
//! had, however the map came to be wrong.

use crate::{
    error::chain,
    ports::{Books, Clock, HoldError},
    services::projector::Projector,
};
use domain::{
    PerformanceId, UserId,
    booking::{Booking, BookingState},
    layout::SeatIndex,
    seat::SeatRecord,
};
use jiff::{SignedDuration, Timestamp};
use quick_cache::sync::Cache;
use std::sync::Arc;

/// A process looks at one performance no more often than this: most refusals are right.
const EVERY: SignedDuration = SignedDuration::from_secs(1);
/// How many seats of one refusal are looked at.
const SEATS_MAX: usize = 20;
/// How many bookings of a user are looked at, the latest first.
const BOOKINGS_MAX: usize = 20;
/// How many performances are remembered.
const REMEMBERED_MAX: usize = 1_000;

/// Looks at refused seats in the books.
#[derive(Clone)]
pub struct SecondLook {
    books: Arc<dyn Books>,
    projector: Projector,
    clock: Arc<dyn Clock>,
    /// When each performance was last looked at.
    looked_at: Arc<Cache<PerformanceId, Timestamp>>,
}

impl SecondLook {
    /// Looks in these books; the projector repairs what the map has wrong.
    #[must_use]
    pub fn new(books: Arc<dyn Books>, projector: Projector, clock: Arc<dyn Clock>) -> Self {
        Self { books, projector, clock, looked_at: Arc::new(Cache::new(REMEMBERED_MAX)) }
    }

    /// Whether to try the hold again: the books say that a seat in the way is free, or that the user gave seats back, and
    /// the map now knows. If the books do not answer, the refusal stands.
    pub async fn finds_free(&self, performance: PerformanceId, user: UserId, refusal: &HoldError) -> bool {
        match refusal {
            HoldError::Held(seats) | HoldError::Sold(seats) => {
                self.finds_free_among(performance, seats).await
            }
            HoldError::LimitExceeded if self.is_time(performance) => {
                self.looks_at_bookings(performance, user).await
            }
            _ => false,
        }
    }

    /// The same for seats that the map shows as taken.
    pub async fn finds_free_among(&self, performance: PerformanceId, seats: &[SeatIndex]) -> bool {
        if !self.is_time(performance) {
            return false;
        }
        let looked_at: Vec<SeatIndex> = seats.iter().copied().take(SEATS_MAX).collect();
        let records = match self.books.records_of(performance, &looked_at).await {
            Ok(records) => records,
            Err(error) => {
                tracing::warn!(
                    event = "hold.not_compared",
                    error = chain(&error),
                    "a refused hold was not compared with the books"
                );
                return false;
            }
        };
        let now = self.clock.now();
        let free = |record: &SeatRecord| record.is_free(now);
        let found = records.iter().any(|(_, record)| record.as_ref().is_some_and(free));
        if found {
            self.projector.repair(performance, &records).await;
        }
        found
    }

    /// Seats that a user gave back may still count on the map: all of their cancelled and expired bookings are
    /// projected again.
    async fn looks_at_bookings(&self, performance: PerformanceId, user: UserId) -> bool {
        let bookings = match self.books.bookings_of(user, BOOKINGS_MAX, None).await {
            Ok((bookings, _)) => bookings,
            Err(error) => {
                tracing::warn!(
                    event = "limit.not_compared",
                    error = chain(&error),
                    "a limit was not compared with the books"
                );
                return false;
            }
        };
        let over = |booking: &&Booking| {
            booking.performance_id == performance
                && matches!(booking.state, BookingState::Cancelled | BookingState::Expired)
        };
        let mut found = false;
        for booking in bookings.iter().filter(over) {
            self.projector.show(booking).await;
            found = true;
        }
        found
    }

    /// Whether a look is due. Two requests at the same moment may both look: that does no harm.
    fn is_time(&self, performance: PerformanceId) -> bool {
        let now = self.clock.now();
        let lately = |at: Timestamp| (at - EVERY..at + EVERY).contains(&now);
        if self.looked_at.get(&performance).is_some_and(lately) {
            return false;
        }
        self.looked_at.insert(performance, now);
        true
    }
}
