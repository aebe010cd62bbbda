//! The answer to a request that reaches no route.

use super::problem::{Code, PROBLEM_JSON, Problem};
use crate::{
    adapters::system::{RandomIds, SystemClock},
    ports::{Clock as _, Ids as _},
    telemetry::context::RequestIds,
};
use axum::http::{HeaderMap, Response, header};
use jiff::fmt::rfc2822::DateTimePrinter;
use std::fmt::Write as _;

/// The refusal, with the caller's ids if it could be read, and the headers and log line of every answer. It is the last answer of its connection.
pub(super) fn refusal(problem: &Problem, asked: &HeaderMap) -> Response<String> {
    let ids = RequestIds::of(asked, RandomIds::default().uuid());
    let (status, code) = (problem.code().status(), problem.code().name());
    let (request_id, trace_id) = (ids.request_id.clone(), ids.trace_id.clone());
    tracing::info!(
        event = "request.refused",
        request_id,
        trace_id,
        status = status.as_u16(),
        code,
        "refused before any route"
    );
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, PROBLEM_JSON)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header("x-request-id", request_id)
        .header(header::CONNECTION, "close")
        .body(ids.sync_scope(|| problem.to_json()))
        .unwrap_or_default()
}

/// The same answer as bytes on the wire, for where hyper does not write it.
pub(super) fn refusal_text(code: Code) -> String {
    let (head, body) = refusal(&code.into(), &HeaderMap::new()).into_parts();
    let mut text = format!("HTTP/1.1 {}\r\n", head.status);
    for (name, value) in &head.headers {
        // Writing to a string cannot fail.
        let _ = write!(text, "{name}: {}\r\n", value.to_str().unwrap_or_default());
    }
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&SystemClock.now()).unwrap_or_default();
    let _ = write!(text, "date: {date}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    text
}
