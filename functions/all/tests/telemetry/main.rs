//! What a process tells of itself: a trace from the browser's span to the stores and the provider, metrics, log levels. And that
//! a collector which is slow or away costs nothing.
#![cfg(test)]

#[path = "../support/collector.rs"]
mod collector;
#[path = "../support/mod.rs"]
mod support;

mod quiet;
mod scraped;
mod told;

use collector::{Collector, attribute, texts};
use domain::performance::Performance;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::Process;
use testkit::{Fixture, Person, World};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const BROWSER_SPAN: &str = "00f067aa0ba902b7";
const SERVER: i32 = 2;
const CLIENT: i32 = 3;

/// A world with a collector.
struct House {
    world: World,
    collector: Collector,
    performance: Performance,
    buyer: Person,
}

impl House {
    async fn open() -> Self {
        let world = World::start().await;
        let (performance, buyer) = (world.performance(Fixture::default()).await, world.buyer().await);
        Self { collector: Collector::start().await, performance, buyer, world }
    }

    async fn start(&self, name: &'static str, more: &[(&str, &str)]) -> Process {
        let endpoint = self.collector.url();
        let settings =
            [more, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint)], &self.world.settings()].concat();
        Process::start_listening(name, &first_of_each(&settings)).await
    }

    async fn hold(&self, process: &Process, seat: &str, flags: &str) -> (u16, Value) {
        let body = json!({ "performance_id": self.performance.performance_id, "seats": [seat] });
        post(process, "/v1/holds", &self.buyer, flags, &body).await
    }
}

/// Of several values for a setting the first counts.
fn first_of_each<'a>(settings: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut kept: Vec<(&str, &str)> = Vec::new();
    for (name, value) in settings {
        if kept.iter().all(|(known, _)| known != name) {
            kept.push((name, value));
        }
    }
    kept
}

async fn post(process: &Process, path: &str, person: &Person, flags: &str, body: &Value) -> (u16, Value) {
    let request = reqwest::Client::new()
        .post(format!("http://{}{path}", process.address))
        .bearer_auth(&person.token)
        .header("traceparent", format!("00-{TRACE}-{BROWSER_SPAN}-{flags}"))
        .header("idempotency-key", "a-key-of-this-test")
        .json(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Blocks its thread: the collector needs another one.
fn exits_well(mut process: Process) {
    process.terminate();
    assert_eq!(process.exit_code(Instant::now() + Duration::from_secs(10)), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_one_trace_from_the_browser_to_the_stores_and_the_provider() {
    let house = House::open().await;
    let lock_seat = house.start("lock-seat", &[]).await;
    assert_eq!(house.hold(&lock_seat, "A-1-1", "01").await.0, 201);
    // Pushing is due every five seconds: what arrives now was flushed.
    exits_well(lock_seat);
    let taken = house.collector.until("the hold's script", |taken| taken.has_span("hold_one")).await;

    let request = taken.span("POST /v1/holds");
    let hex = |bytes: &[u8]| hex::encode(bytes);
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.into(), BROWSER_SPAN.into()));
    assert_eq!(request.kind, SERVER);
    assert_eq!(attribute(request, "http.response.status_code").as_deref(), Some("IntValue(201)"));
    assert_eq!(attribute(request, "http.route").as_deref(), Some("/v1/holds"));
    assert_eq!(attribute(request, "url.scheme").as_deref(), Some("http"));
    // The first one found the performance lost, and it was rebuilt.
    let script = taken.last_span("hold_one");
    assert_eq!((&script.trace_id, &script.parent_span_id), (&request.trace_id, &request.span_id));
    assert_eq!((script.kind, attribute(script, "db.system.name").as_deref()), (CLIENT, Some("redis")));
    let mut names = taken.spans.iter().filter(|(_, span)| span.name == "GetItem" || span.name == "Query");
    let (service, book) = names.next().expect("the programme was read");
    assert_eq!((service.as_str(), &book.trace_id), ("lock-seat", &request.trace_id));
    assert_eq!(attribute(book, "db.system.name").as_deref(), Some("aws.dynamodb"));
    assert!(attribute(book, "aws.dynamodb.table_names").is_some_and(|names| names.contains("yemae-")));
    assert!(taken.metrics.iter().any(|name| name == "http.server.request.duration"));

    let pay = house.start("pay", &[]).await;
    let booking = house.world.reserved(&house.buyer, &house.performance, &["A-1-2"]).await;
    let order = json!({"booking_id": booking.booking_id, "method": "card", "token": "ok"});
    assert_eq!(post(&pay, "/v1/payments", &house.buyer, "01", &order).await.0, 200);
    exits_well(pay);
    let taken = house.collector.until("the payment", |taken| taken.has_span("POST /v1/authorizations")).await;
    let (paid, call) = (taken.span("POST /v1/payments"), taken.span("POST /v1/authorizations"));
    assert_eq!((call.kind, &call.trace_id), (CLIENT, &paid.trace_id));
    assert!(attribute(call, "server.port").is_some());
    // The work goes on in a task of its own, which outlives a client's hang-up.
    assert_eq!(call.parent_span_id, paid.span_id);
    let heard = heard(&house.world).await;
    let authorized = heard.iter().find(|call| call["path"] == "/v1/authorizations").unwrap();
    assert_eq!(authorized["traceparent"], format!("00-{TRACE}-{}-01", hex(&call.span_id)));
    assert!(taken.has_span("TransactWriteItems"));

    for (_, span) in &taken.spans {
        for text in texts(span) {
            for secret in [&house.buyer.token, &house.buyer.email, "127.0.0.1:", "a-key-of-this-test"] {
                assert!(!text.contains(secret), "{}: {text}", span.name);
            }
        }
    }
}

async fn heard(world: &World) -> Vec<Value> {
    let answer = reqwest::get(format!("{}/v1/heard", world.payment_url())).await.unwrap();
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_is_recorded_whole_or_not_at_all() {
    let house = House::open().await;
    let none = house
        .start("lock-seat", &[("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0")])
        .await;
    assert_eq!(house.hold(&none, "A-1-1", "01").await.0, 201, "the client's flag does not force it");
    exits_well(none);
    let by_parent = house.start("lock-seat", &[]).await;
    assert_eq!(house.hold(&by_parent, "A-1-2", "00").await.0, 201);
    exits_well(by_parent);
    assert!(house.collector.taken().spans.is_empty(), "{:?}", house.collector.taken().spans);
    assert!(!house.collector.taken().metrics.is_empty(), "requests are counted all the same");

    let off = house.start("pay", &[("OTEL_SDK_DISABLED", "true")]).await;
    let booking = house.world.reserved(&house.buyer, &house.performance, &["A-1-3"]).await;
    let order = json!({"booking_id": booking.booking_id, "method": "card", "token": "ok"});
    assert_eq!(post(&off, "/v1/payments", &house.buyer, "01", &order).await.0, 200);
    let heard = heard(&house.world).await;
    let told = format!("00-{TRACE}-{BROWSER_SPAN}-01");
    assert!(
        heard.iter().any(|call| call["traceparent"] == told),
        "the provider learns of the trace: {heard:?}"
    );
    exits_well(off);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_without_a_caller_is_named_as_its_answer_and_log_lines_are() {
    let house = House::open().await;
    let logs = [("OTEL_LOGS_EXPORTER", "otlp"), ("OTEL_TRACES_SAMPLER", "always_on")];
    let process = house.start("lock-seat", &logs).await;
    let url = format!("http://{}/v1/holds", process.address);
    let answer: Value = reqwest::Client::new().post(url).send().await.unwrap().json().await.unwrap();
    exits_well(process);
    let taken = house.collector.until("the request", |taken| taken.has_span("POST /v1/holds")).await;
    let hex = |bytes: &[u8]| hex::encode(bytes);
    let span = taken.span("POST /v1/holds");
    assert_eq!(hex(&span.trace_id), answer["trace_id"].as_str().unwrap());
    assert!(span.parent_span_id.is_empty());
    let line = taken.logs.iter().find(|line| line.trace_id == span.trace_id);
    assert!(line.is_some(), "the line of the request is pushed with its trace: {:?}", taken.logs);
}
