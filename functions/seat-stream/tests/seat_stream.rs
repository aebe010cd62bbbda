//! What buyers who choose seats are sent. A stream needs a connection, so the function listens on a port here.
#![cfg(test)]

use axum::{body::Body, http::Request};
use domain::{performance::Performance, sale::SaleMode};
use reqwest::{Client, RequestBuilder, Response};
use shared::http::serve::listen;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use testkit::{Fixture, Value, World, json};
use tokio::{net::TcpListener, sync::oneshot, time::timeout};
use tower::ServiceExt as _;

const SOON: Duration = Duration::from_secs(10);

/// The function on a port, until this is dropped.
struct Function {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
}

impl Function {
    async fn start(world: &World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = seat_stream::FUNCTION.service(seat_stream::routes(), world.app.clone());
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(listen(listener, service, async { stopped.await.unwrap_or_default() }));
        Self { address, stop: Some(stop) }
    }

    fn ask(&self, performance: &Performance) -> RequestBuilder {
        let path = format!("http://{}/v1/seat-stream/{}", self.address, performance.performance_id);
        Client::builder().no_proxy().build().unwrap().get(path)
    }
}

/// Events as they arrive.
struct Events {
    response: Response,
    text: String,
}

#[derive(Debug, PartialEq)]
struct Event {
    name: String,
    id: u64,
    data: Value,
}

impl Events {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Self { response, text: String::new() }
    }

    /// The next event; `None` when the stream is over.
    async fn next(&mut self) -> Option<Event> {
        timeout(SOON, async {
            loop {
                if let Some(end) = self.text.find("\n\n") {
                    let block: String = self.text.drain(..end + 2).collect();
                    match parsed(&block) {
                        Some(event) => return Some(event),
                        None => continue,
                    }
                }
                let bytes = self.response.chunk().await.unwrap()?;
                self.text.push_str(str::from_utf8(&bytes).unwrap());
            }
        })
        .await
        .unwrap()
    }
}

/// Parses a block: one with data is an event; `retry` and comments are not.
fn parsed(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Some(Event {
        name: field("event")?.to_owned(),
        id: field("id")?.parse().unwrap(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}

#[tokio::test]
async fn a_stream_begins_with_all_seats_and_continues_with_changes() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let function = Function::start(&world).await;
    let mut events = Events::of(function.ask(&performance)).await;
    let first = events.next().await.unwrap();
    assert_eq!(first.name, "states");
    assert_eq!(first.data["version"], first.id);
    assert_eq!(first.data["performance_id"], json!(performance.performance_id));

    let buyer = world.buyer().await;
    let held_at = Instant::now();
    world.hold(&buyer, &performance, &["A-1-1", "A-1-2"]).await;
    let held = events.next().await.unwrap();
    // The goal is a second. A busy machine may take longer, and `make bench` has the figures.
    assert!(held_at.elapsed() < SOON / 2, "{:?}", held_at.elapsed());
    assert_eq!(held.name, "changes");
    assert_eq!(held.data, json!({"version": held.id, "changes": [[0, 1], [1, 1]]}));
    assert!(held.id > first.id);
}

#[tokio::test]
async fn a_client_that_reconnects_gets_what_it_missed() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let function = Function::start(&world).await;
    let first = Events::of(function.ask(&performance)).await.next().await.unwrap();
    let buyer = world.buyer().await;
    world.hold(&buyer, &performance, &["A-1-2"]).await;
    tokio::time::sleep(Duration::from_millis(110)).await;

    let back = function.ask(&performance).header("last-event-id", first.id.to_string());
    let missed = Events::of(back).await.next().await.unwrap();
    assert_eq!((missed.name.as_str(), &missed.data["changes"]), ("changes", &json!([[1, 1]])));

    for unknown in ["999999999", "0", "x"] {
        let lost = function.ask(&performance).header("last-event-id", unknown);
        assert_eq!(Events::of(lost).await.next().await.unwrap().name, "states", "{unknown}");
    }
}

#[tokio::test]
async fn many_streams_share_one_reader_and_all_get_the_same() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let function = Function::start(&world).await;
    let mut all = Vec::new();
    for _ in 0..20 {
        let mut events = Events::of(function.ask(&performance)).await;
        events.next().await.unwrap();
        all.push(events);
    }
    let buyer = world.buyer().await;
    world.hold(&buyer, &performance, &["A-1-2"]).await;
    let mut heard = Vec::new();
    for events in &mut all {
        heard.push(events.next().await.unwrap());
    }
    assert!(heard.iter().all(|event| *event == heard[0]), "{heard:?}");
    assert_eq!(heard[0].data["changes"], json!([[1, 1]]));
}

#[tokio::test]
async fn a_sale_with_a_queue_requires_an_admission() {
    let world = World::start().await;
    let performance = world.performance(Fixture { mode: SaleMode::Queue, ..Fixture::default() }).await;
    let other = world.performance(Fixture { mode: SaleMode::Queue, ..Fixture::default() }).await;
    let function = Function::start(&world).await;
    let buyer = world.buyer().await;
    let elsewhere = world.admitted(&buyer, &other);
    for token in [None, Some("nonsense"), Some(elsewhere.as_str())] {
        let request = function.ask(&performance);
        let request = match token {
            Some(token) => request.header("admission-token", token),
            None => request,
        };
        let refused = request.send().await.unwrap();
        assert_eq!(refused.status(), 403, "{token:?}");
        let problem: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
        assert_eq!(problem["code"], "not_admitted");
    }
    let admitted = function.ask(&performance).header("admission-token", world.admitted(&buyer, &performance));
    assert_eq!(Events::of(admitted).await.next().await.unwrap().name, "states");
}

#[tokio::test]
async fn an_unknown_performance_is_not_found() {
    let world = World::start().await;
    let function = Function::start(&world).await;
    let mut performance = world.performance(Fixture::default()).await;
    performance.performance_id = domain::PerformanceId(performance.show_id.0);
    assert_eq!(function.ask(&performance).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_process_that_ends_ends_its_streams() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let mut function = Function::start(&world).await;
    let mut events = Events::of(function.ask(&performance)).await;
    events.next().await.unwrap();
    function.stop.take().unwrap().send(()).unwrap();
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_full_process_refuses_streams_until_one_ends() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let service = seat_stream::FUNCTION.service(seat_stream::routes(), world.app.clone());
    let path = format!("/v1/seat-stream/{}", performance.performance_id);
    // Without connections, since a test may not open thousands: a stream lasts as long as its answer.
    let ask = || service.clone().oneshot(Request::get(&path).body(Body::empty()).unwrap());
    let mut listening = Vec::new();
    for _ in 0..seat_stream::STREAMS_MAX {
        let taken = ask().await.unwrap();
        assert_eq!(taken.status(), 200);
        listening.push(taken);
    }

    let refused = ask().await.unwrap();
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(refused.headers()["content-type"], "application/problem+json");

    listening.pop();
    assert_eq!(ask().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_answer_that_is_not_streamed_ends_with_the_first_change() {
    let world = World::start().await;
    let performance = world.performance(Fixture::default()).await;
    let client = world.client(seat_stream::FUNCTION, seat_stream::routes());
    let path = format!("/v1/seat-stream/{}", performance.performance_id);
    let first = client.get(&path).send().await;
    let first = first.body.split("\n\n").find_map(parsed).unwrap();
    assert_eq!(first.name, "states");

    let waiting = client.get(&path).header("last-event-id", first.id.to_string());
    let waiting = tokio::spawn(waiting.send());
    tokio::time::sleep(Duration::from_millis(500)).await;
    let buyer = world.buyer().await;
    world.hold(&buyer, &performance, &["A-1-2"]).await;
    let news: Vec<Event> = waiting.await.unwrap().body.split("\n\n").filter_map(parsed).collect();
    assert_eq!(news.len(), 1);
    assert_eq!(news[0].data["changes"], json!([[1, 1]]));
}
