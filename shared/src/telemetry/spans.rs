//! Spans: one for each request that is answered, and one for each call to a store or a service. Where no traces are recorded
//! they cost the load of a flag.

use super::{
    context::{self, RequestIds},
    metrics::key,
};
use http::HeaderMap;
use opentelemetry::{
    Context, KeyValue,
    trace::{SpanContext, SpanId, Status, TraceContextExt as _, TraceId},
};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The target of all spans, by which the log and the traces tell what is whose.
pub(super) const TARGET: &str = "yemae_spans";

/// Whether traces are recorded.
static ARE_RECORDED: AtomicBool = AtomicBool::new(false);

/// Records from now on; the layer that does has to be there.
pub(super) fn record() {
    ARE_RECORDED.store(true, Ordering::Relaxed);
}

/// Whether a span that begins now would be recorded. Ask before work that serves spans alone.
#[must_use]
pub fn is_recorded() -> bool {
    ARE_RECORDED.load(Ordering::Relaxed) && context::is_recorded()
}

/// Begins the span of a request, below the caller's. The ids returned are those to run it under: they remember if the trace is
/// not recorded, so that nothing below costs anything.
#[must_use]
pub fn server(
    ids: RequestIds,
    describe: impl FnOnce() -> (String, Vec<KeyValue>),
) -> (RequestIds, ServerSpan) {
    if !ARE_RECORDED.load(Ordering::Relaxed) {
        return (ids, ServerSpan::none());
    }
    let (name, attributes) = describe();
    let span =
        tracing::info_span!(target: TARGET, parent: None, "request", otel.name = name, otel.kind = "server");
    let parent = ids
        .remote_parent()
        .map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent));
    // It fails only without the layer.
    let _ = span.set_parent(parent);
    // Asking for the context begins the span, under the ids that a trace of its own is named after.
    let is_sampled = ids.clone().sync_scope(|| span.context().span().span_context().is_sampled());
    if !is_sampled {
        return (ids.unrecorded(), ServerSpan::none());
    }
    set(&span, attributes);
    (ids, ServerSpan(span))
}

/// The span of a request.
#[derive(Debug)]
pub struct ServerSpan(Span);

impl ServerSpan {
    /// What is not recorded.
    #[must_use]
    pub fn none() -> Self {
        Self(Span::none())
    }

    /// Whether it is not recorded.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The span, for what runs in it.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0.clone()
    }

    /// Ends it now, though work that it began may go on.
    pub fn end(&self, attributes: Vec<KeyValue>, is_failure: bool) {
        if self.0.is_none() {
            return;
        }
        set(&self.0, attributes);
        if is_failure {
            self.0.set_status(Status::error(""));
        }
        self.0.context().span().end();
    }
}

/// Begins the span of a call, below what runs now.
pub(super) fn client(name: &str, attributes: impl FnOnce() -> Vec<KeyValue>) -> Span {
    if !is_recorded() {
        return Span::none();
    }
    let span = tracing::info_span!(target: TARGET, "call", otel.name = name, otel.kind = "client");
    set(&span, attributes());
    span
}

/// Ends the span of a call.
pub(super) fn ended(span: &Span, attributes: Vec<KeyValue>) {
    if span.is_none() {
        return;
    }
    if attributes.iter().any(|attribute| attribute.key.as_str() == key::ERROR) {
        span.set_status(Status::error(""));
    }
    set(span, attributes);
}

/// Notes on the running span that something happened.
pub fn event(name: &'static str, attributes: impl FnOnce() -> Vec<KeyValue>) {
    if is_recorded() {
        Span::current().add_event(name, attributes());
    }
}

/// The headers that carry the trace to a service that is called in this span.
pub(super) fn headers(span: &Span) -> HeaderMap {
    if span.is_none() {
        return context::headers(&SpanContext::NONE);
    }
    context::headers(span.context().span().span_context())
}

fn set(span: &Span, attributes: Vec<KeyValue>) {
    for KeyValue { key, value, .. } in attributes {
        span.set_attribute(key, value);
    }
}

/// Names a trace after the running request, whose answer and log lines have that name.
#[derive(Debug, Default)]
pub(super) struct RequestIdGenerator(RandomIdGenerator);

impl IdGenerator for RequestIdGenerator {
    fn new_trace_id(&self) -> TraceId {
        context::current_trace().unwrap_or_else(|| self.0.new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        self.0.new_span_id()
    }
}
