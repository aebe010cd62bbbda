//! The ids that tie together a request's answer, its log lines, its spans, and what its caller and the services that it calls
//! have of it: W3C Trace Context.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use std::str::FromStr as _;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

/// Carries the ids of a trace and of the caller's span: `00-{trace id}-{span id}-{flags}`.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Carries what tracing systems on the way know of the trace, for each other.
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
/// As much of it is carried as W3C asks for. One that is longer is left out.
const TRACESTATE_MAX: usize = 512;
/// The length of a caller's id for its request. Every token of ours is longer, so none gets into the log that way.
const REQUEST_ID_MAX: usize = 64;

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
    trace: TraceId,
    /// The caller's span, if it named one.
    parent: Option<(SpanId, TraceFlags)>,
    /// What came with it from other tracing systems.
    state: TraceState,
    /// Whether spans are recorded for this request, where they are recorded at all.
    is_recorded: bool,
    /// The span from which log lines take the ids.
    line: Span,
}

impl RequestIds {
    /// Takes the caller's ids where they are well formed, and makes the rest from `fresh`.
    #[must_use]
    pub fn of(headers: &HeaderMap, fresh: Uuid) -> Self {
        let request_id = headers.get("x-request-id").and_then(request_id);
        let parent = headers.get(TRACEPARENT).and_then(parent_of);
        let trace = parent.map_or_else(|| trace_id_from(fresh), |(trace, ..)| trace);
        Self {
            request_id: request_id.unwrap_or_else(|| fresh.hyphenated().to_string()),
            trace_id: trace.to_string(),
            trace,
            parent: parent.map(|(_, span, flags)| (span, flags)),
            state: parent.and_then(|_| state_of(headers)).unwrap_or_default(),
            is_recorded: true,
            line: Span::none(),
        }
    }

    /// Has log lines take their ids from this span.
    #[must_use]
    pub fn logged_in(self, line: Span) -> Self {
        Self { line, ..self }
    }

    /// Runs a request under these ids.
    pub fn scope<F: Future>(self, request: F) -> impl Future<Output = F::Output> {
        let line = self.line.clone();
        CURRENT.scope(self, request.instrument(line))
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

    /// The same ids for a request whose trace is not recorded.
    #[must_use]
    pub(crate) fn unrecorded(self) -> Self {
        Self { is_recorded: false, ..self }
    }

    /// The caller's span.
    pub(super) fn remote_parent(&self) -> Option<SpanContext> {
        let (span, flags) = self.parent?;
        Some(SpanContext::new(self.trace, span, flags, true, self.state.clone()))
    }

    /// What tells a service that it is called for this request, when no span of our own does: the caller's span, or one that
    /// is made up of the trace's id. It is told not to record what this process does not.
    fn traceparent(&self) -> String {
        // Its last bit is set, since a span's id of zeros names none.
        let (_, low) = Uuid::from_bytes(self.trace.to_bytes()).as_u64_pair();
        let made_up = || (SpanId::from(low | 1), TraceFlags::SAMPLED);
        let (span, flags) = self.parent.unwrap_or_else(made_up);
        let flags = if self.is_recorded { flags } else { TraceFlags::default() };
        written(self.trace, span, flags)
    }
}

/// The trace id of the running request; zeros outside of one.
#[must_use]
pub fn trace_id() -> String {
    CURRENT.try_with(|ids| ids.trace_id.clone()).unwrap_or_else(|_| "0".repeat(32))
}

/// The same as OpenTelemetry has it; nothing outside of a request.
pub(super) fn current_trace() -> Option<TraceId> {
    CURRENT.try_with(|ids| ids.trace).ok().filter(|trace| *trace != TraceId::INVALID)
}

/// Both ids of the running request, if one is running.
pub(super) fn current_ids<T>(read: impl FnOnce(TraceId, &str) -> T) -> Option<T> {
    CURRENT.try_with(|ids| read(ids.trace, &ids.request_id)).ok()
}

/// Whether what runs now may be recorded: it belongs to a request whose trace is.
pub(super) fn is_recorded() -> bool {
    CURRENT.try_with(|ids| ids.is_recorded).unwrap_or_default()
}

/// Does what is no part of any trace: a look that most often finds nothing.
pub async fn unrecorded<F: Future>(look: F) -> F::Output {
    match RequestIds::current() {
        Some(ids) => CURRENT.scope(ids.unrecorded(), look).await,
        None => look.await,
    }
}

/// Gives a task of its own the ids and the span of the request that begins it.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let ids = RequestIds::current();
    let work = work.in_current_span();
    async move {
        match ids {
            Some(ids) => ids.scope(work).await,
            None => work.await,
        }
    }
}

fn traceparent(span: &SpanContext) -> Option<HeaderValue> {
    let text = if span.is_valid() {
        written(span.trace_id(), span.span_id(), span.trace_flags())
    } else {
        CURRENT.try_with(RequestIds::traceparent).ok()?
    };
    HeaderValue::try_from(text).ok()
}

/// The headers that carry a request's trace to a service; none outside of a request.
pub(super) fn headers(span: &SpanContext) -> HeaderMap {
    let state = if span.is_valid() {
        span.trace_state().header()
    } else {
        CURRENT.try_with(|ids| ids.state.header()).unwrap_or_default()
    };
    let state = HeaderValue::try_from(state).ok().filter(|state| !state.is_empty());
    let parent = traceparent(span).map(|parent| (TRACEPARENT, parent));
    parent.into_iter().chain(state.map(|state| (TRACESTATE, state))).collect()
}

/// Names the trace of a request that does not, so that the next process and this one call it the same.
pub fn name_trace(headers: &mut HeaderMap) {
    if headers.get(TRACEPARENT).and_then(parent_of).is_none()
        && let Some(named) = traceparent(&SpanContext::NONE)
    {
        headers.insert(TRACEPARENT, named);
        // It belonged to the trace that the caller meant.
        headers.remove(TRACESTATE);
    }
}

fn written(trace: TraceId, span: SpanId, flags: TraceFlags) -> String {
    format!("00-{trace}-{span}-{flags:02x}")
}

/// Only the last four bytes of a UUID of version 7 are random. They come to where randomness is looked for: samplers look at the
/// highest bits of the lower half, and people at the first digits. No two UUIDs become the same id.
fn trace_id_from(fresh: Uuid) -> TraceId {
    let (high, low) = fresh.as_u64_pair();
    TraceId::from(u128::from(high ^ low << 32) << 64 | u128::from(low.rotate_left(32)))
}

fn request_id(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?;
    let clean = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:/=+".contains(&b));
    ((1..=REQUEST_ID_MAX).contains(&text.len()) && clean).then(|| text.to_owned())
}

/// It may come in several headers, which are one list.
fn state_of(headers: &HeaderMap) -> Option<TraceState> {
    let lists: Result<Vec<_>, _> = headers.get_all(TRACESTATE).iter().map(HeaderValue::to_str).collect();
    let list = lists.ok()?.join(",");
    TraceState::from_str(&list).ok().filter(|_| list.len() <= TRACESTATE_MAX)
}

/// As the fronts read it (infra/nginx/front.conf). A later version of the header may have more parts, but begins with these.
fn parent_of(value: &HeaderValue) -> Option<(TraceId, SpanId, TraceFlags)> {
    let mut parts = value.to_str().ok()?.split('-');
    let mut hex = |length: usize| {
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        parts.next().filter(|part| part.len() == length && part.bytes().all(is_hex))
    };
    let (version, trace, span, flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
    let is_whole = version != "00" || parts.next().is_none();
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let is_valid = is_whole && version != "ff" && trace != TraceId::INVALID && span != SpanId::INVALID;
    is_valid.then_some((trace, span, flags))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        [(HeaderName::from_static(name), HeaderValue::from_static(value))].into_iter().collect()
    }

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

    #[test]
    fn a_service_learns_the_trace_and_the_nearest_span() {
        let told = |headers: &HeaderMap, fresh| {
            let ids = RequestIds::of(headers, fresh);
            let trace = ids.trace_id.clone();
            let header = ids.sync_scope(|| traceparent(&SpanContext::NONE)).expect("a header");
            (trace, header.to_str().expect("text").to_owned())
        };
        assert_eq!(told(&with("traceparent", PARENT), Uuid::nil()).1, PARENT);
        let fresh = Uuid::from_u128(0x0190_0000_0000_7abc_8def_0123_4567_89ab);
        let (trace, header) = told(&HeaderMap::new(), fresh);
        assert_eq!(trace, "44f789ab00007abc456789ab8def0123", "its random bytes have moved up");
        assert!(header.starts_with(&format!("00-{trace}-")) && header.ends_with("-01"), "{header}");
        assert!(parent_of(&HeaderValue::try_from(header).expect("text")).is_some(), "it can be read");
        assert!(traceparent(&SpanContext::NONE).is_none(), "outside of a request");
    }

    #[test]
    fn what_other_tracing_systems_know_goes_on_unless_it_is_too_long_or_no_list() {
        let long = format!("a={}", "1".repeat(TRACESTATE_MAX));
        for (lists, carried) in [
            (
                &["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"][..],
                Some("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
            ),
            (&["a=1", "b=2"], Some("a=1,b=2")),
            (&["no list"], None),
            (&[&*long], None),
            (&[], None),
        ] {
            let mut given = with("traceparent", PARENT);
            for list in lists {
                given.append(TRACESTATE, HeaderValue::from_str(list).expect("text"));
            }
            let ids = RequestIds::of(&given, Uuid::nil());
            let of_span = headers(&ids.remote_parent().expect("a parent"));
            let told = ids.sync_scope(|| headers(&SpanContext::NONE));
            assert_eq!(told.get(TRACESTATE).map(HeaderValue::as_bytes), carried.map(str::as_bytes));
            assert_eq!(told, of_span);
        }
        let ids = RequestIds::of(&with("tracestate", "a=1"), Uuid::nil());
        assert!(ids.state.header().is_empty(), "it belongs to no trace");
    }

    #[test]
    fn no_token_of_ours_is_a_requests_id() {
        let refresh = "0198f2a5-8f6f-7cc0-b0ac-7a9ed6a4d0a1.AZjypY9vfMCwrHqe1qTQoQGY8qWPb3zAsKx6ntak0KE";
        let ids = RequestIds::of(&with("x-request-id", refresh), Uuid::nil());
        assert_eq!(ids.request_id, Uuid::nil().hyphenated().to_string());
    }

    #[test]
    fn a_parent_is_read_as_w3c_writes_it() {
        let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let zeros = "0".repeat(32);
        for (written, is_one) in [
            (format!("00-{trace}-{span}-01"), true),
            (format!("cc-{trace}-{span}-01"), true),
            (format!("cc-{trace}-{span}-01-what-the-future-has"), true),
            (format!("00-{trace}-{span}-01-what-the-future-has"), false),
            (format!("00-{trace}-{span}-01-"), false),
            (format!("cc-{trace}-{span}-01x"), false),
            (format!("ff-{trace}-{span}-01"), false),
            (format!("00-{zeros}-{span}-01"), false),
            (format!("00-{trace}-{}-01", &zeros[..16]), false),
            (format!("00-{}-{span}-01", trace.to_uppercase()), false),
        ] {
            let header = HeaderValue::try_from(&written).expect("text");
            assert_eq!(parent_of(&header).is_some(), is_one, "{written}");
        }
    }

    #[test]
    fn a_trace_is_named_where_its_caller_did_not() {
        let ids = RequestIds::of(&HeaderMap::new(), Uuid::from_u128(7 << 64 | 9));
        let trace = ids.trace_id.clone();
        for (given, kept) in [
            (HeaderMap::new(), false),
            (with("traceparent", "00-x"), false),
            (with("traceparent", PARENT), true),
        ] {
            let mut headers = given;
            ids.clone().sync_scope(|| name_trace(&mut headers));
            let named = headers[TRACEPARENT].to_str().expect("text");
            assert_eq!(named == PARENT, kept, "{named}");
            assert!(kept || named.contains(&trace), "{named}");
        }
    }
}
