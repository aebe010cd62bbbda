//! What is told of each request: its line in the log, its span and its measurements.

use super::{logged, problem::Code};
use crate::telemetry::{
    context::RequestIds,
    metrics::{IN_FLIGHT, Occupancy, REQUESTS, attribute, is_collected, key},
    spans::{self, ServerSpan},
    start,
};
use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    response::Response,
};
use opentelemetry::KeyValue;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;

/// What a span has of a path.
const PATH_MAX: usize = 256;
/// What platforms ask again and again, whether buyers come or not: no requests, and no reason to call a process started.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];
const PERFORMANCE_PARAMETER: &str = "{performance_id}";

/// A request that is being answered.
pub(super) struct Observed {
    function: &'static str,
    method: Method,
    path: String,
    route: Option<MatchedPath>,
    begun: Instant,
    span: ServerSpan,
    /// None of a probe.
    in_flight: Option<Occupancy>,
}

impl Observed {
    /// Begins to watch. The request has to run under the ids that are returned, and in the span.
    pub(super) fn begin(function: &'static str, ids: RequestIds, request: &Request) -> (RequestIds, Self) {
        let line = tracing::info_span!("request", request_id = ids.request_id, trace_id = ids.trace_id);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let route = request.extensions().get::<MatchedPath>().cloned();
        let known = route.as_ref().map(MatchedPath::as_str);
        let (ids, span) = spans::server(ids.logged_in(line), || described(function, &method, &path, known));
        let is_probe = PROBES.contains(&&*path);
        let in_flight = (!is_probe).then(|| IN_FLIGHT.enter(&[attribute(key::FUNCTION, function)]));
        (ids, Self { function, method, path, route, begun: Instant::now(), span, in_flight })
    }

    pub(super) fn span(&self) -> Span {
        self.span.span()
    }

    /// The answer is there, though its body may still be on its way.
    pub(super) fn end(self, response: &Response) {
        let Self { function, method, path, route, begun, span, in_flight } = self;
        let (status, took) = (response.status().as_u16(), begun.elapsed());
        let is_failure = response.status().is_server_error();
        log(function, &method, &path, response, took);
        let code = || match response.extensions().get::<Code>() {
            Some(code) => Some(attribute(key::ERROR, code.name())),
            None if is_failure => Some(attribute(key::ERROR, status.to_string())),
            None => None,
        };
        if is_collected() && in_flight.is_some() {
            let mut attributes = vec![
                attribute(key::FUNCTION, function),
                attribute(key::METHOD, known(&method)),
                attribute(key::STATUS, i64::from(status)),
            ];
            attributes.extend(route.map(|route| attribute(key::ROUTE, route.as_str().to_owned())));
            attributes.extend(code());
            REQUESTS.record(took, &attributes);
            start::answered(function, took);
        }
        if !span.span().is_none() {
            let status = attribute(key::STATUS, i64::from(status));
            span.end([Some(status), code()].into_iter().flatten().collect(), is_failure);
        }
    }
}

fn log(function: &str, method: &Method, path: &str, response: &Response, took: Duration) {
    let (status, ms, path) = (response.status().as_u16(), took.as_secs_f64() * 1_000.0, logged::path(path));
    if status < 500 {
        tracing::info!(event = "request.answered", function, %method, path, status, ms, "answered");
    } else {
        // A panic, a store or the provider has a line of its own; a deadline or a full line of requests has this one.
        let code = response.extensions().get().map(|code: &Code| code.name());
        tracing::warn!(event = "request.answered", function, %method, path, status, ms, code, "answered");
    }
}

/// The name and attributes of a request's span. Nothing that the client may want to keep to itself: no query, no header, no
/// address.
fn described(
    function: &'static str,
    method: &Method,
    path: &str,
    route: Option<&str>,
) -> (String, Vec<KeyValue>) {
    let method = known(method);
    let verb = if method == OTHER { "HTTP" } else { method };
    let mut attributes = vec![
        attribute(key::FUNCTION, function),
        attribute(key::METHOD, method),
        attribute("url.path", path.chars().take(PATH_MAX).collect::<String>()),
    ];
    let Some(route) = route else { return (verb.to_owned(), attributes) };
    attributes.push(attribute(key::ROUTE, route.to_owned()));
    attributes.extend(performance_in(path, route).map(|id| attribute(key::PERFORMANCE, id.to_owned())));
    (format!("{verb} {route}"), attributes)
}

const OTHER: &str = "_OTHER";

/// A client may make up any method, and must not make up names of series with it.
fn known(method: &Method) -> &'static str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    const NAMES: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    let at = KNOWN.iter().position(|known| known == method);
    at.and_then(|at| NAMES.get(at)).copied().unwrap_or(OTHER)
}

fn performance_in<'a>(path: &'a str, route: &str) -> Option<&'a str> {
    let at = route.split('/').position(|segment| segment == PERFORMANCE_PARAMETER)?;
    path.split('/').nth(at).filter(|id| id.len() <= PATH_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_named_by_its_route_and_has_the_performance() {
        let (name, attributes) =
            described("seat-map", &Method::GET, "/v1/seats/0190-1", Some("/v1/seats/{performance_id}"));
        assert_eq!(name, "GET /v1/seats/{performance_id}");
        assert!(attributes.contains(&attribute(key::PERFORMANCE, "0190-1")), "{attributes:?}");
    }

    #[test]
    fn what_a_client_makes_up_is_in_no_name() {
        let method = Method::from_bytes(b"BREW").expect("a method");
        let (name, attributes) = described("seat-map", &method, &"/x".repeat(1_000), None);
        assert_eq!(name, "HTTP");
        assert!(attributes.contains(&attribute(key::METHOD, OTHER)));
        assert!(attributes.iter().all(|attribute| attribute.value.as_str().len() <= PATH_MAX));
    }
}
