//! Runs a function: under the AWS Lambda runtime if there is one, else as an HTTP server on `$PORT` until SIGTERM.

use super::{
    background::Running,
    connection::{Patience, connection},
    events,
    function::Function,
    process::{Process, Streaming},
    router::Router,
};
use crate::{
    app::App,
    config::{Config, ConfigError},
    error::chain,
    telemetry::{self, Telemetry, log::LogLines, start},
};
use axum::Router as AxumRouter;
use hyper_util::server::graceful::GracefulShutdown;
use lambda_http::{
    Adapter,
    lambda_runtime::{LambdaInvocation, Runtime, layers::TracingLayer},
};
use std::{
    env,
    net::{Ipv4Addr, SocketAddr},
    process::ExitCode,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::{Semaphore, watch},
    time::{Instant, timeout},
};
use tower::{ServiceExt, layer::layer_fn};

/// How long requests in flight may take to finish after SIGTERM. The platform kills the process after 10 s or more.
const DRAIN: Duration = Duration::from_secs(9);
/// How long all may take, what is pending for the collector included.
const END: Duration = Duration::from_millis(9_800);
/// How long the collector may take under Lambda, between an answer and the next request.
const FLUSH_BETWEEN: Duration = Duration::from_millis(200);
/// The most connections of one process; further ones wait to be accepted. This is more than `seat-stream` has streams, and
/// few enough for a container's memory (docs/PERFORMANCE.md).
pub const CONNECTIONS_MAX: usize = 2_500;

/// Runs a function until it is told to stop. A wrong setting ends it at once, with one line that names the setting.
pub async fn serve(function: Function, routes: Router) -> ExitCode {
    ended(function, run(function, |config| Ok(function.service(routes, App::new(config)?))).await)
}

/// The same for a function without a store.
pub async fn serve_without_stores(function: Function, routes: Router<()>) -> ExitCode {
    ended(function, run(function, |_| Ok(function.service_without_stores(routes))).await)
}

fn ended(function: Function, end: Result<(), ServeError>) -> ExitCode {
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{}: {}", function.name, chain(&*why));
            ExitCode::FAILURE
        }
    }
}

type ServeError = Box<dyn std::error::Error + Send + Sync>;

async fn run(
    function: Function,
    service: impl FnOnce(&Config) -> Result<AxumRouter, ConfigError>,
) -> Result<(), ServeError> {
    start::begun();
    // First of all: until then SIGHUP ends the process.
    let hang_ups = signal(SignalKind::hangup())?;
    let config = Config::from_env()?;
    check_keys(function, &config)?;
    let telemetry = telemetry::start(function.name, LogLines::Json, &config)?;
    tokio::spawn(toggle_debug(hang_ups));
    let service = service(&config)?;
    if env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        start::ready();
        return run_in_lambda(service, telemetry).await;
    }
    let address = SocketAddr::from((Ipv4Addr::UNSPECIFIED, config.port));
    let listener =
        TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tracing::info!(event = "process.listening", function = function.name, port = config.port, "listening");
    let told_to_stop = OnceLock::new();
    listen(listener, service, async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        let _ = told_to_stop.set(Instant::now());
    })
    .await;
    let draining = told_to_stop.get().map(Instant::elapsed).unwrap_or_default();
    telemetry.flush(END.saturating_sub(draining)).await;
    Ok(())
}

/// Each SIGHUP turns Yemae's own debug lines on, or off again.
async fn toggle_debug(mut hang_ups: Signal) {
    while hang_ups.recv().await.is_some() {
        let is_debug = telemetry::toggle_debug();
        tracing::warn!(event = "log.changed", is_debug, "the log's level was changed");
    }
}

/// Under Lambda nothing runs between two requests. So what is pending goes when the answer was sent, before the next request is
/// asked for: the client does not wait for it.
async fn run_in_lambda(service: AxumRouter, telemetry: Telemetry) -> Result<(), ServeError> {
    let service = Adapter::from(service).map_request(events::readable);
    let runtime = Runtime::new(service).layer(TracingLayer::new());
    if telemetry.is_off() {
        return runtime.run().await;
    }
    let flushing = layer_fn(|invocation| {
        let telemetry = telemetry.clone();
        ServiceExt::<LambdaInvocation>::then(invocation, move |answered| async move {
            telemetry.flush_between(FLUSH_BETWEEN).await;
            answered
        })
    });
    runtime.layer(flushing).run().await
}

fn check_keys(function: Function, config: &Config) -> Result<(), ConfigError> {
    if function.signs && config.jwt_private_key.is_none() {
        return Err(ConfigError::new("YEMAE_JWT_PRIVATE_KEY", "is missing: this function signs tokens"));
    }
    if function.verifies && config.jwt_public_keys.is_none() {
        return Err(ConfigError::new("YEMAE_JWT_PUBLIC_KEYS", "is missing: this function verifies tokens"));
    }
    Ok(())
}

/// Accepts connections until `stop`, then lets requests in flight finish, including work whose client has hung up.
pub async fn listen(listener: TcpListener, service: AxumRouter, stop: impl Future<Output = ()>) {
    listen_with(Patience::default(), listener, service, stop).await;
}

/// The same with other time limits.
pub async fn listen_with(
    patience: Patience,
    listener: TcpListener,
    service: AxumRouter,
    stop: impl Future<Output = ()>,
) {
    let (over, streaming) = watch::channel(false);
    let (running, mut at_rest) = Running::new();
    let process = Process { streaming: Streaming::new(streaming), running };
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stop = std::pin::pin!(stop);
    start::ready();
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accepted => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most likely out of file descriptors: let some connections end first.
                tracing::warn!(
                    event = "connection.not_accepted",
                    error = chain(&error),
                    "a connection was not accepted"
                );
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let connection = graceful.watch(connection(stream, peer, patience, process.clone(), service.clone()));
        tokio::spawn(async move {
            let _ = connection.await; // A client that went away is not worth a log line.
            drop(place);
        });
    }
    drop((listener, process));
    let _ = over.send(true);
    let ended = async {
        graceful.shutdown().await;
        at_rest.wait().await;
    };
    if timeout(DRAIN, ended).await.is_err() {
        tracing::warn!(
            event = "process.drained_late",
            "requests were still running when the time to drain was over"
        );
    }
}
