//! What a client may do to a connection, byte by byte, and what it is told.
#![cfg(test)]

use axum::routing::{get, post};
use shared::http::{
    Function, Router,
    connection::{HEAD_MAX, Patience, URI_MAX},
    json::Json,
    serve::listen_with,
};
use std::{
    future::pending,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};
use testkit::unreachable;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

const HEAD: Duration = Duration::from_millis(600);
const IDLE: Duration = Duration::from_millis(1_800);

#[tokio::test]
async fn a_malformed_request_is_a_problem_and_ends_the_connection() {
    let server = start().await;
    for (request, status, code) in [
        ("GET /v1/things HTTP/1.1\r\nHost x\r\n\r\n".to_owned(), 400, "malformed_request"),
        ("GET /v1/ things HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), 400, "malformed_request"),
        ("\u{1}\r\n\r\n".to_owned(), 400, "malformed_request"),
        ("GET /v1/things HTTP/3.1\r\nHost: x\r\n\r\n".to_owned(), 400, "malformed_request"),
        (with_headers("Content-Length: 1\r\nContent-Length: 2\r\n"), 400, "malformed_request"),
        (with_headers("Content-Length: -1\r\n"), 400, "malformed_request"),
        (with_headers(&format!("Big: {}\r\n", "x".repeat(HEAD_MAX))), 431, "headers_too_large"),
        (with_headers(&format!("Big: {}\r\n", "x".repeat(400_000))), 431, "headers_too_large"),
        (with_headers(&"X: y\r\n".repeat(101)), 431, "headers_too_large"),
        (get_of(&format!("/v1/things?{}", "x".repeat(URI_MAX))), 414, "uri_too_long"),
    ] {
        let heard = talk(server, &request).await;
        heard.is_refused(status, code);
    }
}

#[tokio::test]
async fn a_refusal_that_could_read_the_callers_ids_keeps_them() {
    let server = start().await;
    let ids =
        "Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX-Request-Id: mine-1\r\n";
    for request in [
        get_of(&format!("/v1/things?{}", "x".repeat(URI_MAX))).replacen("\r\n", &format!("\r\n{ids}"), 1),
        with_headers(&format!("{ids}Host: another\r\n")),
    ] {
        let heard = talk(server, &request).await;
        assert!(heard.body.contains(r#""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736""#), "{heard:?}");
        assert!(heard.head.contains("\r\nx-request-id: mine-1\r\n"), "{heard:?}");
    }
}

#[tokio::test]
async fn the_second_request_of_a_connection_is_refused_like_the_first() {
    let mut client = Client::connect(start().await).await;
    for _ in 0..3 {
        client.say(&get_of("/v1/things")).await;
        assert_eq!(client.hear().await.status, 200);
    }
    client.say("no request\r\n\r\n").await;
    client.hear().await.is_refused(400, "malformed_request");
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn requests_within_the_limits_are_read() {
    let server = start().await;
    for request in [
        with_headers(&format!("Big: {}\r\n", "x".repeat(HEAD_MAX - 1_000))),
        with_headers(&"X: y\r\n".repeat(98)),
        get_of(&format!("/v1/things?{}", "x".repeat(URI_MAX - 20))),
    ] {
        assert_eq!(talk(server, &request).await.status, 200);
    }
}

#[tokio::test]
async fn a_request_names_its_host_exactly_once() {
    let server = start().await;
    for (request, status) in [
        ("GET /v1/things HTTP/1.1\r\n\r\n", 400),
        ("GET /v1/things HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET /v1/things HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET /v1/things HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET /v1/things HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ("GET /v1/things HTTP/1.1\r\nHost: a@b\r\n\r\n", 400),
        ("GET /v1/things HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
        ("GET /v1/things HTTP/1.0\r\n\r\n", 200),
        ("GET /v1/things HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200),
        ("GET /v1/things HTTP/1.1\r\nhost: yemae.example:443\r\n\r\n", 200),
    ] {
        let heard = talk(server, request).await;
        assert_eq!(heard.status, status, "{request}");
        if status == 400 {
            heard.is_refused(400, "malformed_request");
        }
    }
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_the_clients_delay() {
    let server = start().await;
    let part = post_of("Content-Length: 100\r\n", "{\"name\":");
    let heard = talk(server, &part).await;
    heard.is_refused(408, "request_timeout");
    let chunk = post_of("Transfer-Encoding: chunked\r\n", "5\r\n{\"nam\r\n");
    talk(server, &chunk).await.is_refused(408, "request_timeout");
}

#[tokio::test]
async fn a_body_that_ends_too_early_or_is_badly_framed_is_malformed() {
    let server = start().await;
    let mut client = Client::connect(server).await;
    client.say(&post_of("Content-Length: 100\r\n", "{\"name\":")).await;
    client.stream.shutdown().await.unwrap();
    // The client may be gone, too, so an answer is allowed but not required.
    let heard = client.hear_all().await;
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 400 "), "{heard}");
    let malformed = talk(server, &post_of("Transfer-Encoding: chunked\r\n", "zz\r\n")).await;
    assert_eq!((malformed.status, malformed.code()), (400, "malformed_body".to_owned()));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_has_arrived() {
    let body = "x".repeat(400_000);
    let heard = talk(start().await, &post_of(&format!("Content-Length: {}\r\n", body.len()), &body)).await;
    assert_eq!((heard.status, heard.code()), (413, "body_too_large".to_owned()));
}

#[tokio::test]
async fn a_compressed_body_is_an_unsupported_type() {
    let server = start().await;
    for coding in ["gzip", "br", "identity, gzip"] {
        let request = post_of(&format!("Content-Encoding: {coding}\r\nContent-Length: 3\r\n"), "abc");
        let heard = talk(server, &request).await;
        assert_eq!((heard.status, heard.code()), (415, "unsupported_media_type".to_owned()), "{coding}");
        assert!(heard.head.contains("\r\naccept-encoding: identity\r\n"), "{}", heard.head);
    }
    let plain = post_of("Content-Encoding: Identity\r\nContent-Length: 2\r\n", "{}");
    assert_eq!(talk(server, &plain).await.status, 200);
}

#[tokio::test]
async fn the_time_for_a_head_begins_with_its_first_byte() {
    let server = start().await;
    let mut client = Client::connect(server).await;
    for _ in 0..2 {
        sleep(HEAD * 2).await;
        client.say(&get_of("/v1/things")).await;
        assert_eq!(client.hear().await.status, 200);
    }
    let begun = Instant::now();
    client.say("GET /v1/things HTTP/1.1\r\n").await;
    sleep(HEAD / 2).await;
    client.say("Host: ").await;
    client.hear().await.is_refused(408, "request_timeout");
    assert!(client.is_closed().await);
    let took = begun.elapsed();
    assert!(took >= HEAD && took < HEAD * 2, "more bytes bought more time: {took:?}");
}

#[tokio::test]
async fn a_silent_connection_is_closed_in_the_end() {
    let server = start().await;
    for before in [0, 1] {
        let mut client = Client::connect(server).await;
        for _ in 0..before {
            client.say(&get_of("/v1/things")).await;
            assert_eq!(client.hear().await.status, 200);
        }
        let begun = Instant::now();
        assert!(client.is_closed().await);
        let took = begun.elapsed();
        assert!(took >= IDLE && took < IDLE * 2, "{took:?}");
    }
}

#[test]
fn an_idle_connection_outlasts_the_pools_of_proxies_in_front() {
    let patience = Patience::default();
    // nginx's `keepalive_timeout` towards its upstream, and queue-proxy's.
    for front in [60, 90] {
        assert!(patience.idle > Duration::from_secs(front + 10));
    }
    assert!(patience.head <= Duration::from_secs(10));
}

#[tokio::test]
async fn a_slow_answer_may_take_longer_than_a_head_or_silence() {
    let mut client = Client::connect(start().await).await;
    client.say(&get_of("/v1/slow")).await;
    assert_eq!(client.hear().await.status, 200);
    client.say(&get_of("/v1/things")).await;
    assert_eq!(client.hear().await.status, 200);
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_dropped() {
    let server = start().await;
    let mut client = Client::connect(server).await;
    client.say(&get_of("/v1/large")).await;
    sleep(HEAD * 3).await;
    let heard = client.hear_all().await;
    assert!(heard.len() < LARGE, "all {} bytes came", heard.len());
}

const LARGE: usize = 64 * 1024 * 1024;

async fn start() -> SocketAddr {
    let routes = Router::new()
        .route("/v1/things", get(|| async { "things" }))
        .route("/v1/things", post(|_: Json<serde_json::Value>| async { "heard" }))
        .route("/v1/large", get(|| async { "x".repeat(LARGE) }))
        .route(
            "/v1/slow",
            get(|| async {
                sleep(IDLE + HEAD / 2).await;
                "at last"
            }),
        );
    let service = Function::new("sample").deadline_s(3).service(routes, unreachable());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let patience = Patience { head: HEAD, idle: IDLE, stalled: HEAD, linger: HEAD };
    tokio::spawn(listen_with(patience, listener, service, pending()));
    address
}

fn get_of(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
}

fn with_headers(headers: &str) -> String {
    format!("GET /v1/things HTTP/1.1\r\nHost: x\r\n{headers}\r\n")
}

fn post_of(headers: &str, body: &str) -> String {
    format!("POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n{body}")
}

/// The first answer to a request on its own connection.
async fn talk(server: SocketAddr, request: &str) -> Heard {
    let mut client = Client::connect(server).await;
    client.say(request).await;
    client.hear().await
}

struct Client {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Client {
    async fn connect(server: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(server).await.unwrap(), heard: Vec::new() }
    }

    async fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// One answer with a length.
    async fn hear(&mut self) -> Heard {
        loop {
            if let Some((heard, rest)) = Heard::parse(&self.heard) {
                self.heard = rest;
                return heard;
            }
            assert!(self.more().await, "closed after {:?}", String::from_utf8_lossy(&self.heard));
        }
    }

    async fn hear_all(&mut self) -> String {
        while self.more().await {}
        String::from_utf8_lossy(&self.heard).into_owned()
    }

    async fn is_closed(&mut self) -> bool {
        assert!(self.heard.is_empty());
        !self.more().await
    }

    async fn more(&mut self) -> bool {
        let read = self.stream.read_buf(&mut self.heard);
        timeout(Duration::from_secs(10), read).await.expect("in time").is_ok_and(|read| read > 0)
    }
}

#[derive(Debug)]
struct Heard {
    status: u16,
    head: String,
    body: String,
}

impl Heard {
    fn parse(bytes: &[u8]) -> Option<(Self, Vec<u8>)> {
        let text = String::from_utf8_lossy(bytes);
        let (head, rest) = text.split_once("\r\n\r\n")?;
        let head = format!("{head}\r\n").to_lowercase();
        let length = head.split_once("content-length: ").unwrap().1.split_once('\r').unwrap().0;
        let (body, rest) = rest.split_at_checked(length.parse().unwrap())?;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some((Self { status, head, body: body.to_owned() }, rest.as_bytes().to_vec()))
    }

    fn code(&self) -> String {
        assert!(self.head.contains("\r\ncontent-type: application/problem+json\r\n"), "{self:?}");
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["trace_id"].as_str().map(str::len), Some(32));
        assert_ne!(problem["trace_id"], "0".repeat(32));
        problem["code"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn is_refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code.to_owned()));
        for header in ["x-request-id: ", "date: ", "cache-control: no-store", "connection: close"] {
            assert!(self.head.contains(&format!("\r\n{header}")), "{header} of {}", self.head);
        }
    }
}
