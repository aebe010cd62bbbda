//! A seat's way from a lock into the books.

use axum::{extract::FromRef, http::StatusCode};
use domain::{
    BookingId, UserId,
    booking::{BookedSeat, Booking, BookingState, Change},
    hold::{Hold, HoldId},
    layout::{Layout, SeatIndex},
    performance::Performance,
    seat::SeatRecord,
    show::Show,
};
use jiff::{SignedDuration, Timestamp};
use shared::{
    app::App,
    config::Limits,
    error::chain,
    http::{
        Code, Problem,
        auth::MaybeAdmitted,
        idempotency::{Answer, Claim},
        wire::BookingView,
    },
    ports::{Books, Clock, ExtendError, Ids, Programme, Reply, ReserveError, SeatLocks},
    services::{
        catalog::{Catalog, NoPerformance},
        projector::Projector,
    },
};
use std::sync::Arc;

/// A lock must outlive the write that follows, so that it cannot lapse in its midst.
const WRITE_TIME_MS: u64 = 15_000;

/// Reserves held seats.
pub(crate) struct Reserving {
    books: Arc<dyn Books>,
    locks: Arc<dyn SeatLocks>,
    catalog: Arc<Catalog>,
    programme: Arc<dyn Programme>,
    projector: Projector,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    limits: Limits,
}

impl FromRef<App> for Reserving {
    fn from_ref(app: &App) -> Self {
        Self {
            books: app.books.clone(),
            locks: app.locks.clone(),
            catalog: app.catalog.clone(),
            programme: app.programme.clone(),
            projector: app.projector.clone(),
            clock: app.clock.clone(),
            ids: app.ids.clone(),
            limits: app.limits,
        }
    }
}

impl Reserving {
    /// Make sure of the lock, let the books decide, then show it on the map.
    pub(crate) async fn reserve(
        &self,
        user: UserId,
        admitted: &MaybeAdmitted,
        hold_id: &str,
        claim: &Claim,
    ) -> Result<Answer, Problem> {
        let hold_id: HoldId = hold_id.parse().map_err(|_| Code::HoldExpired)?;
        let performance = self.catalog.performance(hold_id.performance).await.map_err(|why| match why {
            NoPerformance::NotFound => Problem::from(Code::HoldExpired),
            NoPerformance::Store(error) => error.into(),
        })?;
        let admitted = admitted.check(user, &performance)?;
        check_not_started(&self.catalog, &performance)?;
        let layout = self.catalog.layout(&performance).await?;
        let show = self.programme.show(performance.show_id).await?.ok_or(Code::HoldExpired)?;
        let hold = match self.locks.extend(hold_id, user, admitted, WRITE_TIME_MS).await {
            Ok(hold) => hold.ok_or_else(hold_is_over)?,
            Err(ExtendError::Outside) => return Err(Code::NotAdmitted.into()),
            Err(ExtendError::Store(error)) => return Err(error.into()),
        };

        let now = self.clock.now();
        let Some(booking) = self.booking(&hold, &performance, &layout, show, now) else {
            // Seats that this performance does not sell.
            self.give_back(&hold).await;
            return Err(hold_is_over());
        };
        let reply = Reply::json(StatusCode::CREATED, &BookingView::from(&booking));
        let max = performance.max_seats_per_user;
        match self.books.reserve(&booking, max, now, &claim.completion(&reply)).await {
            Ok(()) => {
                self.projector.show(&booking).await;
                Ok(Answer::Kept(reply))
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

    /// The seats of a hold that leads to nothing; should Redis not hear of it, they become free when the hold ends.
    async fn give_back(&self, hold: &Hold) {
        if let Err(error) = self.locks.release(hold.hold_id, hold.user).await {
            tracing::warn!(error = chain(&error), "a hold that cannot be booked was not given back");
        }
    }

    /// Prices come from the performance as it was published: Redis has no say in what is paid. Nothing where the
    /// performance does not sell such seats.
    fn booking(
        &self,
        hold: &Hold,
        performance: &Performance,
        layout: &Layout,
        show: Show,
        now: Timestamp,
    ) -> Option<Booking> {
        let seats = hold.seats.iter().map(|index| booked_seat(*index, performance, layout));
        let seats: Vec<_> = seats.collect::<Option<_>>()?;
        let amount = seats.iter().map(|seat| seat.price).sum();
        let state = if amount == 0 { BookingState::Confirmed } else { BookingState::Reserved };
        Some(Booking {
            booking_id: BookingId(self.ids.uuid()),
            user_id: hold.user,
            performance_id: performance.performance_id,
            show_id: performance.show_id,
            title: show.details.title,
            venue: show.details.venue,
            starts_at: performance.starts_at,
            seats,
            amount,
            currency: performance.currency.clone(),
            state,
            fence: hold.fence,
            pay_by: now + SignedDuration::from_secs(i64::from(self.limits.pay_window_s)),
            paid_with: None,
            refund: 0,
            fee: 0,
            history: vec![Change { state, at: now }],
        })
    }
}

fn hold_is_over() -> Problem {
    Problem::new(Code::HoldExpired).detail("The hold has run out, was given back, or has been booked already")
}

/// What stands in the way of a hold: seats of others; or else the buyer has booked its seats already, by another
/// request or from an earlier hold, or gave them back since.
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

/// A hold may be booked after the sale has closed, but no seat is taken once the curtain is up.
fn check_not_started(catalog: &Catalog, performance: &Performance) -> Result<(), Problem> {
    if catalog.is_past_entry(performance) {
        return Err(Problem::new(Code::SaleNotOpen).detail("The performance has started"));
    }
    Ok(())
}

fn booked_seat(index: SeatIndex, performance: &Performance, layout: &Layout) -> Option<BookedSeat> {
    let grade = &layout.row_of(index).filter(|_| layout.is_for_sale(index))?.grade;
    let price = performance.price_of(grade)?;
    Some(BookedSeat { seat: layout.name_of(index)?, index, grade: grade.clone(), price })
}
