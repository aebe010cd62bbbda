//! `book`: held seats become a reservation, once.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::{hold::HoldId, layout::SeatIndex, performance::Performance};
use serde_json::json;
use shared::ports::HoldRequest;
use testkit::{Answer, Person, Stage, World};

async fn hold(world: &World, person: &Person, performance: &Performance, seats: &[u32]) -> HoldId {
    let request = HoldRequest {
        hold_id: HoldId { performance: performance.performance_id, token: world.app.ids.uuid() },
        user: person.user_id,
        alternatives: vec![seats.iter().copied().map(SeatIndex).collect()],
        ttl_ms: 60_000,
        max_seats_per_user: 20,
    };
    world.app.locks.hold(&request).await.expect("held").hold.hold_id
}

async fn book(world: &World, person: &Person, hold: &str, key: &str) -> Answer {
    let client = world.client(book::FUNCTION, book::routes());
    client.post("/v1/bookings").bearer(&person.token).key(key).json(&json!({ "hold_id": hold })).send().await
}

#[tokio::test]
async fn a_hold_becomes_a_reservation_and_a_repeat_gets_the_same_answer() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let held = hold(&world, &buyer, &performance, &[0, 1]).await.to_string();
    let first = book(&world, &buyer, &held, "k").await;
    let booking = first.json(201);
    assert_eq!((&booking["state"], &booking["seats"]), (&json!("reserved"), &json!(["A-1-1", "A-1-2"])));
    assert_eq!((&booking["amount"], &booking["currency"]), (&json!(100_000), &json!("KRW")));
    assert_eq!(booking["performance_id"], performance.performance_id.to_string());
    assert!(booking["pay_by"].as_str() > Some(world.now().to_string().as_str()));
    let again = book(&world, &buyer, &held, "k").await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    book(&world, &buyer, "x", "k").await.problem(422, "idempotency_key_reused");
    let figures = world.app.locks.figures(performance.performance_id).await.expect("asked");
    assert_eq!((figures.held, figures.reserved, figures.sold), (0, 2, 0));
}

#[tokio::test]
async fn a_hold_that_is_not_there_has_expired() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let (buyer, other) = (world.buyer().await, world.buyer().await);
    let held = hold(&world, &buyer, &performance, &[0]).await.to_string();
    book(&world, &other, &held, "k").await.problem(410, "hold_expired");
    book(&world, &buyer, "x", "k").await.problem(410, "hold_expired");
    let refused = book(&world, &buyer, "x", "k").await;
    assert_eq!(refused.body, book(&world, &buyer, "x", "k").await.body, "a refusal is kept, too");
    book(&world, &buyer, &held, "k2").await.json(201);
    book(&world, &buyer, &held, "k3").await.problem(410, "hold_expired");
}

#[tokio::test]
async fn the_books_decide_also_against_the_lock() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let (one, two) = (world.buyer().await, world.buyer().await);
    let held = hold(&world, &one, &performance, &[0]).await.to_string();
    book(&world, &one, &held, "k").await.json(201);
    forget(&world, &performance).await;
    let held = hold(&world, &two, &performance, &[0, 1]).await.to_string();
    let refused = book(&world, &two, &held, "k").await.problem(409, "seat_sold");
    assert_eq!(refused["seats"], json!(["A-1-1"]));
    let figures = world.app.locks.figures(performance.performance_id).await.expect("asked");
    assert_eq!((figures.held, figures.reserved), (0, 1), "the map is repaired and the hold is dropped");
}

/// Make Redis forget what the books said of the seats.
async fn forget(world: &World, performance: &Performance) {
    let client = redis::Client::open(world.redis.url()).expect("an address");
    let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
    let key = |part: &str| format!("y:{{{}}}:{part}", performance.performance_id);
    let mut command = redis::cmd("DEL");
    command.arg(key("books")).arg(key("booked")).arg(key("sold")).arg(key("reserved"));
    let _: () = command.query_async(&mut connection).await.expect("deleted");
}

#[tokio::test]
async fn the_limit_counts_bookings_and_holds_together() {
    let world = World::start().await;
    let performance = world.performance(Stage { max_seats_per_user: 2, ..Stage::default() }).await;
    let buyer = world.buyer().await;
    let first = hold(&world, &buyer, &performance, &[0, 1]).await.to_string();
    let second = hold(&world, &buyer, &performance, &[5]).await.to_string();
    book(&world, &buyer, &first, "k1").await.json(201);
    book(&world, &buyer, &second, "k2").await.problem(409, "limit_exceeded");
}

#[tokio::test]
async fn a_free_booking_is_confirmed_at_once() {
    let world = World::start().await;
    let performance = world.performance(Stage { price: 0, ..Stage::default() }).await;
    let buyer = world.buyer().await;
    let held = hold(&world, &buyer, &performance, &[0]).await.to_string();
    let booking = book(&world, &buyer, &held, "k").await.json(201);
    assert_eq!((&booking["state"], &booking["amount"]), (&json!("confirmed"), &json!(0)));
    let figures = world.app.locks.figures(performance.performance_id).await.expect("asked");
    assert_eq!((figures.reserved, figures.sold), (0, 1));
}

#[tokio::test]
async fn a_key_and_behind_a_queue_an_admission_are_required() {
    let world = World::start().await;
    let performance = world.performance(Stage::with_queue()).await;
    let buyer = world.buyer().await;
    let held = json!({ "hold_id": hold(&world, &buyer, &performance, &[0]).await.to_string() });
    let client = world.client(book::FUNCTION, book::routes());
    let ask = || client.post("/v1/bookings").bearer(&buyer.token).json(&held);
    ask().send().await.problem(400, "idempotency_key_required");
    ask().key("").send().await.problem(400, "idempotency_key_required");
    ask().key(&"k".repeat(256)).send().await.problem(400, "idempotency_key_required");
    ask().key("k").send().await.problem(403, "not_admitted");
    let admission = world.admission(&buyer, &performance);
    ask().key(&"k".repeat(255)).header("admission-token", &admission).send().await.json(201);
    client.post("/v1/bookings").key("k").json(&held).send().await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn of_two_at_once_with_one_key_one_runs_and_the_other_waits_or_replays() {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let held = hold(&world, &buyer, &performance, &[0]).await.to_string();
    let (one, two) = tokio::join!(book(&world, &buyer, &held, "k"), book(&world, &buyer, &held, "k"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert!(matches!(statuses, [201, 201 | 409]), "{statuses:?}");
    for loser in [one, two].iter().filter(|answer| answer.status == 409) {
        loser.problem(409, "idempotency_in_progress");
    }
}
