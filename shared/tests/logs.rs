//! What a process logs of a failure: one line, with its causes and the ids of the request; and what a filter lets through.
#![cfg(test)]

use axum::{http::Method, routing::get};
use shared::{
    http::{Background, Code, Function, Problem, Router},
    ports::StoreError,
    telemetry::{self, LogFilter},
};
use std::{
    io::{self, Write},
    panic,
    sync::{Arc, Mutex},
    time::Duration,
};
use testkit::{Client, Value, unreachable};
use tracing::{Level, subscriber::DefaultGuard};
use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _};

const FUNCTION: Function = Function::new("sample").deadline_s(1);
const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

async fn broken() -> axum::Json<u8> {
    panic!("the spring is broken")
}

async fn slow() -> axum::Json<u8> {
    tokio::time::sleep(Duration::from_secs(5)).await;
    axum::Json(0)
}

async fn lasting(background: Background) -> axum::Json<u8> {
    let _ = background.spawn(tokio::time::sleep(Duration::from_secs(5))).await;
    axum::Json(0)
}

async fn storeless() -> Result<axum::Json<u8>, Problem> {
    Err(StoreError::unavailable("redis", io::Error::other("the line is cut")).into())
}

async fn busy() -> Result<axum::Json<u8>, Problem> {
    Err(Code::Busy.into())
}

fn sample() -> Client {
    let routes = Router::new()
        .route("/v1/broken", get(broken))
        .route("/v1/slow", get(slow))
        .route("/v1/lasting", get(lasting))
        .route("/v1/storeless", get(storeless))
        .route("/v1/busy", get(busy));
    Client::new(FUNCTION, routes, unreachable())
}

#[tokio::test]
async fn a_panic_is_one_line_with_its_place_and_the_ids_of_its_request() {
    let before = panic::take_hook();
    telemetry::log_panics();
    let lines = lines_of("warn", "/v1/broken", 500).await;
    panic::set_hook(before);
    let [panicked, answered] = &*lines else { panic!("{lines:?}") };
    assert_eq!((&panicked["event"], &panicked["level"]), (&"process.panicked".into(), &"ERROR".into()));
    assert_eq!(panicked["error"], "the spring is broken");
    let place = panicked["place"].as_str().unwrap();
    assert!(place.starts_with("shared/tests/logs.rs:"), "{place}");
    assert_eq!((&answered["event"], &answered["code"]), (&"request.answered".into(), &"internal".into()));
}

#[tokio::test]
async fn a_failed_store_is_one_line_with_the_chain_of_causes() {
    let lines = lines_of("warn", "/v1/storeless", 503).await;
    let [failed, answered] = &*lines else { panic!("{lines:?}") };
    assert_eq!((&failed["event"], &failed["level"]), (&"store.failed".into(), &"ERROR".into()));
    assert_eq!(failed["error"], "redis is unavailable: the line is cut");
    assert_eq!(answered["code"], "store_unavailable");
}

#[tokio::test]
async fn a_failure_without_a_cause_is_in_the_line_of_its_request() {
    for (path, status, code) in [("/v1/slow", 504, "timeout"), ("/v1/busy", 503, "busy")] {
        let lines = lines_of("warn", path, status).await;
        let [answered] = &*lines else { panic!("{lines:?}") };
        assert_eq!((&answered["event"], &answered["level"]), (&"request.answered".into(), &"WARN".into()));
        assert_eq!((&answered["code"], &answered["status"]), (&code.into(), &status.into()));
    }
}

#[tokio::test]
async fn a_refusal_is_nothing_but_the_line_of_its_request() {
    assert_eq!(lines_of("warn", "/v1/a@b.test", 404).await, [Value::Null; 0]);
    let lines = lines_of("info", "/v1/a@b.test", 404).await;
    let [answered] = &*lines else { panic!("{lines:?}") };
    assert_eq!((&answered["level"], &answered["path"]), (&"INFO".into(), &"/v1/…".into()));
}

#[tokio::test]
async fn a_request_that_its_client_gives_up_is_one_line_that_says_whether_work_goes_on() {
    for (path, goes_on) in [("/v1/slow", false), ("/v1/lasting", true)] {
        let log = Log::default();
        let logging = log.follow("info");
        let request = sample().request(Method::GET, path).header("traceparent", TRACEPARENT);
        assert!(tokio::time::timeout(Duration::from_millis(100), request.send()).await.is_err());
        drop(logging);
        let lines = log.lines();
        let [given_up] = &*lines else { panic!("{lines:?}") };
        assert_eq!((&given_up["event"], &given_up["level"]), (&"request.given_up".into(), &"INFO".into()));
        assert_eq!((&given_up["function"], &given_up["path"]), (&"sample".into(), &path.into()));
        assert_eq!((&given_up["method"], &given_up["goes_on"]), (&"GET".into(), &goes_on.into()));
        assert!(given_up["ms"].as_f64().is_some_and(|ms| ms >= 90.0), "{given_up}");
        assert_eq!(given_up["span"]["trace_id"], TRACE_ID, "{given_up}");
        assert!(given_up.get("status").is_none(), "{given_up}");
    }
}

/// What the request leaves in the log, each line with the ids of the answer.
async fn lines_of(filter: &str, path: &str, status: u16) -> Vec<Value> {
    let log = Log::default();
    let _logging = log.follow(filter);
    let request = sample().request(Method::GET, path).header("traceparent", TRACEPARENT);
    let answer = request.send().await;
    assert_eq!(answer.status, status);
    assert_eq!(answer.json()["trace_id"], TRACE_ID);
    let lines = log.lines();
    for line in &lines {
        assert_eq!(line["span"]["trace_id"], TRACE_ID, "{line}");
        assert_eq!(line["span"]["request_id"], answer.header("x-request-id"), "{line}");
    }
    lines
}

#[test]
fn a_level_is_that_of_our_own_lines_and_libraries_only_warn() {
    for (filter, said) in [
        ("info", &["own INFO", "library WARN"][..]),
        ("debug", &["own DEBUG", "own INFO", "library WARN"]),
        ("trace", &["own TRACE", "own DEBUG", "own INFO", "library WARN"]),
        ("warn", &["library WARN"]),
        ("error", &[]),
        ("off", &[]),
        ("info,library=debug", &["own INFO", "library DEBUG", "library INFO", "library WARN"]),
        ("info,library=off", &["own INFO"]),
        ("warn,own=debug", &["own DEBUG", "own INFO", "library WARN"]),
        ("own=info", &["own INFO"]),
    ] {
        let log = Log::default();
        let logging = log.follow(filter);
        tracing::trace!(target: "own::part", event = "a.b", "own TRACE");
        tracing::debug!(target: "own::part", event = "a.b", "own DEBUG");
        tracing::info!(target: "own::part", event = "a.b", "own INFO");
        tracing::debug!(target: "library::part", "library DEBUG");
        tracing::info!(target: "library::part", "library INFO");
        tracing::warn!(target: "library::part", "library WARN");
        drop(logging);
        let lines = log.lines();
        let lines: Vec<_> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
        assert_eq!(lines, said, "{filter}");
    }
}

#[test]
fn the_span_with_the_ids_is_shown_at_any_level_and_no_other() {
    let log = Log::default();
    let logging = log.follow("warn");
    tracing::info_span!("request", trace_id = TRACE_ID).in_scope(|| {
        tracing::span!(Level::ERROR, "of a library", token = "secret").in_scope(|| {
            tracing::warn!(event = "a.b", "inside both");
        });
    });
    drop(logging);
    let lines = log.lines();
    assert_eq!(lines[0]["span"]["trace_id"], TRACE_ID, "{lines:?}");
    assert!(!log.text().contains("secret"));
}

/// A log that is kept.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// What this thread logs goes here until the answer is dropped.
    fn follow(&self, filter: &str) -> DefaultGuard {
        let filter: LogFilter = filter.parse().unwrap();
        let lines = telemetry::lines(filter, self.clone());
        tracing::subscriber::set_default(tracing_subscriber::registry().with(lines))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| line.parse().expect("JSON")).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
