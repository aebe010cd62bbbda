//! The same binary under the AWS Lambda runtime: the test plays the runtime API and drives a function through it.
#![cfg(test)]

#[path = "support/collector.rs"]
mod collector;
mod support;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use collector::Collector;
use serde_json::{Value, json};
use shared::{adapters::dynamodb::DynamoStore, config::Config};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use stores::Engine;
use support::Process;
use testkit::serve;
use tokio::{
    sync::{Mutex, mpsc},
    time::timeout,
};

#[tokio::test]
async fn a_function_answers_what_the_runtime_api_hands_it() {
    let engine = Engine::start(None).unwrap();
    let settings = |name: &str| (name == "AWS_ENDPOINT_URL_DYNAMODB").then(|| engine.endpoint().to_owned());
    let config = Config::from_lookup(&settings).unwrap();
    DynamoStore::new(config.dynamodb).create_tables().await.unwrap();
    let account = json!({ "email": "kim@example.org", "password": "correct horse", "name": "김예매" });
    let runtime = Runtime::play(vec![
        event("POST", "/v1/users", Some(&account)),
        event("POST", "/v1/users", Some(&account)),
        event("GET", "/v1/users", None),
        asking(event("GET", "/v1/users", None), "q=\"<은하수>"),
    ]);
    let (address, mut answers) = runtime.await;
    let _function = Process::start_on_lambda(
        "signup",
        &address,
        &[("AWS_ENDPOINT_URL_DYNAMODB", engine.endpoint()), ("YEMAE_ADDRESS_RATE_PER_MIN", "0")],
    );
    for (id, status, field, value) in [
        ("0", 201, "role", "buyer"),
        ("1", 409, "code", "email_taken"),
        ("2", 405, "code", "method_not_allowed"),
        ("3", 405, "code", "method_not_allowed"),
    ] {
        let (answered, answer, _) =
            timeout(Duration::from_secs(20), answers.recv()).await.expect("in time").unwrap();
        assert_eq!(answered, id);
        assert_eq!(answer["statusCode"], status, "{answer}");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(body[field], value);
    }
}

#[tokio::test]
async fn what_a_request_tells_has_left_before_the_next_and_its_client_does_not_wait_for_it() {
    let collector = Collector::start_taking(COLLECTOR_TAKES).await;
    let silence = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs = format!("http://{}", silence.local_addr().unwrap());
    let events = || (0..6).map(|_| event("GET", "/v1/users", None)).collect();
    for (endpoint, arrives) in [(collector.url(), true), (hangs, false)] {
        let (address, mut answers) = Runtime::play(events()).await;
        let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint), ("OTEL_TRACES_SAMPLER", "always_on")];
        let begun = Instant::now();
        let _function = Process::start_on_lambda("signup", &address, &settings);
        for count in 1..=6 {
            let (_, answer, took) =
                timeout(Duration::from_secs(20), answers.recv()).await.expect("in time").unwrap();
            assert_eq!(answer["statusCode"], 405);
            let spans = collector.taken().spans.len();
            assert!(!arrives || spans + 1 >= count, "{spans} of {count}");
            assert!(count == 1 || took < COLLECTOR_TAKES, "{took:?}");
        }
        if arrives {
            collector.until("the last one", |taken| taken.spans.len() == 6).await;
        }
        // For a collector that hangs the second request waits, and the next ones do not.
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    }
}

/// Less than a flush may take.
const COLLECTOR_TAKES: Duration = Duration::from_millis(150);

/// What API Gateway makes of a request (payload format 2.0).
fn event(method: &str, path: &str, body: Option<&Value>) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": { "content-type": "application/json", "host": "yemae.example" },
        "requestContext": {
            "accountId": "1", "apiId": "api", "domainName": "yemae.example", "domainPrefix": "yemae",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test",
            },
            "requestId": "r", "routeKey": "$default", "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1_767_225_600_000_u64,
        },
        "body": body.map(ToString::to_string), "isBase64Encoded": false,
    })
}

/// The event with a query exactly as its client wrote it.
fn asking(mut event: Value, query: &str) -> Value {
    event["rawQueryString"] = query.into();
    event
}

/// The runtime API as a function sees it: it gets events from `next` and posts answers to `response`. What is heard of an answer is how long it took.
struct Runtime {
    events: Mutex<(usize, std::vec::IntoIter<Value>)>,
    handed_at: Mutex<Instant>,
    answers: mpsc::UnboundedSender<(String, Value, Duration)>,
}

impl Runtime {
    async fn play(events: Vec<Value>) -> (String, mpsc::UnboundedReceiver<(String, Value, Duration)>) {
        let (answers, answered) = mpsc::unbounded_channel();
        let handed_at = Mutex::new(Instant::now());
        let runtime = Arc::new(Self { events: Mutex::new((0, events.into_iter())), handed_at, answers });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .with_state(runtime);
        (serve(router).await.to_string(), answered)
    }
}

async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    let mut events = runtime.events.lock().await;
    let Some(event) = events.1.next() else {
        drop(events);
        return std::future::pending().await;
    };
    let id = events.0.to_string();
    events.0 += 1;
    let mut headers = HeaderMap::new();
    headers.insert("lambda-runtime-aws-request-id", id.parse().unwrap());
    headers.insert("lambda-runtime-deadline-ms", "4102444800000".parse().unwrap());
    let arn = "arn:aws:lambda:ap-northeast-2:1:function:signup";
    headers.insert("lambda-runtime-invoked-function-arn", arn.parse().unwrap());
    *runtime.handed_at.lock().await = Instant::now();
    (headers, Json(event)).into_response()
}

async fn answer(State(runtime): State<Arc<Runtime>>, Path(id): Path<String>, answer: Bytes) -> StatusCode {
    let answer = serde_json::from_slice(&answer).unwrap();
    let took = runtime.handed_at.lock().await.elapsed();
    runtime.answers.send((id, answer, took)).unwrap();
    StatusCode::ACCEPTED
}
