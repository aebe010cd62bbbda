//! The baseline for a hold: `lock-seat`'s server answering the same request with a constant, with everything that every
//! request gets or, given `--bare`, without it. A bare one is also the collector of what is pushed to it.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderName, StatusCode, header},
    routing::{get, post},
};
use shared::{
    config::Config,
    http::{self, Function, serve::listen},
};
use std::{env, net::Ipv4Addr, process::ExitCode};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if env::args().any(|argument| argument == "--bare") {
        return bare().await;
    }
    let routes = http::Router::new().route("/v1/holds", post(constant));
    http::serve(Function { name: "bench-constant", ..lock_seat::FUNCTION }, routes).await
}

/// The same body and headers as a hold's, known in advance.
async fn constant() -> (StatusCode, [(HeaderName, &'static str); 2], &'static str) {
    const LOCATION: &str = "/v1/holds/0199d0aa00007000800000000000000001";
    const BODY: &str = concat!(
        r#"{"hold_id":"019a0000-0000-7000-8000-000000000000.019a0000-0000-7000-8000-000000000001","#,
        r#""performance_id":"019a0000-0000-7000-8000-000000000000","seats":["A-12-7"],"#,
        r#""expires_at":"2030-01-01T00:00:00.000Z","amount":110000,"currency":"KRW"}"#,
    );
    (StatusCode::CREATED, [(header::LOCATION, LOCATION), (header::CONTENT_TYPE, "application/json")], BODY)
}

async fn bare() -> ExitCode {
    let Ok(config) = Config::from_env() else { return ExitCode::FAILURE };
    let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await else {
        return ExitCode::FAILURE;
    };
    let healthy = get(|| async { "ok" });
    let routes = Router::new().route("/v1/holds", post(constant)).route("/healthz", healthy);
    let taken = || post(|_: Bytes| async {});
    let routes = routes.route("/v1/traces", taken()).route("/v1/metrics", taken());
    listen(listener, routes, std::future::pending()).await;
    ExitCode::SUCCESS
}
