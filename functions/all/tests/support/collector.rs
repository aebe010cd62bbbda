//! A collector that takes what is pushed over OTLP, and lets a test look at it.
#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(missing_docs, unreachable_pub, reason = "it is a part of each test, not a library")]

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    middleware::{self, Next},
    routing::post,
};
use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::ExportLogsServiceRequest, metrics::v1::ExportMetricsServiceRequest,
        trace::v1::ExportTraceServiceRequest,
    },
    common::v1::{AnyValue, KeyValue, any_value::Value},
    logs::v1::LogRecord,
    trace::v1::Span,
};
use prost::Message as _;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use testkit::serve;
use tokio::time::sleep;

const ARRIVES_WITHIN: Duration = Duration::from_secs(10);

/// A running collector.
pub struct Collector {
    pub address: SocketAddr,
    taken: Arc<Mutex<Taken>>,
}

/// What arrived so far.
#[derive(Default, Clone)]
pub struct Taken {
    /// Each with the name of its service.
    pub spans: Vec<(String, Span)>,
    /// The names of the metrics.
    pub metrics: Vec<String>,
    pub logs: Vec<LogRecord>,
}

impl Collector {
    pub async fn start() -> Self {
        Self::start_taking(Duration::ZERO).await
    }

    /// One that takes so long for each push.
    pub async fn start_taking(long: Duration) -> Self {
        let taken = Arc::new(Mutex::new(Taken::default()));
        let router = Router::new()
            .route("/v1/traces", post(traces))
            .route("/v1/metrics", post(metrics))
            .route("/v1/logs", post(logs))
            .layer(middleware::from_fn(move |request, next: Next| async move {
                sleep(long).await;
                next.run(request).await
            }))
            .layer(DefaultBodyLimit::max(16 * 1024 * 1024))
            .with_state(Arc::clone(&taken));
        Self { address: serve(router).await, taken }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn taken(&self) -> Taken {
        self.taken.lock().unwrap().clone()
    }

    /// Waits for something.
    pub async fn until(&self, what: &str, is_there: impl Fn(&Taken) -> bool) -> Taken {
        let deadline = Instant::now() + ARRIVES_WITHIN;
        loop {
            let taken = self.taken();
            if is_there(&taken) {
                return taken;
            }
            let names: Vec<_> = taken.spans.iter().map(|(_, span)| &span.name).collect();
            assert!(Instant::now() < deadline, "{what} did not arrive, but {names:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Taken {
    /// The only span of this name.
    pub fn span(&self, name: &str) -> &Span {
        let found: Vec<_> =
            self.spans.iter().map(|(_, span)| span).filter(|span| span.name == name).collect();
        let names: Vec<_> = self.spans.iter().map(|(_, span)| &span.name).collect();
        assert_eq!(found.len(), 1, "{name} among {names:?}");
        found[0]
    }

    /// The last span of this name.
    pub fn last_span(&self, name: &str) -> &Span {
        self.spans.iter().map(|(_, span)| span).rfind(|span| span.name == name).unwrap()
    }

    pub fn has_span(&self, name: &str) -> bool {
        self.spans.iter().any(|(_, span)| span.name == name)
    }
}

/// An attribute of a span as text.
pub fn attribute(span: &Span, key: &str) -> Option<String> {
    text(span.attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref())
}

/// The same of a log line.
pub fn line_attribute(line: &LogRecord, key: &str) -> Option<String> {
    text(line.attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref())
}

/// Every text in attributes, events and name.
pub fn texts(span: &Span) -> Vec<String> {
    let in_events = span.events.iter().flat_map(|event| &event.attributes);
    let attributes = span.attributes.iter().chain(in_events);
    attributes.filter_map(|KeyValue { value, .. }| text(value.as_ref())).chain([span.name.clone()]).collect()
}

fn text(value: Option<&AnyValue>) -> Option<String> {
    Some(match value?.value.as_ref()? {
        Value::StringValue(text) => text.clone(),
        other => format!("{other:?}"),
    })
}

async fn traces(State(taken): State<Arc<Mutex<Taken>>>, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body).expect("OTLP");
    for of_resource in request.resource_spans {
        let resource = of_resource.resource.unwrap_or_default();
        let name = resource.attributes.iter().find(|attribute| attribute.key == "service.name");
        let name = name.and_then(|name| text(name.value.as_ref())).unwrap_or_default();
        let spans = of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        taken.lock().unwrap().spans.extend(spans.map(|span| (name.clone(), span)));
    }
}

async fn metrics(State(taken): State<Arc<Mutex<Taken>>>, body: Bytes) {
    let request = ExportMetricsServiceRequest::decode(body).expect("OTLP");
    let scopes = request.resource_metrics.into_iter().flat_map(|resource| resource.scope_metrics);
    let names = scopes.flat_map(|scope| scope.metrics).map(|metric| metric.name);
    taken.lock().unwrap().metrics.extend(names);
}

async fn logs(State(taken): State<Arc<Mutex<Taken>>>, body: Bytes) {
    let request = ExportLogsServiceRequest::decode(body).expect("OTLP");
    let scopes = request.resource_logs.into_iter().flat_map(|resource| resource.scope_logs);
    taken.lock().unwrap().logs.extend(scopes.flat_map(|scope| scope.log_records));
}
