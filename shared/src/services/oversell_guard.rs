//! Looks after the fact, apart from what decides a sale, whether a seat was sold twice.

use crate::{
    ports::{Books, StoreError},
    telemetry::metrics::OVERSELLS,
};
use domain::{
    BookingId, PerformanceId,
    booking::{Booking, BookingState},
    layout::SeatIndex,
    seat::SeatRecord,
};
use quick_cache::sync::Cache;
use std::sync::{Arc, OnceLock};

/// How many seats a process remembers with their bookings: those of a large hall.
const REMEMBERED_MAX: usize = 50_000;

/// Compares confirmed bookings with the books of the seats, and with the bookings that it saw before.
#[derive(Clone)]
pub struct OversellGuard {
    books: Arc<dyn Books>,
    /// Made by the first booking: most processes never see one.
    seen: Arc<OnceLock<Cache<(PerformanceId, SeatIndex), BookingId>>>,
}

/// A seat of a confirmed booking that is another booking's, too, or no booking's.
struct Contradiction {
    seat: SeatIndex,
    other: Option<BookingId>,
}

impl OversellGuard {
    /// Reads these books.
    #[must_use]
    pub fn new(books: Arc<dyn Books>) -> Self {
        Self { books, seen: Arc::default() }
    }

    /// Counts and logs the seats of a booking that was confirmed and lives, if they are another booking's in the books,
    /// or no booking's, or were sold to another booking that lives. Returns how many there are. A repeat may count them
    /// again.
    ///
    /// # Errors
    /// A store failed: the booking has to be looked at again.
    pub async fn look_at(&self, booking: BookingId) -> Result<usize, StoreError> {
        let Some(booking) = self.living(booking).await? else { return Ok(0) };
        let mut found = self.not_its_own(&booking).await?;
        for another in self.also_anothers(&booking).await? {
            if found.iter().all(|known| known.seat != another.seat) {
                found.push(another);
            }
        }
        // Only what is wrong while the booking lives is wrong: it may have been given back since it was read.
        if found.is_empty() || self.living(booking.booking_id).await?.is_none() {
            return Ok(0);
        }
        for Contradiction { seat, other } in &found {
            let (Booking { booking_id, performance_id, seats, .. }, other) = (&booking, other.map(|id| id.0));
            let seat = seats.iter().find(|booked| booked.index == *seat).map(|booked| booked.seat.as_str());
            tracing::error!(
                event = "seat.oversold",
                performance = %performance_id,
                booking = %booking_id,
                seat,
                other_booking = other.map(tracing::field::display),
                "a sold seat is not its booking's alone"
            );
        }
        OVERSELLS.add(found.len() as u64, &[]);
        Ok(found.len())
    }

    async fn living(&self, booking: BookingId) -> Result<Option<Booking>, StoreError> {
        let booking = self.books.booking(booking).await?;
        Ok(booking.filter(|booking| booking.state == BookingState::Confirmed))
    }

    async fn not_its_own(&self, booking: &Booking) -> Result<Vec<Contradiction>, StoreError> {
        let seats: Vec<_> = booking.seats.iter().map(|seat| seat.index).collect();
        let records = self.books.records_of(booking.performance_id, &seats).await?;
        let owners = records.into_iter().map(|(seat, record)| {
            let owner = record.as_ref().and_then(SeatRecord::owner).map(|(owner, _)| owner);
            Contradiction { seat, other: owner }
        });
        Ok(owners.filter(|found| found.other != Some(booking.booking_id)).collect())
    }

    /// Seats that this process saw another booking with, which still lives: the later sale has overwritten the earlier
    /// one in the books of the seats.
    async fn also_anothers(&self, booking: &Booking) -> Result<Vec<Contradiction>, StoreError> {
        let seen = self.seen.get_or_init(|| Cache::new(REMEMBERED_MAX));
        let mut found = Vec::new();
        for seat in booking.seats.iter().map(|seat| seat.index) {
            let place = (booking.performance_id, seat);
            if let Some(other) = seen.get(&place).filter(|other| *other != booking.booking_id)
                && self.living(other).await?.is_some()
            {
                found.push(Contradiction { seat, other: Some(other) });
            }
            seen.insert(place, booking.booking_id);
        }
        Ok(found)
    }
}
