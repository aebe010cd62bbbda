//! `sweep`: what nobody looked after is looked after.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::booking::{BookingState, Payment, PaymentGoal};
use jiff::SignedDuration;
use testkit::{Stage, World};

async fn sweep(world: &World) -> serde_json::Value {
    world.client(sweep::FUNCTION, sweep::routes()).post("/").send().await.json(200)
}

#[tokio::test]
async fn an_unpaid_reservation_expires_and_its_seats_are_free() {
    let world = World::start().await;
    let performance = world.performance(Stage { max_seats_per_user: 1, ..Stage::default() }).await;
    let buyer = world.buyer().await;
    let late = world.reserve(&buyer, &performance, &[0], -61).await;
    let in_time = world.reserve(&world.buyer().await, &performance, &[1], 600).await;
    assert_eq!(sweep(&world).await["expired"], 1);
    assert_eq!(sweep(&world).await["expired"], 0);
    let state = async |booking| world.app.books.booking(booking).await.expect("asked").expect("there").state;
    assert_eq!(state(late.booking_id).await, BookingState::Expired);
    assert_eq!(state(in_time.booking_id).await, BookingState::Reserved);
    let figures = world.app.locks.figures(performance.performance_id).await.expect("asked");
    assert_eq!(figures.reserved, 1);
    world.reserve_at(&buyer, &performance, &[0], 600, 2).await;
}

#[tokio::test]
async fn a_payment_whose_request_died_is_given_back() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let booking = world.reserve(&world.buyer().await, &performance, &[0], 600).await;
    let payment = Payment {
        reference: format!("{}.0123456789abcdef01234567", booking.booking_id),
        booking_id: booking.booking_id,
        amount: booking.amount,
        currency: booking.currency.clone(),
        goal: PaymentGoal::Authorize,
    };
    let abandoned_at = world.now() - SignedDuration::from_secs(1);
    world.app.books.open_payment(&payment, abandoned_at).await.expect("opened");
    world.app.provider.authorize(&payment, "card", "ok").await.expect("authorised");
    assert_eq!(sweep(&world).await["settled"], 1);
    assert_eq!(world.ledger().await.voided, 50_000);
    assert_eq!(sweep(&world).await["settled"], 0);
}
