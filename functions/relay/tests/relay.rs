//! Committed changes are delivered, whatever became of the process that made them.
#![cfg(test)]

use domain::{booking::Booking, performance::Performance, seat::SeatState};
use shared::ports::{BookingChange, MapRead, Shard};
use std::time::{Duration, Instant};
use testkit::{Client, Fixture, Value, World, json};
use tokio::time::sleep;

/// The longest that the map may lag behind the books.
const BEHIND_MAX: Duration = Duration::from_secs(5);

async fn start() -> (World, Client, Performance) {
    let world = World::start().await;
    let client = world.client(relay::FUNCTION, relay::routes());
    let performance = world.performance(Fixture::default()).await;
    (world, client, performance)
}

/// Cancels as if the process had died between the commit and its projection.
async fn cancel_unseen(world: &World, before: &Booking) {
    let after = before.cancel(0, world.now()).unwrap();
    let change = BookingChange { before, after: &after, payment: None, completion: None, now: world.now() };
    world.app.books.change(&change).await.unwrap();
}

async fn shown(world: &World, performance: &Performance) -> Vec<(u32, SeatState)> {
    let read = world.app.locks.map(performance.performance_id, None).await.unwrap();
    let MapRead::Full { taken, .. } = read else { return vec![] };
    taken.into_iter().map(|(seat, state)| (seat.0, state)).collect()
}

async fn deliver(client: &Client) -> Value {
    client.post("/").send().await.ok(200)
}

#[tokio::test]
async fn a_change_that_the_map_missed_is_delivered_once_and_for_all() {
    let (world, client, performance) = start().await;
    let (buyer, other) = (world.buyer().await, world.buyer().await);
    let four = ["A-1-1", "A-1-2", "A-1-3", "A-1-4"];
    let booking = world.confirmed(&buyer, &performance, &four).await;
    deliver(&client).await;
    cancel_unseen(&world, &booking).await;
    assert_eq!(shown(&world, &performance).await.len(), 4, "the map is behind");

    assert_eq!(deliver(&client).await, json!({"delivered": 1, "waiting": 0, "unreadable": 0}));
    assert_eq!(shown(&world, &performance).await, []);
    world.hold(&other, &performance, &["A-1-1"]).await;
    world.hold(&buyer, &performance, &["A-1-2", "A-1-3", "A-1-4", "A-1-5"]).await;
    assert_eq!(deliver(&client).await["delivered"], 0);
}

#[tokio::test]
async fn a_repeat_shows_the_present_state_and_not_a_past_one() {
    let (world, client, performance) = start().await;
    let buyer = world.buyer().await;
    let booking = world.confirmed(&buyer, &performance, &["A-1-1"]).await;
    cancel_unseen(&world, &booking).await;
    // Reserved, confirmed and cancelled wait together, next to the publication of the performance.
    assert_eq!(deliver(&client).await, json!({"delivered": 4, "waiting": 0, "unreadable": 0}));
    assert_eq!(shown(&world, &performance).await, []);
}

#[tokio::test]
async fn any_number_may_deliver_at_once() {
    let (world, client, performance) = start().await;
    let mut bookings = vec![];
    for seat in ["A-1-1", "A-1-2", "A-1-3", "A-1-4", "A-1-5", "A-1-6"] {
        let buyer = world.buyer().await;
        bookings.push(world.confirmed(&buyer, &performance, &[seat]).await);
    }
    for booking in &bookings {
        cancel_unseen(&world, booking).await;
    }
    let another = world.client(relay::FUNCTION, relay::routes());
    let told = tokio::join!(deliver(&client), deliver(&another));
    assert_eq!((&told.0["waiting"], &told.1["waiting"]), (&json!(0), &json!(0)));
    // What one process had leased, the other left to it.
    assert_eq!(shown(&world, &performance).await, []);
    assert_eq!(deliver(&client).await["delivered"], 0);
}

#[tokio::test]
async fn a_poke_before_the_commit_is_enough() {
    let (world, client, performance) = start().await;
    let booking = world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    deliver(&client).await;
    let shard = Shard::of(booking.booking_id.0).number();
    client.post("/pokes").json(&json!({"shards": [shard, 200]})).send().await.empty(202);
    sleep(Duration::from_millis(1_500)).await;
    cancel_unseen(&world, &booking).await;
    let committed = Instant::now();
    while !shown(&world, &performance).await.is_empty() {
        assert!(committed.elapsed() < BEHIND_MAX, "the map never heard of it");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_change_that_redis_missed_is_delivered_when_it_is_back() {
    let (world, client, performance) = start().await;
    let booking = world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    deliver(&client).await;
    cancel_unseen(&world, &booking).await;
    world.pause_redis(Duration::from_secs(4));
    assert_eq!(deliver(&client).await, json!({"delivered": 1, "waiting": 0, "unreadable": 0}));
    assert_eq!(shown(&world, &performance).await, []);
}

#[tokio::test]
async fn without_the_books_it_says_so() {
    let client = Client::new(relay::FUNCTION, relay::routes(), testkit::unreachable());
    let _ = client.post("/").send().await.problem("store_unavailable", 503);
    let _ = client.get("/").send().await.problem("method_not_allowed", 405);
    let _ = client.post("/pokes").json(&json!({})).send().await.problem("validation_failed", 422);
}
