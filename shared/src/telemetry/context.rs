//! The two ids that tie together an answer, its log lines and its caller.

use axum::http::{HeaderMap, HeaderValue};
use uuid::Uuid;

tokio::task_local! {
    static CURRENT: RequestIds;
}

/// The ids of one request.
#[derive(Debug, Clone)]
pub struct RequestIds {
    /// The caller's own id, or a new one. The answer returns it in `X-Request-Id`.
    pub request_id: String,
    /// 32 hexadecimal digits (W3C Trace Context).
    pub trace_id: String,
}

impl RequestIds {
    /// Takes the caller's ids where they are well formed, and makes the rest from `fresh`.
    #[must_use]
    pub fn of(headers: &HeaderMap, fresh: Uuid) -> Self {
        let request_id = headers.get("x-request-id").and_then(request_id);
        let trace_id = headers.get("traceparent").and_then(trace_id_of);
        Self {
            request_id: request_id.unwrap_or_else(|| fresh.hyphenated().to_string()),
            trace_id: trace_id.unwrap_or_else(|| fresh.simple().to_string()),
        }
    }

    /// Runs a request under these ids.
    pub async fn scope<F: Future>(self, request: F) -> F::Output {
        CURRENT.scope(self, request).await
    }

    /// The same for work that does not await.
    pub fn sync_scope<T>(self, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self, work)
    }

    /// The ids of the running request, to carry into a task of its own.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }
}

/// The trace id of the running request; zeros outside of one.
#[must_use]
pub fn trace_id() -> String {
    CURRENT.try_with(|ids| ids.trace_id.clone()).unwrap_or_else(|_| "0".repeat(32))
}

fn request_id(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?;
    let clean = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:/=+".contains(&b));
    ((1..=128).contains(&text.len()) && clean).then(|| text.to_owned())
}

/// `00-{trace id}-{parent id}-{flags}`.
fn trace_id_of(value: &HeaderValue) -> Option<String> {
    let mut parts = value.to_str().ok()?.split('-');
    let (version, trace_id) = (parts.next()?, parts.next()?);
    let hex = trace_id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let valid = version.len() == 2 && trace_id.len() == 32 && hex && trace_id.bytes().any(|b| b != b'0');
    (valid && parts.next()?.len() == 16).then(|| trace_id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_ids_are_kept_only_where_they_are_well_formed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_static("abc-123"));
        headers.insert(
            "traceparent",
            HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        );
        let ids = RequestIds::of(&headers, Uuid::nil());
        assert_eq!(ids.request_id, "abc-123");
        assert_eq!(ids.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        headers.insert("x-request-id", HeaderValue::from_static("a b"));
        headers.insert("traceparent", HeaderValue::from_static("00-zz-00-01"));
        let ids = RequestIds::of(&headers, Uuid::nil());
        assert_eq!(ids.request_id, Uuid::nil().hyphenated().to_string());
        assert_eq!(ids.trace_id, "0".repeat(32));
    }
}
