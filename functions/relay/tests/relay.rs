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

/// How many seats of a booking the guard finds that are not its alone.
async fn not_alone(world: &World, booking: &Booking) -> usize {
    world.app.oversell_guard.look_at(booking.booking_id).await.unwrap()
}

#[tokio::test]
async fn seats_that_change_hands_as_they_should_are_no_oversell() {
    let (world, client, performance) = start().await;
    let (first, second) = (world.buyer().await, world.buyer().await);
    let sold = world.confirmed(&first, &performance, &["A-1-1", "A-1-2"]).await;
    assert_eq!(not_alone(&world, &sold).await, 0);
    cancel_unseen(&world, &sold).await;
    deliver(&client).await;
    let again = world.confirmed(&second, &performance, &["A-1-1"]).await;
    assert_eq!(not_alone(&world, &again).await, 0, "the first has given it back");
    assert_eq!(not_alone(&world, &sold).await, 0, "a late repeat");
    assert_eq!(not_alone(&world, &again).await, 0);

    let unpaid = world.reserved(&first, &performance, &["A-1-3"]).await;
    let expired = unpaid.expire(unpaid.reserved_until()).unwrap();
    world.change(&unpaid, &expired, None).await;
    let taken = world.confirmed(&second, &performance, &["A-1-3"]).await;
    assert_eq!((not_alone(&world, &unpaid).await, not_alone(&world, &taken).await), (0, 0));
    assert_eq!(deliver(&client).await["waiting"], 0);
}

#[tokio::test]
async fn a_seat_of_a_living_booking_that_is_not_its_own_is_found() {
    let (world, _, performance) = start().await;
    let (buyer, other) = (world.buyer().await, world.buyer().await);
    let sold = world.confirmed(&buyer, &performance, &["A-1-1", "A-1-2", "A-1-3"]).await;
    let others = world.confirmed(&other, &performance, &["A-1-4"]).await;
    let [first, second, _] = [0, 1, 2].map(|seat| sold.seats[seat].index);
    world.overwrite_seat(&performance, first, Some((others.booking_id, other.user_id))).await;
    assert_eq!((not_alone(&world, &sold).await, not_alone(&world, &others).await), (1, 0));
    world.overwrite_seat(&performance, second, None).await;
    assert_eq!(not_alone(&world, &sold).await, 2, "a seat that could be sold again counts, too");

    world.overwrite_seat(&performance, first, Some((sold.booking_id, buyer.user_id))).await;
    world.overwrite_seat(&performance, second, Some((sold.booking_id, buyer.user_id))).await;
    assert_eq!(not_alone(&world, &sold).await, 0);
    cancel_unseen(&world, &sold).await;
    world.overwrite_seat(&performance, first, Some((others.booking_id, other.user_id))).await;
    assert_eq!(not_alone(&world, &sold).await, 0, "it has given its seats back");
}

#[tokio::test]
async fn a_second_sale_that_overwrote_the_first_is_found() {
    let (world, _, performance) = start().await;
    let first = world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    assert_eq!(not_alone(&world, &first).await, 0);
    world.overwrite_seat(&performance, first.seats[0].index, None).await;
    world.flush_redis();
    let second = world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    assert_eq!(not_alone(&world, &second).await, 1);
}

#[tokio::test]
async fn without_the_books_it_says_so() {
    let client = Client::new(relay::FUNCTION, relay::routes(), testkit::unreachable());
    let _ = client.post("/").send().await.problem("store_unavailable", 503);
    let _ = client.get("/").send().await.problem("method_not_allowed", 405);
    let _ = client.post("/pokes").json(&json!({})).send().await.problem("validation_failed", 422);
}
