//! `GET /metrics` in Prometheus's text format, on a port of its own: what clients reach never has it.

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use opentelemetry_sdk::{Resource, error::OTelSdkError, metrics::SdkMeterProvider};
use prometheus::{Encoder as _, Registry, TextEncoder};
use std::{
    convert::Infallible,
    io,
    net::{SocketAddr, TcpListener as StdListener},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

/// Several collectors may scrape; further connections wait.
const CONNECTIONS_MAX: usize = 16;
/// How long a head may take, and how long its answer with it: clients that do not read must not keep the collectors away.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
const CONNECTION_WITHIN: Duration = Duration::from_secs(10);

/// Metrics that are read when they are asked for.
pub(super) fn provider(resource: Resource) -> Result<(SdkMeterProvider, Registry), OTelSdkError> {
    let registry = Registry::new();
    let reader =
        opentelemetry_prometheus::exporter().with_registry(registry.clone()).scope_info_enabled(false);
    let provider = SdkMeterProvider::builder().with_resource(resource).with_reader(reader.build()?);
    Ok((provider.build(), registry))
}

/// Serves `/metrics` for as long as the runtime lives. Returns where.
pub(super) fn serve(address: SocketAddr, registry: Registry) -> io::Result<SocketAddr> {
    let listener = StdListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let address = listener.local_addr()?;
    tokio::spawn(accept(listener, registry));
    Ok(address)
}

async fn accept(listener: TcpListener, registry: Registry) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = Arc::clone(&places).acquire_owned().await;
        let Ok((stream, _)) = listener.accept().await else {
            // Most likely out of file descriptors.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let registry = registry.clone();
        tokio::spawn(async move {
            // A scraper that went away or is too slow is not worth a line.
            let _ = timeout(CONNECTION_WITHIN, converse(stream, registry)).await;
            drop(place);
        });
    }
}

async fn converse(stream: TcpStream, registry: Registry) {
    let answer = service_fn(|request| std::future::ready(Ok::<_, Infallible>(answer(&request, &registry))));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .keep_alive(false)
        .clone();
    let _ = connection.serve_connection(TokioIo::new(stream), answer).await;
}

fn answer(request: &Request<Incoming>, registry: &Registry) -> Response<Full<Bytes>> {
    let status = match (request.uri().path(), request.method()) {
        ("/metrics", &Method::GET) => match text(registry) {
            Some(text) => return text,
            None => StatusCode::INTERNAL_SERVER_ERROR,
        },
        ("/metrics", _) => StatusCode::METHOD_NOT_ALLOWED,
        _ => StatusCode::NOT_FOUND,
    };
    let mut refused = Response::new(Full::default());
    *refused.status_mut() = status;
    refused
}

fn text(registry: &Registry) -> Option<Response<Full<Bytes>>> {
    let mut text = Vec::new();
    TextEncoder::new().encode(&registry.gather(), &mut text).ok()?;
    let mut response = Response::new(Full::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(prometheus::TEXT_FORMAT));
    Some(response)
}
