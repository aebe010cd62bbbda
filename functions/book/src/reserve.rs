//! From a hold to a booking in the books.

use axum::http::StatusCode;
use domain::{
    BookingId, UserId,
    booking::Booking,
    hold::{Hold, HoldId},
    layout::{Layout, SeatIndex},
    seat::SeatRecord,
};
use jiff::SignedDuration;
use shared::{
    app::FromApp,
    config::Limits,
    error::chain,
    http::{
        Code, Problem,
        auth::MaybeAdmitted,
        idempotency::{KeyClaim, KeyedAnswer},
        wire::BookingView,
    },
    ports::{Books, Clock, ExtendError, Ids, Reply, ReserveError, SeatLocks},
    services::{
        catalog::{Catalog, NoPerformance},
        projector::Projector,
    },
};
use std::sync::Arc;

/// How long the locks must still live when the write begins, so that they outlive it.
const WRITE_TIME_MS: u64 = 15_000;

/// Reserves held seats.
#[derive(Clone, FromApp)]
pub(crate) struct Reserving {
    books: Arc<dyn Books>,
    locks: Arc<dyn SeatLocks>,
    catalog: Arc<Catalog>,
    projector: Projector,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    limits: Limits,
}

impl Reserving {
    /// Extends the locks, lets the books decide, then shows the outcome on the map.
    pub(crate) async fn reserve(
        &self,
        user: UserId,
        admitted: &MaybeAdmitted,
        hold_id: &str,
        claim: &KeyClaim,
    ) -> Result<KeyedAnswer, Problem> {
        let hold_id: HoldId = hold_id.parse().map_err(|_| Code::HoldExpired)?;
        let performance = self.catalog.performance(hold_id.performance).await.map_err(no_such_hold)?;
        let admitted = admitted.check(user, &performance)?;
        performance.check_bookable(self.clock.now())?;
        let layout = self.catalog.layout(&performance).await?;
        let show = self.catalog.show(&performance).await.map_err(no_such_hold)?;
        let hold = match self.locks.extend(hold_id, user, admitted, WRITE_TIME_MS).await {
            Ok(hold) => hold.ok_or_else(hold_is_over)?,
            Err(ExtendError::Outside) => return Err(Code::NotAdmitted.into()),
            Err(ExtendError::Store(error)) => return Err(error.into()),
        };

        let now = self.clock.now();
        let (id, pay_window) = (BookingId(self.ids.uuid()), self.pay_window());
        let booking = Booking::reserve(id, &hold, &show, &performance, &layout, pay_window, now);
        let Ok(booking) = booking else {
            self.give_back(&hold).await;
            return Err(hold_is_over());
        };
        let reply = Reply::json(StatusCode::CREATED, &BookingView::from(&booking));
        let max = performance.max_seats_per_user;
        match self.books.reserve(&booking, max, now, &claim.completion(&reply)).await {
            Ok(()) => {
                self.projector.show(&booking).await;
                Ok(KeyedAnswer::Kept(reply))
            }
            Err(ReserveError::Taken(seats)) => {
                self.projector.repair(performance.performance_id, &seats).await;
                self.give_back(&hold).await;
                Err(refusal(&hold, &seats, &layout))
            }
            Err(ReserveError::LimitExceeded) => Err(Code::LimitExceeded.into()),
            Err(ReserveError::Superseded) => Err(Code::IdempotencyInProgress.into()),
            Err(ReserveError::Store(error)) => Err(error.into()),
        }
    }

    /// Releases a hold that cannot be booked. If Redis does not answer, its seats become free when the hold ends.
    async fn give_back(&self, hold: &Hold) {
        if let Err(error) = self.locks.release(hold.hold_id, hold.user).await {
            tracing::warn!(
                event = "hold.not_given_back",
                error = chain(&error),
                "a hold that cannot be booked was not given back"
            );
        }
    }

    fn pay_window(&self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.limits.pay_window_s))
    }
}

fn no_such_hold(why: NoPerformance) -> Problem {
    match why {
        NoPerformance::NotFound => Code::HoldExpired.into(),
        NoPerformance::Store(error) => error.into(),
    }
}

fn hold_is_over() -> Problem {
    Problem::new(Code::HoldExpired).detail("The hold has run out, was given back, or has been booked already")
}

/// Why a hold cannot be booked: other buyers have seats of it; or else the same buyer has booked them already, by another
/// request or from an earlier hold, or has given them back since.
fn refusal(hold: &Hold, seats: &[(SeatIndex, Option<SeatRecord>)], layout: &Layout) -> Problem {
    let owner = |record: &Option<SeatRecord>| record.as_ref().and_then(SeatRecord::owner);
    let others = seats.iter().filter(|(_, record)| owner(record).is_some_and(|(_, user)| user != hold.user));
    let others: Vec<_> = others.filter_map(|(index, _)| layout.name_of(*index)).map(String::from).collect();
    if !others.is_empty() {
        return Problem::new(Code::SeatSold).seats(others);
    }
    match seats.iter().find_map(|(_, record)| owner(record)) {
        Some((booking, _)) => Problem::new(Code::HoldExpired)
            .detail(format!("You have booked seats of this hold already, in booking {booking}")),
        None => hold_is_over(),
    }
}
