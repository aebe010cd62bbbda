//! The schedule of a sale, against a simulated Kubernetes API and real books.
#![cfg(test)]

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::{get, patch},
};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    process::{Command, Output},
    sync::{Arc, Mutex},
};
use stores::{Engine, Redis};
use tokio::task::spawn_blocking;

const MIN: &str = "autoscaling.knative.dev/min-scale";

/// The annotations of revisions by name.
type Revisions = Arc<Mutex<BTreeMap<String, Map<String, Value>>>>;

#[tokio::test]
async fn hot_functions_are_raised_while_a_sale_opens_and_sink_afterwards() {
    let engine = Engine::start(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let floors = folder.path().join("floors.json");
    std::fs::write(&floors, r#"{ "lock-seat": { "min-scale": "4", "window": "120s" } }"#).unwrap();
    let floors = floors.to_str().unwrap().to_owned();
    let (api, revisions) = play().await;
    let (engine, redis) = (Arc::new(engine), Redis::start(None).await.unwrap());
    let run = async |before: &str, after: &str| {
        let arguments = ["on-sale", "--floors", &floors, "--api", &api, "--before", before, "--after", after];
        yemae(&engine, &redis, &arguments.map(str::to_owned)).await
    };
    assert!(yemae(&engine, &redis, &["tables".to_owned()]).await.status.success());

    // Nothing is on sale yet.
    assert_eq!(run("10m", "20m").await, ok(""));
    let app = engine.endpoint().to_owned();
    seed(&app).await;

    // The demo's sales opened an hour before it was made.
    assert_eq!(run("10m", "20m").await, ok(""));
    let known = || known_to(&redis);
    assert_eq!(known(), 0);
    assert_eq!(run("10m", "90m").await, ok("lock-seat-00002 raised\n"));
    assert!(known() > 0, "Redis knows each sale before the crowd arrives");
    assert_eq!(run("10m", "90m").await, ok(""));
    {
        let revisions = revisions.lock().unwrap();
        assert_eq!(revisions["lock-seat-00002"][MIN], "4");
        assert!(!revisions["lock-seat-00001"].contains_key(MIN), "it receives no traffic");
        assert!(!revisions["signup-00001"].contains_key(MIN), "it has no floor");
    }
    assert_eq!(run("10m", "20m").await, ok("lock-seat-00002 as before\n"));
    assert_eq!(revisions.lock().unwrap()["lock-seat-00002"], *json!({ "kept": "yes" }).as_object().unwrap());
}

/// How many performances a Redis knows.
fn known_to(redis: &Redis) -> usize {
    let address = redis.url().trim_start_matches("redis://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"KEYS y:{*}\r\n").unwrap();
    let mut head = String::new();
    BufReader::new(stream).read_line(&mut head).unwrap();
    head.trim_start_matches('*').trim().parse().unwrap()
}

async fn yemae(engine: &Engine, redis: &Redis, arguments: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yemae"));
    command.args(arguments).env("AWS_ENDPOINT_URL_DYNAMODB", engine.endpoint());
    command.env("YEMAE_REDIS_URL", redis.url());
    spawn_blocking(move || command.output().expect("the command runs")).await.unwrap()
}

fn ok(printed: &str) -> Output {
    let status = std::os::unix::process::ExitStatusExt::from_raw(0);
    Output { status, stdout: printed.as_bytes().to_vec(), stderr: Vec::new() }
}

async fn seed(endpoint: &str) {
    let lookup = |name: &str| (name == "AWS_ENDPOINT_URL_DYNAMODB").then(|| endpoint.to_owned());
    let config = shared::config::Config::from_lookup(&lookup).unwrap();
    demo::seed(&shared::app::App::new(&config).unwrap()).await.unwrap();
}

/// The three calls of the API, with two revisions of one function and one of another.
async fn play() -> (String, Revisions) {
    let calm = || json!({ "kept": "yes" }).as_object().unwrap().clone();
    let names = ["lock-seat-00001", "lock-seat-00002", "signup-00001"];
    let revisions: Revisions = Arc::new(Mutex::new(names.map(|name| (name.to_owned(), calm())).into()));
    let base = "/apis/serving.knative.dev/v1/namespaces/yemae";
    let router = Router::new()
        .route(&format!("{base}/services"), get(services))
        .route(&format!("{base}/revisions"), get(list))
        .route(&format!("{base}/revisions/{{name}}"), patch(annotate))
        .with_state(Arc::clone(&revisions));
    (format!("http://{}", testkit::serve(router).await), revisions)
}

async fn services() -> Json<Value> {
    let service =
        |revision: &str| json!({ "status": { "traffic": [{ "revisionName": revision, "percent": 100 }] } });
    Json(json!({ "items": [service("lock-seat-00002"), service("signup-00001"), {}] }))
}

async fn list(State(revisions): State<Revisions>) -> Json<Value> {
    let revision = |(name, annotations): (&String, &Map<String, Value>)| {
        let service = name.rsplit_once('-').unwrap().0;
        let labels = json!({ "serving.knative.dev/service": service });
        json!({ "metadata": { "name": name, "labels": labels, "annotations": annotations } })
    };
    Json(json!({ "items": revisions.lock().unwrap().iter().map(revision).collect::<Vec<_>>() }))
}

async fn annotate(
    Path(name): Path<String>,
    State(revisions): State<Revisions>,
    headers: HeaderMap,
    patch: String,
) -> StatusCode {
    assert_eq!(headers["content-type"], "application/merge-patch+json");
    let patch: Value = serde_json::from_str(&patch).unwrap();
    let mut revisions = revisions.lock().unwrap();
    let annotations = revisions.get_mut(&name).unwrap();
    for (annotation, value) in patch["metadata"]["annotations"].as_object().unwrap() {
        match value {
            Value::Null => annotations.remove(annotation),
            value => annotations.insert(annotation.clone(), value.clone()),
        };
    }
    StatusCode::OK
}
