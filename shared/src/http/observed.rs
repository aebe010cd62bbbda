//! What is told of each request: its line in the log, its span and its measurements.

use super::{logged, problem::Code};
use crate::telemetry::{
    context::RequestIds,
    metrics::{IN_FLIGHT, Occupancy, REQUESTS, attribute, is_collected, key},
    ms,
    spans::{self, ServerSpan},
    start,
};
use axum::{
    extract::{MatchedPath, Request},
    response::Response,
};
use domain::PerformanceId;
use opentelemetry::KeyValue;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use tracing::Span;

const PERFORMANCE_PARAMETER: &str = "{performance_id}";
/// What failed where the client hung up before its answer.
const CLIENT_GONE: &str = "client_gone";
/// What platforms ask again and again, whether buyers come or not: no requests, no traces, and no reason to call a process
/// started.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Work that a request began and that goes on without it. A clone exists for as long as some does.
#[derive(Debug, Clone, Default)]
pub(super) struct GoesOn(Arc<()>);

/// A request that is being answered. Dropped before its end, it was given up: its client hung up.
pub(super) struct Observed {
    function: &'static str,
    method: &'static str,
    path: String,
    route: Option<MatchedPath>,
    begun: Instant,
    span: ServerSpan,
    goes_on: GoesOn,
    is_answered: bool,
    /// None of a probe.
    in_flight: Option<Occupancy>,
}

impl Observed {
    /// Begins to watch. The request has to run under the ids that are returned, and in the span.
    pub(super) fn begin(
        function: &'static str,
        ids: RequestIds,
        request: &mut Request,
    ) -> (RequestIds, Self) {
        let line = tracing::info_span!("request", request_id = ids.request_id, trace_id = ids.trace_id);
        let asked = request.uri().path();
        let (method, path) = (logged::method(request.method()), logged::path(asked));
        let route = request.extensions().get::<MatchedPath>().cloned();
        let ids = ids.logged_in(line);
        let is_probe = PROBES.contains(&asked);
        let (ids, span) = if is_probe {
            (ids.unrecorded(), ServerSpan::none())
        } else {
            let known = route.as_ref().map(MatchedPath::as_str);
            let scheme = logged::scheme(request.headers());
            spans::server(ids, || {
                let (name, mut attributes) = described(function, method, &path, known);
                attributes.push(attribute("url.scheme", scheme));
                (name, attributes)
            })
        };
        let goes_on = GoesOn::default();
        request.extensions_mut().insert(goes_on.clone());
        let observed = Self {
            function,
            method,
            path,
            route,
            begun: Instant::now(),
            span,
            goes_on,
            is_answered: false,
            in_flight: (!is_probe).then(|| IN_FLIGHT.enter(&[attribute(key::FUNCTION, function)])),
        };
        (ids, observed)
    }

    pub(super) fn span(&self) -> Span {
        self.span.span()
    }

    /// The answer is there, though its body may still be on its way.
    pub(super) fn end(mut self, response: &Response) {
        self.is_answered = true;
        let (status, took) = (response.status().as_u16(), self.begun.elapsed());
        let is_failure = response.status().is_server_error();
        let code = response.extensions().get().map(|code: &Code| code.name());
        self.log(status, code, took);
        let error = || match code {
            Some(code) => Some(attribute(key::ERROR, code)),
            None if is_failure => Some(attribute(key::ERROR, status.to_string())),
            None => None,
        };
        let told = || [Some(attribute(key::STATUS, i64::from(status))), error()].into_iter().flatten();
        if self.is_counted() {
            self.count(took, told());
            start::answered(self.function, took);
        }
        if !self.span.is_none() {
            self.span.end(told().collect(), is_failure);
        }
    }

    fn log(&self, status: u16, code: Option<&str>, took: Duration) {
        let Self { function, method, path, .. } = self;
        let ms = ms(took);
        if status < 500 {
            tracing::info!(event = "request.answered", function, method, path, status, ms, "answered");
        } else {
            // A panic, a store or the provider has a line of its own; a deadline or a full line of requests has this one.
            tracing::warn!(event = "request.answered", function, method, path, status, ms, code, "answered");
        }
    }

    fn give_up(&self) {
        let Self { function, method, path, .. } = self;
        let took = self.begun.elapsed();
        let (ms, goes_on) = (ms(took), Arc::strong_count(&self.goes_on.0) > 1);
        tracing::info!(event = "request.given_up", function, method, path, ms, goes_on, "given up");
        let gone = || [attribute(key::ERROR, CLIENT_GONE)];
        if self.is_counted() {
            self.count(took, gone());
        }
        if !self.span.is_none() {
            self.span.end(gone().to_vec(), false);
        }
    }

    fn is_counted(&self) -> bool {
        is_collected() && self.in_flight.is_some()
    }

    fn count(&self, took: Duration, told: impl IntoIterator<Item = KeyValue>) {
        let mut attributes =
            vec![attribute(key::FUNCTION, self.function), attribute(key::METHOD, self.method)];
        attributes.extend(self.route.as_ref().map(|route| attribute(key::ROUTE, route.as_str().to_owned())));
        attributes.extend(told);
        REQUESTS.record(took, &attributes);
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        if !self.is_answered {
            self.give_up();
        }
    }
}

/// The name and attributes of a request's span. Nothing that the client may want to keep to itself: no query, no header, no
/// address. The path is the log's.
fn described(
    function: &'static str,
    method: &'static str,
    path: &str,
    route: Option<&str>,
) -> (String, Vec<KeyValue>) {
    let verb = if method == logged::OTHER { "HTTP" } else { method };
    let mut attributes = vec![
        attribute(key::FUNCTION, function),
        attribute(key::METHOD, method),
        attribute("url.path", path.to_owned()),
    ];
    let Some(route) = route else { return (verb.to_owned(), attributes) };
    attributes.push(attribute(key::ROUTE, route.to_owned()));
    attributes.extend(performance_in(path, route).map(|id| attribute(key::PERFORMANCE, id.to_string())));
    (format!("{verb} {route}"), attributes)
}

fn performance_in(path: &str, route: &str) -> Option<PerformanceId> {
    let at = route.split('/').position(|segment| segment == PERFORMANCE_PARAMETER)?;
    path.split('/').nth(at)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTE: &str = "/v1/seats/{performance_id}";
    const PERFORMANCE: &str = "0198f2a5-8f6f-7cc0-b0ac-7a9ed6a4d0a1";

    #[test]
    fn a_span_is_named_by_its_route_and_has_the_performance() {
        let path = format!("/v1/seats/{PERFORMANCE}");
        let (name, attributes) = described("seat-map", "GET", &path, Some(ROUTE));
        assert_eq!(name, "GET /v1/seats/{performance_id}");
        assert!(attributes.contains(&attribute(key::PERFORMANCE, PERFORMANCE)), "{attributes:?}");
    }

    #[test]
    fn what_a_client_makes_up_is_in_no_name_and_no_attribute() {
        let (name, attributes) = described("seat-map", logged::OTHER, "/x", None);
        assert_eq!(name, "HTTP");
        assert!(attributes.contains(&attribute(key::METHOD, logged::OTHER)));
        let (_, attributes) = described("seat-map", "GET", "/v1/seats/my-secret", Some(ROUTE));
        assert!(
            attributes.iter().all(|attribute| attribute.key.as_str() != key::PERFORMANCE),
            "{attributes:?}"
        );
    }
}
