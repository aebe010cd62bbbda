//! What every function does alike: problems for everything that nobody answers, ids, limits, deadlines, probes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use axum::routing::{get, post};
use serde_json::{Value, json};
use shared::http::{Function, Router, json::Json};
use std::time::Duration;
use testkit::{Client, World};

const FUNCTION: Function = Function::new("sample").needs_redis().deadline_s(1);

async fn echo(Json(body): Json<Value>) -> axum::Json<Value> {
    axum::Json(body)
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_secs(30)).await;
    "late"
}

async fn broken() -> &'static str {
    panic!("on purpose")
}

fn client(world: &World) -> Client {
    let routes = Router::new()
        .route("/v1/echo", post(echo))
        .route("/v1/slow", get(slow))
        .route("/v1/broken", get(broken));
    world.client(FUNCTION, routes)
}

#[tokio::test]
async fn whatever_nobody_answers_is_a_problem() {
    let world = World::start().await;
    let client = client(&world);
    client.get("/v1/nothing").send().await.problem(404, "not_found");
    let refused = client.get("/v1/echo").send().await;
    refused.problem(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), "POST");
    client.get("/v1/slow").send().await.problem(504, "timeout");
    client.get("/v1/broken").send().await.problem(500, "internal");
}

#[tokio::test]
async fn a_body_has_to_be_json_of_at_most_64_kib() {
    let world = World::start().await;
    let client = client(&world);
    let ask =
        |content_type, body: String| client.post("/v1/echo").header("content-type", content_type).text(body);
    assert_eq!(ask("application/json", "{\"a\":1}".into()).send().await.json(200), json!({ "a": 1 }));
    ask("application/json", "{".into()).send().await.problem(400, "malformed_body");
    ask("application/json", String::new()).send().await.problem(400, "malformed_body");
    ask("text/plain", "{}".into()).send().await.problem(415, "unsupported_media_type");
    client.post("/v1/echo").text("{}").send().await.problem(415, "unsupported_media_type");
    ask("application/json", format!("\"{}\"", "x".repeat(64 * 1024 - 2))).send().await.json(200);
    ask("application/json", format!("\"{}\"", "x".repeat(64 * 1024 - 1)))
        .send()
        .await
        .problem(413, "body_too_large");
}

#[tokio::test]
async fn ids_tie_answers_and_callers_together() {
    let world = World::start().await;
    let client = client(&world);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let answer = client
        .get("/v1/nothing")
        .header("x-request-id", "abc-123")
        .header("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01"))
        .send()
        .await;
    assert_eq!(answer.header("x-request-id"), "abc-123");
    assert_eq!(answer.problem(404, "not_found")["trace_id"], trace);
    assert!(!client.get("/v1/nothing").send().await.header("x-request-id").is_empty());
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_address_that_changes_too_much_is_slowed_down_and_may_read_on() {
    let settings = [("YEMAE_ADDRESS_RATE_PER_MIN", "2"), ("YEMAE_TRUSTED_HOPS", "1")];
    let world = World::with(&settings).await;
    let client = client(&world);
    let ask =
        |address: &str| client.post("/v1/echo").header("x-forwarded-for", address).json(&json!({})).send();
    for _ in 0..2 {
        ask("6.6.6.6, 10.0.0.1").await.json(200);
    }
    let limited = ask("10.0.0.1").await;
    limited.problem(429, "rate_limited");
    assert_eq!(limited.header("ratelimit-policy"), "\"default\";q=2;w=60");
    assert!(limited.header("ratelimit").starts_with("\"default\";r=0;t="));
    ask("10.0.0.2").await.json(200);
    client.get("/v1/nothing").header("x-forwarded-for", "10.0.0.1").send().await.problem(404, "not_found");
}

#[tokio::test]
async fn a_limit_that_cannot_be_counted_stops_nobody() {
    let settings = [("YEMAE_ADDRESS_RATE_PER_MIN", "1"), ("YEMAE_REDIS_URL", "redis://127.0.0.1:1")];
    let world = World::with(&settings).await;
    let client = client(&world);
    for _ in 0..2 {
        client.post("/v1/echo").json(&json!({})).send().await.json(200);
    }
}

#[tokio::test]
async fn probes_tell_alive_from_ready() {
    let world = World::start().await;
    let client = client(&world);
    assert_eq!(client.get("/healthz").send().await.body, "ok");
    assert_eq!(client.get("/readyz").send().await.body, "ready");
    let away = World::with(&[("YEMAE_REDIS_URL", "redis://127.0.0.1:1")]).await;
    let client = self::client(&away);
    assert_eq!(client.get("/healthz").send().await.body, "ok");
    client.get("/readyz").send().await.problem(503, "store_unavailable");
}
