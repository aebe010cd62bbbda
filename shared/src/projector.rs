//! Shows on the seat map what the books decided. A failure here costs nobody a seat: the map is repaired by whoever
//! next meets the difference, so it is logged and passed over.

use crate::{
    http::problem::chain,
    ports::{Projection, SeatLocks},
};
use domain::{
    PerformanceId,
    booking::{Booking, BookingState},
    hold::HoldId,
    layout::SeatIndex,
    seat::{Ownership, SeatRecord},
};
use std::sync::Arc;

/// Writes to the seat map.
#[derive(Clone)]
pub struct Projector(Arc<dyn SeatLocks>);

impl Projector {
    /// On these maps.
    #[must_use]
    pub fn new(locks: Arc<dyn SeatLocks>) -> Self {
        Self(locks)
    }

    /// Show where a booking's seats are now, and drop the hold that it was made from.
    pub async fn show(&self, booking: &Booking, consumed: Option<HoldId>) {
        let record = SeatRecord { ownership: ownership(booking), fence: booking.fence };
        let seats = booking.seats.iter();
        let changes: Vec<_> = seats
            .map(|seat| Projection { index: seat.index, record: record.clone(), user: booking.user_id })
            .collect();
        self.write(booking.performance_id, &changes, consumed.map(|hold| (hold, booking.user_id))).await;
    }

    /// Show what the books said of seats that turned out to be taken.
    pub async fn repair(&self, performance: PerformanceId, seats: &[(SeatIndex, Option<SeatRecord>)]) {
        let changes: Vec<_> =
            seats.iter().filter_map(|(index, record)| truth(*index, record.as_ref()?)).collect();
        self.write(performance, &changes, None).await;
    }

    async fn write(
        &self,
        performance: PerformanceId,
        changes: &[Projection],
        consumed: Option<(HoldId, domain::UserId)>,
    ) {
        if let Err(error) = self.0.project(performance, changes, consumed).await {
            tracing::warn!(error = chain(&error), "the seat map is behind the books");
        }
    }
}

/// Nothing for a seat that came back: whose count it belonged to is not known any more.
fn truth(index: SeatIndex, record: &SeatRecord) -> Option<Projection> {
    match record.ownership {
        Ownership::Reserved { user, .. } | Ownership::Sold { user, .. } => {
            Some(Projection { index, record: record.clone(), user })
        }
        Ownership::Available => None,
    }
}

fn ownership(booking: &Booking) -> Ownership {
    let (booking_id, user) = (booking.booking_id, booking.user_id);
    match booking.state {
        BookingState::Reserved => {
            Ownership::Reserved { booking: booking_id, user, until: booking.reserved_until() }
        }
        BookingState::Confirmed => Ownership::Sold { booking: booking_id, user },
        BookingState::Cancelled | BookingState::Expired => Ownership::Available,
    }
}
