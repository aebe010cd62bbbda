//! What cancelling a booking promises.
#![cfg(test)]

use domain::{
    BookingId,
    booking::{BookingState, PaymentGoal},
};
use shared::ports::Shard;
use testkit::{Answer, Client, Fixture, Money, Person, World, json};

async fn start() -> (World, Client, Person) {
    let world = World::start().await;
    let client = world.client(cancel::FUNCTION, cancel::routes());
    let buyer = world.buyer().await;
    (world, client, buyer)
}

async fn cancel(client: &Client, person: &Person, key: &str, booking: BookingId) -> Answer {
    let body = json!({"booking_id": booking});
    client.post("/v1/cancellations").bearer(&person.token).key(key).json(&body).send().await
}

#[tokio::test]
async fn a_paid_booking_is_refunded_once_and_its_seats_are_free() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let booking = world.confirmed(&buyer, &performance, &["A-1-1", "A-1-2"]).await;
    let id = booking.booking_id;
    let first = cancel(&client, &buyer, "k", id).await;
    assert_eq!(
        first.ok(200),
        json!({"booking_id": id, "state": "cancelled", "refund": 100_000, "fee": 0, "currency": "KRW"})
    );
    assert_eq!(cancel(&client, &buyer, "k", id).await.body, first.body);
    let _ = cancel(&client, &buyer, "another", id).await.problem("not_cancellable", 409);
    assert_eq!(world.money("refunded").await, Money { count: 1, amount: 100_000 });
    let figures = world.app.locks.figures(performance.performance_id).await.unwrap();
    assert_eq!(figures.sold, 0);
    let four = ["A-1-1", "A-1-2", "A-1-3", "A-1-4"];
    world.confirmed(&buyer, &performance, &four).await;
}

#[tokio::test]
async fn an_unpaid_booking_costs_nothing() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let reserved = world.reserved(&buyer, &performance, &["A-1-1"]).await;
    let answer = cancel(&client, &buyer, "k", reserved.booking_id).await.ok(200);
    assert_eq!((&answer["refund"], &answer["fee"]), (&json!(0), &json!(0)));
    assert_eq!(world.money("refunded").await.count, 0);
    world.reserved(&world.buyer().await, &performance, &["A-1-1"]).await;
}

#[tokio::test]
async fn a_free_booking_is_cancelled_without_money() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture { grades: &[("R", 0)], ..Fixture::default() }).await;
    let reserved = world.reserved(&buyer, &performance, &["A-1-1"]).await;
    let free = reserved.confirm(None, world.now()).unwrap();
    world.change(&reserved, &free, None).await;
    let answer = cancel(&client, &buyer, "k", free.booking_id).await.ok(200);
    assert_eq!((&answer["refund"], &answer["state"]), (&json!(0), &json!("cancelled")));
}

#[tokio::test]
async fn of_two_simultaneous_requests_one_cancels() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let id = world.confirmed(&buyer, &performance, &["A-1-1"]).await.booking_id;
    let (one, other) = tokio::join!(cancel(&client, &buyer, "a", id), cancel(&client, &buyer, "b", id));
    let mut answers = [one, other];
    answers.sort_by_key(|answer| answer.status);
    let _ = answers[0].ok(200);
    let _ = answers[1].problem("not_cancellable", 409);
    assert_eq!(world.money("refunded").await.count, 1);
}

#[tokio::test]
async fn once_the_performance_has_started_nothing_is_refunded() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let id = world.confirmed(&buyer, &performance, &["A-1-1"]).await.booking_id;
    world.set_forward(2 * 86_400);
    let _ = cancel(&client, &buyer, "k", id).await.problem("not_cancellable", 409);
    assert_eq!(world.booking(id).await.state, BookingState::Confirmed);
}

#[tokio::test]
async fn an_unpaid_booking_may_be_cancelled_after_the_start() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture { starts_in_s: 60, ..Fixture::default() }).await;
    let id = world.reserved(&buyer, &performance, &["A-1-1"]).await.booking_id;
    world.set_forward(61);
    let answer = cancel(&client, &buyer, "k", id).await.ok(200);
    assert_eq!((&answer["state"], &answer["refund"]), (&json!("cancelled"), &json!(0)));
    assert_eq!(world.booking(id).await.state, BookingState::Cancelled);
    let figures = world.app.locks.figures(performance.performance_id).await.unwrap();
    assert_eq!(figures.reserved, 0);
}

#[tokio::test]
async fn an_expired_booking_cannot_be_cancelled() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let reserved = world.reserved(&buyer, &performance, &["A-1-1"]).await;
    world.set_forward(661);
    world.change(&reserved, &reserved.expire(world.now()).unwrap(), None).await;
    let _ = cancel(&client, &buyer, "k", reserved.booking_id).await.problem("not_cancellable", 409);
}

#[tokio::test]
async fn another_buyers_booking_is_not_found() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let id = world.confirmed(&buyer, &performance, &["A-1-1"]).await.booking_id;
    let other = world.buyer().await;
    let _ = cancel(&client, &other, "k", id).await.problem("not_found", 404);
    let _ = cancel(&client, &other, "k2", BookingId(world.app.ids.uuid())).await.problem("not_found", 404);
    assert_eq!(world.booking(id).await.state, BookingState::Confirmed);
}

#[tokio::test]
async fn a_request_needs_an_account_a_key_and_a_booking() {
    let (world, client, buyer) = start().await;
    let body = json!({"booking_id": world.app.ids.uuid()});
    let _ =
        client.post("/v1/cancellations").key("k").json(&body).send().await.problem("unauthenticated", 401);
    let request = client.post("/v1/cancellations").bearer(&buyer.token).json(&body);
    let _ = request.send().await.problem("idempotency_key_required", 400);
    for body in [json!({}), json!({"booking_id": "x"})] {
        let request = client.post("/v1/cancellations").bearer(&buyer.token).key("k").json(&body);
        assert_eq!(request.send().await.invalid(), ["booking_id"]);
    }
    let _ = cancel(&client, &buyer, "k", BookingId(world.app.ids.uuid())).await.problem("not_found", 404);
    let reused = cancel(&client, &buyer, "k", BookingId(world.app.ids.uuid())).await;
    let _ = reused.problem("idempotency_key_reused", 422);
}

#[tokio::test]
async fn an_unavailable_provider_owes_the_refund_and_pays_it_later() {
    let (world, _, buyer) = start().await;
    let nowhere = [("YEMAE_PAYMENT_URL", "http://127.0.0.1:1")];
    let client = world.client_with(&nowhere, cancel::FUNCTION, cancel::routes());
    let performance = world.performance(Fixture::default()).await;
    let booking = world.confirmed(&buyer, &performance, &["A-1-1"]).await;
    assert_eq!(cancel(&client, &buyer, "k", booking.booking_id).await.ok(200)["refund"], 50_000);
    assert_eq!(world.money("refunded").await.count, 0);
    let reference = booking.paid_with.unwrap();
    let owed = world.app.books.payment(booking.booking_id, &reference).await.unwrap().unwrap();
    assert_eq!(owed.goal, PaymentGoal::GiveBack { refund: 50_000 });
    for _ in 0..2 {
        world.app.settlement.settle(&owed).await.unwrap();
    }
    assert_eq!(world.money("refunded").await, Money { count: 1, amount: 50_000 });
}

#[tokio::test]
async fn a_change_that_the_map_missed_waits_in_the_outbox_and_a_repeat_shows_it() {
    let (world, client, buyer) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let booking = world.confirmed(&buyer, &performance, &["A-1-1"]).await;
    let nowhere = [("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    let cut_off = world.client_with(&nowhere, cancel::FUNCTION, cancel::routes());
    let first = cancel(&cut_off, &buyer, "k", booking.booking_id).await;
    let sold = async || world.app.locks.figures(performance.performance_id).await.unwrap().sold;
    assert_eq!((first.status, sold().await), (200, 1), "the map is behind");
    let waiting = world.app.outbox.waiting(Shard::of(booking.booking_id.0), None, 10).await.unwrap();
    let last = waiting.last().and_then(|waiting| waiting.event.as_ref().ok()).unwrap();
    assert_eq!((&*last.kind, last.booking), ("booking.cancelled", Some(booking.booking_id)));

    assert_eq!(cancel(&client, &buyer, "k", booking.booking_id).await.body, first.body);
    assert_eq!(sold().await, 0);
    world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
}
