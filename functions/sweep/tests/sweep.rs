//! What is finished although no request looks after it.
#![cfg(test)]

use domain::booking::{BookingState, LOOKED_FOR_AFTER_S, Payment, PaymentGoal};
use shared::services::settlement::PAYMENT_ABANDONED_S;
use testkit::{Client, Fixture, Money, Value, World, json};

/// Longer than a booking waits for its payment, including the grace for one that began in time.
const UNPAID_S: i64 = 660;

async fn start() -> (World, Client) {
    let world = World::start().await;
    let client = world.client(sweep::FUNCTION, sweep::routes());
    (world, client)
}

async fn sweep(client: &Client) -> Value {
    client.post("/").send().await.ok(200)
}

/// What was done, without what is still to come.
async fn done(client: &Client) -> Value {
    let mut swept = sweep(client).await;
    swept.as_object_mut().unwrap().remove("next_due_at");
    swept
}

#[tokio::test]
async fn with_nothing_due_nothing_happens() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let buyer = world.buyer().await;
    let reserved = world.reserved(&buyer, &performance, &["A-1-1"]).await;
    let paid = world.confirmed(&buyer, &performance, &["A-1-2"]).await;
    let nothing = json!({"expired": 0, "settled": 0, "failed": 0});
    assert_eq!(done(&client).await, nothing);
    world.set_forward(UNPAID_S - 5);
    assert_eq!(done(&client).await, nothing, "a payment may still be on its way");
    assert_eq!(world.booking(reserved.booking_id).await.state, BookingState::Reserved);
    assert_eq!(world.booking(paid.booking_id).await.state, BookingState::Confirmed);
}

#[tokio::test]
async fn it_says_when_the_next_thing_is_due() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    assert_eq!(sweep(&client).await.get("next_due_at"), None);
    let first = world.reserved(&world.buyer().await, &performance, &["A-1-1"]).await;
    world.set_forward(60);
    let second = world.reserved(&world.buyer().await, &performance, &["A-1-2"]).await;
    let next = async || sweep(&client).await["next_due_at"].clone();
    assert_eq!(next().await, first.reserved_until().to_string());
    world.set_forward(UNPAID_S - 60);
    assert_eq!(next().await, second.reserved_until().to_string());
}

#[tokio::test]
async fn unpaid_seats_come_back_and_no_longer_count() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let buyer = world.buyer().await;
    let four = ["A-1-1", "A-1-2", "A-1-3", "A-1-4"];
    let unpaid = world.reserved(&buyer, &performance, &four).await;
    let paid = world.confirmed(&world.buyer().await, &performance, &["A-1-5"]).await;
    world.set_forward(UNPAID_S);
    assert_eq!(done(&client).await, json!({"expired": 1, "settled": 0, "failed": 0}));
    assert_eq!(world.booking(unpaid.booking_id).await.state, BookingState::Expired);
    assert_eq!(world.booking(paid.booking_id).await.state, BookingState::Confirmed);
    let figures = world.app.locks.figures(performance.performance_id).await.unwrap();
    assert_eq!((figures.reserved, figures.sold), (0, 1));
    assert_eq!(sweep(&client).await["expired"], 0, "once");
    let again = ["A-1-3", "A-1-4", "A-1-6", "A-1-7"];
    world.confirmed(&buyer, &performance, &again).await;
    world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
}

#[tokio::test]
async fn any_number_may_sweep_at_once() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    for seat in ["A-1-1", "A-1-2", "A-1-3", "A-1-4", "A-1-5"] {
        world.reserved(&world.buyer().await, &performance, &[seat]).await;
    }
    world.set_forward(UNPAID_S);
    let another = world.client(sweep::FUNCTION, sweep::routes());
    let (one, other) = tokio::join!(sweep(&client), sweep(&another));
    let sum = |field: &str| one[field].as_u64().unwrap() + other[field].as_u64().unwrap();
    assert_eq!((sum("expired"), sum("failed")), (5, 0));
    assert_eq!(world.app.locks.figures(performance.performance_id).await.unwrap().reserved, 0);
}

#[tokio::test]
async fn money_set_aside_for_a_request_that_died_goes_back() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let buyer = world.buyer().await;
    let reserved = world.reserved(&buyer, &performance, &["A-1-1"]).await;
    let payment = world.authorized(&reserved).await;
    assert_eq!(sweep(&client).await["settled"], 0, "the request may still be at it");
    world.set_forward(PAYMENT_ABANDONED_S - 5);
    assert_eq!(sweep(&client).await["settled"], 0, "a repeat of the request may still finish it");
    world.set_forward(6);
    assert_eq!(done(&client).await, json!({"expired": 0, "settled": 1, "failed": 0}));
    assert_eq!(world.money("voided").await, Money { count: 1, amount: 50_000 });
    let settled = world.app.books.payment(reserved.booking_id, &payment.reference).await.unwrap().unwrap();
    assert_eq!(settled.goal, PaymentGoal::GivenBack);
    assert_eq!(sweep(&client).await["settled"], 0);
}

/// A payment whose order is still on its way to the provider when the sweep writes it off.
async fn written_off(world: &World, client: &Client) -> Payment {
    let performance = world.performance(Fixture::default()).await;
    let reserved = world.reserved(&world.buyer().await, &performance, &["A-1-1"]).await;
    let payment = world.opened(&reserved).await;
    world.set_forward(PAYMENT_ABANDONED_S + 1);
    assert_eq!(sweep(client).await["settled"], 1);
    let refund = payment.amount;
    assert_eq!(goal(world, &payment).await, PaymentGoal::WrittenOff { refund, looks: 0 });
    payment
}

async fn goal(world: &World, payment: &Payment) -> PaymentGoal {
    let books = &world.app.books;
    books.payment(payment.booking_id, &payment.reference).await.unwrap().unwrap().goal
}

#[tokio::test]
async fn a_late_order_is_voided_by_the_next_look() {
    let (world, client) = start().await;
    for (looks, after_s) in (0..).zip(LOOKED_FOR_AFTER_S) {
        let payment = written_off(&world, &client).await;
        for passed_s in &LOOKED_FOR_AFTER_S[..looks] {
            world.set_forward(passed_s + 1);
            assert_eq!(sweep(&client).await["settled"], 1);
        }
        world.app.provider.authorize(&payment, "card", "ok").await.unwrap();
        world.set_forward(after_s - 5);
        assert_eq!(sweep(&client).await["settled"], 0, "it is not looked for all the time");
        world.set_forward(6);
        sweep(&client).await;
        assert_eq!(goal(&world, &payment).await, PaymentGoal::GivenBack);
        let count = u64::try_from(looks).unwrap() + 1;
        assert_eq!(world.money("voided").await, Money { count, amount: count * 50_000 });
    }
}

#[tokio::test]
async fn an_order_that_never_arrives_is_looked_up_a_few_times_and_no_more() {
    let (world, client) = start().await;
    let payment = written_off(&world, &client).await;
    for after_s in LOOKED_FOR_AFTER_S {
        world.set_forward(after_s + 1);
        let nowhere = [("YEMAE_PAYMENT_URL", "http://127.0.0.1:1")];
        let cut_off = world.client_with(&nowhere, sweep::FUNCTION, sweep::routes());
        sweep(&cut_off).await;
        world.set_forward(11);
        sweep(&client).await;
    }
    assert_eq!(goal(&world, &payment).await, PaymentGoal::GivenBack);
    world.set_forward(10 * 86_400);
    assert_eq!(sweep(&client).await["settled"], 0);
    assert_eq!(world.money("voided").await, Money::default());
}

#[tokio::test]
async fn seats_that_are_sold_are_paid_in_the_end() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let reserved = world.reserved(&world.buyer().await, &performance, &["A-1-1"]).await;
    let payment = world.authorized(&reserved).await;
    let sold = reserved.confirm(Some(payment.reference.clone()), world.now()).unwrap();
    world.change(&reserved, &sold, Some((&payment, PaymentGoal::Take))).await;
    world.set_forward(UNPAID_S);

    let nowhere = [("YEMAE_PAYMENT_URL", "http://127.0.0.1:1")];
    let cut_off = world.client_with(&nowhere, sweep::FUNCTION, sweep::routes());
    sweep(&cut_off).await;
    assert_eq!(world.money("captured").await.count, 0);
    world.set_forward(11);
    assert_eq!(sweep(&client).await["settled"], 1);
    assert_eq!(world.money("captured").await, Money { count: 1, amount: 50_000 });
    assert_eq!(world.booking(sold.booking_id).await.state, BookingState::Confirmed);
}

#[tokio::test]
async fn an_unavailable_map_stops_no_expiry() {
    let (world, _) = start().await;
    let performance = world.performance(Fixture::default()).await;
    let reserved = world.reserved(&world.buyer().await, &performance, &["A-1-1"]).await;
    world.set_forward(UNPAID_S);
    let nowhere = [("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    let cut_off = world.client_with(&nowhere, sweep::FUNCTION, sweep::routes());
    assert_eq!(sweep(&cut_off).await["expired"], 1);
    assert_eq!(world.booking(reserved.booking_id).await.state, BookingState::Expired);
}

#[tokio::test]
async fn without_the_books_it_says_so() {
    let client = Client::new(sweep::FUNCTION, sweep::routes(), testkit::unreachable());
    let _ = client.post("/").send().await.problem("store_unavailable", 503);
    let _ = client.get("/").send().await.problem("method_not_allowed", 405);
}

#[tokio::test]
async fn it_writes_the_history_of_what_is_on_sale() {
    let (world, client) = start().await;
    let performance = world.performance(Fixture::default()).await;
    world.confirmed(&world.buyer().await, &performance, &["A-1-1"]).await;
    sweep(&client).await;
    let look = world.app.history.last(performance.performance_id, world.now()).await.unwrap().unwrap();
    assert_eq!((look.seats.sold, look.reached.paid), (1, 1));
}
