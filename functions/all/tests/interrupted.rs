//! Requests cut off by a client that hangs up, or by a process that is killed or told to stop: the same key is answered
//! again within seconds, and the money moves once.
#![cfg(test)]

mod support;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{booking::BookingState, performance::Performance};
use serde_json::Value;
use shared::ports::Due;
use std::{
    future::pending,
    io::Write as _,
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};
use support::Process;
use testkit::{Fixture, Money, Person, World, json, serve};
use tokio::{sync::Notify, time::sleep};

const PRICE: u64 = 50_000;
const SEATS: u64 = 70;
/// The longest that the claim of a dead process may last, plus the time for a start and an answer.
const TAKEN_MAX: Duration = Duration::from_secs(8);

struct House {
    world: World,
    performance: Performance,
    buyer: Person,
}

/// A request that may be sent more than once.
struct Order {
    path: &'static str,
    key: String,
    body: Value,
}

impl House {
    async fn open() -> Self {
        let world = World::start().await;
        let wanted = Fixture { sections: &[("A", "R", &[70])], max_seats_per_user: 70, ..Fixture::default() };
        let performance = world.performance(wanted).await;
        let buyer = world.buyer().await;
        Self { world, performance, buyer }
    }

    async fn run(&self, name: &'static str) -> Process {
        self.run_on(name, self.world.dynamodb_url()).await
    }

    async fn run_on(&self, name: &'static str, dynamodb: &str) -> Process {
        let settings = [&self.world.settings()[..], &[("AWS_ENDPOINT_URL_DYNAMODB", dynamodb)]].concat();
        Process::start_listening(name, &settings).await
    }

    async fn booking_order(&self, seat: u64) -> Order {
        let hold = self.world.hold(&self.buyer, &self.performance, &[&format!("A-1-{seat}")]).await;
        let body = json!({"hold_id": hold.to_string()});
        Order { path: "/v1/bookings", key: format!("book-{seat}"), body }
    }

    /// Sends it without waiting for the answer.
    fn send(&self, process: &Process, order: &Order) -> TcpStream {
        let body = order.body.to_string();
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: yemae\r\nauthorization: Bearer {}\r\nidempotency-key: {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            order.path,
            self.buyer.token,
            order.key,
            body.len()
        );
        let mut connection = TcpStream::connect(process.address).unwrap();
        connection.write_all(head.as_bytes()).unwrap();
        connection
    }

    /// Repeats it while an earlier one is reported as running. Returns the first other answer, and how long that took.
    async fn repeat(&self, process: &Process, order: &Order) -> (u16, Value, Duration) {
        let client = reqwest::Client::new();
        let begun = Instant::now();
        loop {
            let request = client.post(format!("http://{}{}", process.address, order.path));
            let request = request.bearer_auth(&self.buyer.token).header("idempotency-key", &order.key);
            let answer = request.json(&order.body).send().await.unwrap();
            let (status, body) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
            if body["code"] != "idempotency_in_progress" {
                return (status, body, begun.elapsed());
            }
            assert!(begun.elapsed() < TAKEN_MAX, "{} is still taken", order.key);
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Kills the process as soon as it asks for a change of the books that never happens, and repeats the request at another
    /// process.
    async fn kill_before_the_change(&self, name: &'static str, order: &Order) -> Value {
        let silence = Silence::start(self.world.dynamodb_url()).await;
        let killed = self.run_on(name, &silence.url).await;
        let connection = self.send(&killed, order);
        silence.transaction_begins.notified().await;
        drop((killed, connection));
        let (status, body, waited) = self.repeat(&self.run(name).await, order).await;
        assert!((200..=201).contains(&status), "{body}");
        assert!(waited < TAKEN_MAX, "{waited:?}");
        body
    }

    /// Waits until the payment is recorded: the provider is asked next.
    async fn payment_begins(&self) {
        let much_later = self.world.now() + Duration::from_hours(1);
        loop {
            let due = self.world.app.books.due(much_later, 10).await.unwrap();
            if due.iter().any(|(_, due)| matches!(due, Due::Payment(..))) {
                return;
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn money(&self, done: &str) -> Money {
        self.world.money(done).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_hangs_up_at_any_moment_gets_its_seat_with_the_same_key() {
    let house = House::open().await;
    let book = house.run("book").await;
    for ms in 1..=SEATS {
        let order = house.booking_order(ms).await;
        let connection = house.send(&book, &order);
        sleep(Duration::from_millis(ms)).await;
        drop(connection);
        let (status, body, waited) = house.repeat(&book, &order).await;
        assert_eq!((status, &body["state"]), (201, &json!("reserved")), "{ms} ms: {body}");
        assert!(waited < Duration::from_secs(2), "{ms} ms: {waited:?}");
    }
    let figures = house.world.app.locks.figures(house.performance.performance_id).await.unwrap();
    assert_eq!((figures.held, figures.reserved), (0, SEATS));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_whose_process_is_killed_is_made_by_its_repeat() {
    let house = House::open().await;
    let order = house.booking_order(1).await;
    let body = house.kill_before_the_change("book", &order).await;
    let (bookings, _) = house.world.app.books.bookings_of(house.buyer.user_id, 10, None).await.unwrap();
    assert_eq!(bookings.len(), 1);
    assert_eq!(body["booking_id"], json!(bookings[0].booking_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_whose_process_is_killed_is_made_by_its_repeat() {
    let house = House::open().await;
    let booking = house.world.confirmed(&house.buyer, &house.performance, &["A-1-1"]).await;
    let body = json!({"booking_id": booking.booking_id});
    let order = Order { path: "/v1/cancellations", key: "k".into(), body };
    let body = house.kill_before_the_change("cancel", &order).await;
    assert_eq!(body["refund"], json!(PRICE));
    assert_eq!(house.money("refunded").await, Money { count: 1, amount: PRICE });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_whose_process_is_killed_is_finished_by_its_repeat_and_charged_once() {
    let house = House::open().await;
    let booking = house.world.reserved(&house.buyer, &house.performance, &["A-1-1"]).await;
    let body = json!({"booking_id": booking.booking_id, "method": "card", "token": "ok"});
    let order = Order { path: "/v1/payments", key: "k".into(), body };
    // By then the money is set aside, and the seat is not yet sold.
    let body = house.kill_before_the_change("pay", &order).await;
    assert_eq!(body["state"], "confirmed");
    for done in ["authorized", "captured"] {
        assert_eq!(house.money(done).await, Money { count: 1, amount: PRICE }, "{done}");
    }
    assert_eq!(house.money("voided").await, Money::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_killed_while_the_bank_decides_is_finished_by_its_repeat_and_charged_once() {
    let house = House::open().await;
    let booking = house.world.reserved(&house.buyer, &house.performance, &["A-1-1"]).await;
    let body = json!({"booking_id": booking.booking_id, "method": "card", "token": "slow"});
    let order = Order { path: "/v1/payments", key: "k".into(), body };
    let killed = house.run("pay").await;
    let connection = house.send(&killed, &order);
    house.payment_begins().await;
    drop((killed, connection));
    let (status, body, waited) = house.repeat(&house.run("pay").await, &order).await;
    assert_eq!((status, &body["state"]), (200, &json!("confirmed")), "{body}");
    assert!(waited < TAKEN_MAX, "{waited:?}");
    for done in ["authorized", "captured"] {
        assert_eq!(house.money(done).await, Money { count: 1, amount: PRICE }, "{done}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_told_to_stop_finishes_the_work_of_a_client_that_hung_up() {
    let house = House::open().await;
    let booking = house.world.reserved(&house.buyer, &house.performance, &["A-1-1"]).await;
    let body = json!({"booking_id": booking.booking_id, "method": "card", "token": "slow"});
    let order = Order { path: "/v1/payments", key: "k".into(), body };
    let mut pay = house.run("pay").await;
    let connection = house.send(&pay, &order);
    house.payment_begins().await;
    drop(connection);
    pay.terminate();
    assert_eq!(pay.exit_code(Instant::now() + Duration::from_secs(10)), Some(0));
    assert_eq!(house.world.booking(booking.booking_id).await.state, BookingState::Confirmed);
    let (status, _, waited) = house.repeat(&house.run("pay").await, &order).await;
    assert_eq!(status, 200);
    assert!(waited < Duration::from_secs(1), "{waited:?}");
    assert_eq!(house.money("captured").await, Money { count: 1, amount: PRICE });
}

/// A proxy in front of DynamoDB that passes everything on and never answers a transaction.
struct Silence {
    url: String,
    transaction_begins: Arc<Notify>,
}

#[derive(Clone)]
struct Upstream {
    url: String,
    client: reqwest::Client,
    transaction_begins: Arc<Notify>,
}

impl Silence {
    async fn start(dynamodb: &str) -> Self {
        let transaction_begins = Arc::new(Notify::new());
        let upstream = Upstream {
            url: dynamodb.to_owned(),
            client: reqwest::Client::new(),
            transaction_begins: Arc::clone(&transaction_begins),
        };
        let url = format!("http://{}", serve(Router::new().fallback(pass_on).with_state(upstream)).await);
        Self { url, transaction_begins }
    }
}

async fn pass_on(State(upstream): State<Upstream>, mut headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    // A payment by itself is also moved by a transaction; the sale's has more parts.
    if target.ends_with("TransactWriteItems") {
        upstream.transaction_begins.notify_one();
        return pending().await;
    }
    headers.remove(header::HOST);
    headers.remove(header::CONTENT_LENGTH);
    let answer = upstream.client.post(&upstream.url).headers(headers).body(body).send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut passed = Body::from(answer.bytes().await.unwrap()).into_response();
    *passed.status_mut() = StatusCode::from_u16(status.as_u16()).unwrap();
    *passed.headers_mut() = headers;
    passed.headers_mut().remove(header::CONTENT_LENGTH);
    passed
}
