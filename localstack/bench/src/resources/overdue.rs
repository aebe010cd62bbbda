//! Reservations whose time is over, made as by buyers who never paid.

use super::house::CountedHouse;
use crate::Result;
use domain::{BookingId, UserId, booking::Booking, hold::HoldId, layout::SeatIndex};
use jiff::SignedDuration;
use shared::{
    app::App,
    ports::{AdmittedAs, Completion, HoldRequest, Reply, ReplyKey, WantedSeats},
};

const CLAIMED: SignedDuration = SignedDuration::from_secs(60);
const LONG_AGO: SignedDuration = SignedDuration::from_hours(1);

/// Reserves two seats each for so many buyers, an hour ago, from the end of the house.
pub(crate) async fn reserve(house: &CountedHouse, count: u32) -> Result<()> {
    let app = App::new(&house.config)?;
    for buyer in 0..count {
        let last = house.layout.seat_count() - 1 - 2 * buyer;
        reserve_one(&app, house, vec![SeatIndex(last - 1), SeatIndex(last)]).await?;
    }
    Ok(())
}

async fn reserve_one(app: &App, house: &CountedHouse, seats: Vec<SeatIndex>) -> Result<()> {
    let (user, now, claim) = (UserId(app.ids.uuid()), app.clock.now(), app.ids.uuid());
    let performance = &house.performance;
    let hold_id = HoldId { performance: performance.performance_id, token: app.ids.uuid() };
    let wanted = HoldRequest {
        hold_id,
        user,
        admitted: AdmittedAs::Anyone,
        seats: WantedSeats::Named(seats),
        ttl_ms: 60_000,
        max_seats_per_user: performance.max_seats_per_user,
    };
    let hold = app.locks.hold(&wanted).await?.hold;

    let key = ReplyKey { user, operation: "book", key: "one".to_owned() };
    app.replies.begin(&key, &[0; 32], claim, now, now + CLAIMED).await?;
    let reply = Reply { status: 201, content_type: "application/json".to_owned(), body: "{}".to_owned() };
    let completion = Completion { key, claim, reply, expires_at: now + CLAIMED };
    let show = app.programme.show(performance.show_id).await?.ok_or("the show is gone")?;
    let id = BookingId(app.ids.uuid());
    let booking =
        Booking::reserve(id, &hold, &show.details, performance, &house.layout, CLAIMED, now - LONG_AGO)?;
    app.books.reserve(&booking, performance.max_seats_per_user, now, &completion).await?;
    app.projector.show(&booking).await;
    Ok(())
}
