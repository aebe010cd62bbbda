//! `pay`: nobody is charged without a seat, nor twice.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use domain::{booking::Booking, performance::Performance};
use serde_json::json;
use testkit::{Answer, Ledger, Person, Stage, World};

const NOTHING: Ledger = Ledger { authorized: 0, captured: 0, voided: 0, refunded: 0 };
const PAID: Ledger = Ledger { authorized: 50_000, captured: 50_000, ..NOTHING };

async fn world() -> (World, Person, Performance) {
    let world = World::start().await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    (world, buyer, performance)
}

async fn pay(world: &World, person: &Person, booking: &Booking, token: &str, key: &str) -> Answer {
    let order = json!({ "booking_id": booking.booking_id.to_string(), "method": "card", "token": token });
    let client = world.client(pay::FUNCTION, pay::routes());
    client.post("/v1/payments").bearer(&person.token).key(key).json(&order).send().await
}

#[tokio::test]
async fn a_payment_sells_the_seats_once() {
    let (world, buyer, performance) = world().await;
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    let first = pay(&world, &buyer, &booking, "ok", "k").await;
    let paid = first.json(200);
    assert_eq!(
        (&paid["booking_id"], &paid["state"]),
        (&json!(booking.booking_id.to_string()), &json!("confirmed"))
    );
    assert_eq!(pay(&world, &buyer, &booking, "ok", "k").await.body, first.body);
    assert_eq!(pay(&world, &buyer, &booking, "ok", "another key").await.json(200), paid);
    assert_eq!(world.ledger().await, PAID);
    let figures = world.app.locks.figures(performance.performance_id).await.expect("asked");
    assert_eq!((figures.reserved, figures.sold), (0, 1));
}

#[tokio::test]
async fn a_declined_card_costs_nothing_and_another_one_may_pay() {
    let (world, buyer, performance) = world().await;
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    for _ in 0..2 {
        pay(&world, &buyer, &booking, "decline", "k1").await.problem(402, "payment_declined");
    }
    assert_eq!(world.ledger().await, NOTHING);
    pay(&world, &buyer, &booking, "ok", "k1").await.problem(422, "idempotency_key_reused");
    pay(&world, &buyer, &booking, "ok", "k2").await.json(200);
    assert_eq!(world.ledger().await, PAID);
}

#[tokio::test]
async fn slow_and_lost_answers_pay_once() {
    let (world, buyer, performance) = world().await;
    for (seat, token) in [(0, "slow"), (1, "lost")] {
        let booking = world.reserve(&buyer, &performance, &[seat], 600).await;
        pay(&world, &buyer, &booking, token, token).await.json(200);
        pay(&world, &buyer, &booking, token, token).await.json(200);
    }
    assert_eq!(world.ledger().await, Ledger { authorized: 100_000, captured: 100_000, ..NOTHING });
}

#[tokio::test]
async fn two_payments_at_once_charge_once() {
    let (world, buyer, performance) = world().await;
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    let (one, two) = tokio::join!(
        pay(&world, &buyer, &booking, "slow", "k1"),
        pay(&world, &buyer, &booking, "slow", "k2")
    );
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (200, 200));
    let ledger = world.ledger().await;
    assert_eq!((ledger.captured, ledger.authorized - ledger.voided), (50_000, 50_000));
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_and_the_same_key_may_pay_later() {
    let world = World::with(&[("YEMAE_PAYMENT_URL", "http://127.0.0.1:1")]).await;
    let performance = world.performance(Stage::default()).await;
    let buyer = world.buyer().await;
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    for _ in 0..2 {
        let away = pay(&world, &buyer, &booking, "ok", "k").await;
        away.problem(502, "payment_provider_unavailable");
    }
    let mut back = world.app.clone();
    let provider = shared::adapters::payment::HttpPaymentProvider::new(world.sandbox.url());
    back.provider = std::sync::Arc::new(provider);
    back.settlement =
        shared::settle::Settlement::new(back.books.clone(), back.provider.clone(), back.clock.clone());
    let client = testkit::Client::of(pay::FUNCTION.service(pay::routes(), back));
    let order = json!({ "booking_id": booking.booking_id.to_string(), "method": "card", "token": "ok" });
    client.post("/v1/payments").bearer(&buyer.token).key("k").json(&order).send().await.json(200);
    assert_eq!(world.ledger().await, PAID);
}

#[tokio::test]
async fn after_the_window_nothing_is_charged() {
    let (world, buyer, performance) = world().await;
    let booking = world.reserve(&buyer, &performance, &[0], -1).await;
    pay(&world, &buyer, &booking, "ok", "k").await.problem(410, "payment_window_over");
    assert_eq!(world.ledger().await, NOTHING);
}

#[tokio::test]
async fn anothers_booking_is_not_there() {
    let (world, buyer, performance) = world().await;
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    pay(&world, &world.buyer().await, &booking, "ok", "k").await.problem(404, "not_found");
}

#[tokio::test]
async fn an_order_is_checked() {
    let (world, buyer, _) = world().await;
    let client = world.client(pay::FUNCTION, pay::routes());
    let order = json!({ "booking_id": world.app.ids.uuid(), "method": "", "token": "t".repeat(513) });
    let ask = || client.post("/v1/payments").bearer(&buyer.token).json(&order);
    ask().key("k").send().await.invalid(&["method", "token"]);
    ask().send().await.problem(400, "idempotency_key_required");
}

#[tokio::test]
async fn news_of_a_payment_completes_it_or_gives_it_back() {
    let (world, buyer, performance) = world().await;
    let tell = async |reference: &str| {
        let client = world.client(pay::FUNCTION, pay::routes());
        client.post("/v1/payments/webhook").json(&json!({ "reference": reference })).send().await
    };
    for unknown in ["x", "0192f0c1-a2b3-7c4d-8e9f-0a1b2c3d4e5f.0123456789abcdef01234567"] {
        tell(unknown).await.problem(404, "not_found");
    }
    // The money was set aside, and the request that asked for it died.
    let booking = world.reserve(&buyer, &performance, &[0], 600).await;
    let reference = set_aside(&world, &booking).await;
    tell(&reference).await.empty(204);
    assert_eq!(world.ledger().await, PAID);
    tell(&reference).await.empty(204);
    assert_eq!(world.ledger().await, PAID);
    // The same, for a booking that was given back meanwhile.
    let booking = world.reserve(&buyer, &performance, &[1], 600).await;
    let reference = set_aside(&world, &booking).await;
    let after = booking.cancel(0, world.now()).expect("cancellable");
    let change = shared::ports::BookingChange {
        before: &booking,
        after: &after,
        payment: None,
        completion: None,
        now: world.now(),
    };
    world.app.books.change(&change).await.expect("cancelled");
    tell(&reference).await.empty(204);
    let ledger = world.ledger().await;
    assert_eq!((ledger.captured, ledger.voided), (50_000, 50_000));
}

async fn set_aside(world: &World, booking: &Booking) -> String {
    let payment = domain::booking::Payment {
        reference: format!("{}.0123456789abcdef01234567", booking.booking_id),
        booking_id: booking.booking_id,
        amount: booking.amount,
        currency: booking.currency.clone(),
        goal: domain::booking::PaymentGoal::Authorize,
    };
    world.app.books.open_payment(&payment, world.now()).await.expect("opened");
    world.app.provider.authorize(&payment, "card", "ok").await.expect("authorised");
    payment.reference
}
