//! Each path reaches its function, here or in another process, and nothing is lost on the way.
#![cfg(test)]

use axum::{
    Json, Router,
    extract::Request,
    http::{StatusCode, request::Parts},
    response::IntoResponse,
};
use gateway::Gateway;
use http_body_util::BodyExt;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use shared::http::address::Peer;
use std::net::{Ipv4Addr, SocketAddr};
use testkit::serve;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

#[tokio::test]
async fn the_path_alone_picks_the_function() {
    let named = |name: &'static str| Router::new().fallback(move || async move { name });
    let gateway = empty().with_service("list-shows", named("list")).with_service("show-detail", named("one"));
    let front = serve(gateway.into_router()).await;
    assert_eq!(get(front, "/v1/shows?limit=3").await.text().await.unwrap(), "list");
    assert_eq!(get(front, "/v1/shows/7").await.text().await.unwrap(), "one");
    let posted = client().post(format!("http://{front}/v1/shows")).send().await.unwrap();
    assert_eq!(posted.text().await.unwrap(), "list");
}

#[tokio::test]
async fn a_path_of_no_function_is_a_problem() {
    let front = serve(empty().into_router()).await;
    for path in ["/", "/docs", "/v1/meadow", "/v1/shows"] {
        problem(get(front, path).await, 404, "not_found").await;
    }
    let posted = client().post(format!("http://{front}/healthz")).send().await.unwrap();
    problem(posted, 405, "method_not_allowed").await;
}

#[tokio::test]
async fn the_gateway_itself_reports_that_it_is_alive() {
    let front = serve(empty().into_router()).await;
    assert_eq!(get(front, "/healthz").await.text().await.unwrap(), "ok");
}

#[tokio::test]
async fn a_function_in_this_process_knows_its_caller() {
    let peer = |request: Request| async move { request.extensions().get::<Peer>().unwrap().0.to_string() };
    let front = serve(empty().with_service("list-shows", Router::new().fallback(peer)).into_router()).await;
    assert_eq!(get(front, "/v1/shows").await.text().await.unwrap(), "127.0.0.1");
}

#[tokio::test]
async fn another_process_gets_the_whole_request_and_its_answer_comes_back() {
    let function = serve(Router::new().fallback(echo)).await;
    let front = serve(empty().with_process("lock-seat", function).into_router()).await;
    let request = client()
        .put(format!("http://{front}/v1/holds/7?a=%2F&b"))
        .header("x-forwarded-for", "6.6.6.6")
        .header("authorization", "Bearer t")
        .header("connection", "x-private, keep-alive")
        .header("x-private", "for the neighbour")
        .header("te", "trailers");
    let answer = request.body("seat".repeat(50_000)).send().await.unwrap();

    assert_eq!(answer.status(), StatusCode::IM_A_TEAPOT);
    assert_eq!(answer.headers()["x-answer"], "kept");
    assert!(!answer.headers().contains_key("keep-alive"));
    let heard: Value = answer.json().await.unwrap();
    assert_eq!(heard["method"], "PUT");
    assert_eq!(heard["uri"], "/v1/holds/7?a=%2F&b");
    assert_eq!(heard["length"], 200_000);
    assert_eq!(heard["headers"]["authorization"], json!(["Bearer t"]));
    assert_eq!(heard["headers"]["x-forwarded-for"], json!(["6.6.6.6", "127.0.0.1"]));
    for dropped in ["connection", "x-private", "te"] {
        assert_eq!(heard["headers"][dropped], Value::Null, "{dropped}");
    }
}

#[tokio::test]
async fn an_unreachable_process_is_a_problem_worth_retrying() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
    let front = serve(empty().with_process("list-shows", closed).into_router()).await;
    let answer = get(front, "/v1/shows").await;
    assert_eq!(answer.headers()["retry-after"], "1");
    problem(answer, 503, "function_unavailable").await;
}

#[tokio::test]
async fn a_malformed_body_is_the_clients_fault() {
    let function = serve(Router::new().fallback(echo)).await;
    let front = serve(empty().with_process("lock-seat", function).into_router()).await;
    let mut client = TcpStream::connect(front).await.unwrap();
    let head = "POST /v1/holds HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    client.write_all(format!("{head}3\r\nabc\r\nno number\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("\"code\":\"malformed_body\""), "{answer}");
}

/// Returns what it was asked.
async fn echo(request: Request) -> impl IntoResponse {
    let (Parts { method, uri, headers, .. }, body) = request.into_parts();
    let length = body.collect().await.unwrap().to_bytes().len();
    let values = |name| headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect();
    let headers: serde_json::Map<_, _> = headers
        .keys()
        .map(|name| (name.to_string(), Value::from(Vec::<&str>::from_iter::<Vec<_>>(values(name)))))
        .collect();
    let heard = json!({
        "method": method.as_str(), "uri": uri.to_string(), "length": length, "headers": headers,
    });
    (StatusCode::IM_A_TEAPOT, [("x-answer", "kept"), ("keep-alive", "timeout=5")], Json(heard))
}

fn empty() -> Gateway {
    Gateway::default()
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

async fn get(front: SocketAddr, path: &str) -> Response {
    client().get(format!("http://{front}{path}")).send().await.unwrap()
}

async fn problem(answer: Response, status: u16, code: &str) {
    assert_eq!(answer.status().as_u16(), status);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], code);
}
