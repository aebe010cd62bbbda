//! Shows on the seat map what the books decided. A failure here costs nobody a seat, so the request goes on; the map is
//! told again for a minute, and a seat that it shows free although it is taken is repaired by whoever wants it next.

use crate::{
    http::problem::chain,
    ports::{Projection, SeatLocks},
};
use domain::{
    PerformanceId, UserId,
    booking::{Booking, BookingState},
    hold::HoldId,
    layout::SeatIndex,
    seat::{Ownership, SeatRecord},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, time::sleep};

/// Changes of one process that are told again at the same time; more are left to the next rebuild.
const RETRIES_AT_ONCE: usize = 256;
/// When they are told again.
const PAUSES_S: [u64; 6] = [1, 2, 4, 8, 15, 30];

/// Writes to the seat map.
#[derive(Clone)]
pub struct Projector {
    locks: Arc<dyn SeatLocks>,
    retries: Arc<Semaphore>,
}

impl Projector {
    /// On these maps.
    #[must_use]
    pub fn new(locks: Arc<dyn SeatLocks>) -> Self {
        Self { locks, retries: Arc::new(Semaphore::new(RETRIES_AT_ONCE)) }
    }

    /// Show where a booking's seats are now, and drop the hold that it was made from.
    pub async fn show(&self, booking: &Booking, consumed: Option<HoldId>) {
        let record = SeatRecord { ownership: ownership(booking), fence: booking.fence };
        let seats = booking.seats.iter();
        let changes: Vec<_> = seats
            .map(|seat| Projection { index: seat.index, record: record.clone(), user: booking.user_id })
            .collect();
        self.write(booking.performance_id, changes, consumed.map(|hold| (hold, booking.user_id))).await;
    }

    /// Show what the books said of seats that turned out to be taken.
    pub async fn repair(&self, performance: PerformanceId, seats: &[(SeatIndex, Option<SeatRecord>)]) {
        let changes: Vec<_> =
            seats.iter().filter_map(|(index, record)| truth(*index, record.as_ref()?)).collect();
        self.write(performance, changes, None).await;
    }

    async fn write(
        &self,
        performance: PerformanceId,
        changes: Vec<Projection>,
        consumed: Option<(HoldId, UserId)>,
    ) {
        if let Err(error) = self.locks.project(performance, &changes, consumed).await {
            tracing::warn!(error = chain(&error), "the seat map is behind the books");
            self.tell_again(performance, changes, consumed);
        }
    }

    /// Later changes may overtake it: their order does not matter.
    fn tell_again(
        &self,
        performance: PerformanceId,
        changes: Vec<Projection>,
        consumed: Option<(HoldId, UserId)>,
    ) {
        let Ok(turn) = Arc::clone(&self.retries).try_acquire_owned() else { return };
        let locks = Arc::clone(&self.locks);
        tokio::spawn(async move {
            let _turn = turn;
            for pause_s in PAUSES_S {
                sleep(Duration::from_secs(pause_s)).await;
                if locks.project(performance, &changes, consumed).await.is_ok() {
                    return;
                }
            }
        });
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
