//! `cancel`: the seats are free at once, and the money goes back once.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::booking::Booking;
use serde_json::json;
use testkit::{Answer, Person, Stage, World};

async fn cancel(world: &World, person: &Person, booking: &Booking, key: &str) -> Answer {
    let wanted = json!({ "booking_id": booking.booking_id.to_string() });
    let client = world.client(cancel::FUNCTION, cancel::routes());
    client.post("/v1/cancellations").bearer(&person.token).key(key).json(&wanted).send().await
}

#[tokio::test]
async fn a_paid_booking_is_refunded_once_and_its_seats_are_free() {
    let world = World::start().await;
    let performance = world.performance(Stage { max_seats_per_user: 2, ..Stage::default() }).await;
    let buyer = world.buyer().await;
    let booking = world.reserve(&buyer, &performance, &[0, 1], 600).await;
    world.pay(&booking).await;
    let first = cancel(&world, &buyer, &booking, "k").await;
    assert_eq!(
        first.json(200),
        json!({
            "booking_id": booking.booking_id.to_string(), "state": "cancelled",
            "refund": 100_000, "fee": 0, "currency": "KRW",
        })
    );
    assert_eq!(cancel(&world, &buyer, &booking, "k").await.body, first.body);
    cancel(&world, &buyer, &booking, "another key").await.problem(409, "not_cancellable");
    let ledger = world.ledger().await;
    assert_eq!((ledger.captured, ledger.refunded), (100_000, 100_000));
    let figures = world.app.locks.figures(performance.performance_id).await.expect("asked");
    assert_eq!((figures.held, figures.reserved, figures.sold), (0, 0, 0));
    world.reserve_at(&buyer, &performance, &[0, 1], 600, 2).await;
}

#[tokio::test]
async fn an_unpaid_booking_costs_nothing() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    assert_eq!(cancel(&world, &buyer, &booking, "k").await.json(200)["refund"], 0);
    assert_eq!(world.ledger().await.authorized, 0);
}

#[tokio::test]
async fn what_cannot_be_cancelled_stays() {
    let world = World::start().await;
    let started = world.performance(Stage { starts_in_h: 0, ..Stage::default() }).await;
    let buyer = world.buyer().await;
    let booking = world.reserve(&buyer, &started, &[0], 600).await;
    cancel(&world, &buyer, &booking, "k").await.problem(409, "not_cancellable");
    cancel(&world, &world.buyer().await, &booking, "k").await.problem(404, "not_found");
    let client = world.client(cancel::FUNCTION, cancel::routes());
    let wanted = json!({ "booking_id": booking.booking_id.to_string() });
    client
        .post("/v1/cancellations")
        .bearer(&buyer.token)
        .json(&wanted)
        .send()
        .await
        .problem(400, "idempotency_key_required");
}
