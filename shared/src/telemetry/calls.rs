//! Calls to stores and services: each is a span of its own and a measurement, made in the one place where an adapter calls.

use super::{
    metrics::{CALLS, STORE_CALLS, attribute, is_collected, key},
    ms, spans,
};
use opentelemetry::KeyValue;
use reqwest::{RequestBuilder, Response, StatusCode, Url};
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

/// The code that a store answered with instead of a result.
const ANSWERED_WITH: &str = "db.response.status_code";

/// How a call to a store ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome<'a> {
    /// The store's own code, where it gave one. It may be an answer like any other.
    pub code: Option<&'a str>,
    /// What failed, if the call did.
    pub failure: Option<&'a str>,
}

/// A call to a store that is under way.
#[must_use]
pub struct StoreCall {
    store: &'static str,
    operation: &'static str,
    begun: Option<Instant>,
    span: Span,
}

impl StoreCall {
    /// Begins a call. `details` are for the span alone.
    pub fn begin(
        store: &'static str,
        operation: &'static str,
        details: impl FnOnce() -> Vec<KeyValue>,
    ) -> Self {
        let span = spans::client(operation, || {
            let mut attributes = details();
            attributes.push(attribute(key::STORE, store));
            attributes.push(attribute(key::OPERATION, operation));
            attributes
        });
        let begun =
            (is_collected() || tracing::event_enabled!(tracing::Level::DEBUG, event)).then(Instant::now);
        Self { store, operation, begun, span }
    }

    /// The span, for what runs in it.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Ends it.
    pub fn end(self, Outcome { code, failure }: Outcome<'_>) {
        if !self.span.is_none() {
            let code = code.map(|code| attribute(ANSWERED_WITH, code.to_owned()));
            let failure = failure.map(|failure| attribute(key::ERROR, failure.to_owned()));
            spans::ended(&self.span, code.into_iter().chain(failure).collect());
        }
        let Some(begun) = self.begun else { return };
        let took = begun.elapsed();
        let (store, operation) = (self.store, self.operation);
        tracing::debug!(event = "store.called", store, operation, code, failure, ms = ms(took), "called");
        if is_collected() {
            let mut attributes = vec![attribute(key::STORE, store), attribute(key::OPERATION, operation)];
            attributes.extend(failure.map(|failure| attribute(key::ERROR, failure.to_owned())));
            STORE_CALLS.record(took, &attributes);
        }
    }
}

/// A request to a service that is under way.
#[must_use]
pub struct ServiceCall {
    server: String,
    method: &'static str,
    begun: Instant,
    span: Span,
}

impl ServiceCall {
    /// Begins a request. `template` is its path without what it names.
    pub fn begin(base: &str, method: &'static str, template: &'static str) -> Self {
        let server = host_of(base);
        let span = spans::client(&format!("{method} {template}"), || {
            // Not `url.full`: the address in a setting may contain a secret.
            let mut attributes = vec![
                attribute(key::METHOD, method),
                attribute("url.template", template),
                attribute(key::SERVER, server.to_owned()),
            ];
            attributes.extend(port_of(base).map(|port| attribute("server.port", i64::from(port))));
            attributes
        });
        Self { server: server.to_owned(), method, begun: Instant::now(), span }
    }

    /// Sends it, with the trace that it belongs to, and waits for the head of the answer.
    pub async fn send(self, request: RequestBuilder) -> reqwest::Result<Response> {
        let request = request.headers(spans::headers(&self.span));
        let answer = request.send().instrument(self.span.clone()).await;
        self.end(answer.as_ref().map(Response::status));
        answer
    }

    fn end(self, answer: Result<StatusCode, &reqwest::Error>) {
        let status = answer.as_ref().ok().map(|status| attribute(key::STATUS, i64::from(status.as_u16())));
        let failure = match answer {
            Ok(status) if status.as_u16() < 400 => None,
            Ok(status) => Some(status.as_str().to_owned()),
            Err(error) if error.is_timeout() => Some("timeout".to_owned()),
            Err(error) if error.is_connect() => Some("connection".to_owned()),
            Err(_) => Some("other".to_owned()),
        };
        let failure = failure.map(|failure| attribute(key::ERROR, failure));
        let ended: Vec<_> = status.into_iter().chain(failure).collect();
        if is_collected() {
            let mut attributes = ended.clone();
            attributes.extend([attribute(key::SERVER, self.server), attribute(key::METHOD, self.method)]);
            CALLS.record(self.begun.elapsed(), &attributes);
        }
        spans::ended(&self.span, ended);
    }
}

/// The host of an address, without the user and password that it may begin with.
fn host_of(base: &str) -> &str {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn port_of(base: &str) -> Option<u16> {
    Url::parse(base).ok()?.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_without_what_stands_around_it() {
        for (base, host, port) in [
            ("http://127.0.0.1:8081", "127.0.0.1", 8081),
            ("https://user:secret@pay.example/v2", "pay.example", 443),
            ("http://[::1]:80", "::1", 80),
            ("http://relay.yemae.svc.cluster.local", "relay.yemae.svc.cluster.local", 80),
        ] {
            assert_eq!((host_of(base), port_of(base)), (host, Some(port)));
        }
    }
}
