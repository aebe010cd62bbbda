//! One HTTP/1.1 connection: how large a head may be, how long each phase may take, and a problem document wherever a
//! request is refused before it reaches a route.

use super::{
    address::Peer,
    problem::{Code, PROBLEM_JSON, Problem},
    serve::Process,
    socket::{Answering, Socket},
    trace,
};
use crate::{
    adapters::system::{RandomIds, SystemClock},
    ports::{Clock as _, Ids as _},
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Version, header},
};
use hyper::{
    Request, Response,
    body::{Body as HyperBody, Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use jiff::fmt::rfc2822::DateTimePrinter;
use std::{
    convert::Infallible,
    fmt::Write as _,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

/// The largest head of a request in bytes, including its first line. hyper itself accepts at most 100 headers.
pub const HEAD_MAX: usize = 32 * 1024;
/// The longest request target in bytes; nginx has the same limit.
pub const URI_MAX: usize = 8 * 1024;

/// How long each phase of a connection may take. How long an answer may take is up to the function.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Receiving a request's head, from its first byte to its last.
    pub head: Duration,
    /// Silence between two requests. It is longer than proxies in front keep an idle connection (nginx 60 s, Knative's
    /// queue-proxy 90 s), so that they close it first and never send a request into a connection that is closing.
    pub idle: Duration,
    /// The client not reading its answer.
    pub stalled: Duration,
    /// The client still sending after the last answer, or not closing its side.
    pub linger: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_mins(2),
            stalled: Duration::from_secs(30),
            linger: Duration::from_secs(1),
        }
    }
}

/// Answers the requests of one connection, one after another.
pub(super) fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    patience: Patience,
    process: Process,
    service: Router,
) -> http1::Connection<
    TokioIo<Socket>,
    impl hyper::service::Service<Request<Incoming>, Response = Response<Answer>, Error = Infallible, Future: Send>,
> {
    let _ = stream.set_nodelay(true);
    let socket = Socket::new(stream, patience);
    let talk = socket.talk();
    let answer = service_fn(move |mut request: Request<Incoming>| {
        let answering = talk.answering();
        let service = service.clone();
        let process = process.clone();
        async move {
            let response = if let Some(refused) = refusal_of(&request) {
                refused.map(Body::from)
            } else {
                request.extensions_mut().insert(Peer(peer.ip()));
                process.introduce(request.extensions_mut());
                service.oneshot(request.map(Body::new)).await?
            };
            Ok(response.map(|body| Answer { body, _answering: answering }))
        }
    });
    // Without hyper's timer: its time for a head would start before the first byte arrives.
    http1::Builder::new()
        .header_read_timeout(None)
        .max_header_size(HEAD_MAX)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(socket), answer)
}

/// Refuses what hyper accepts and no route should see: a request that does not name its host exactly once (RFC 9112,
/// 3.2), or whose target is too long.
fn refusal_of<B>(request: &Request<B>) -> Option<Response<String>> {
    if request.uri().path_and_query().is_some_and(|asked| asked.as_str().len() > URI_MAX) {
        return Some(refusal(&Code::UriTooLong.into()));
    }
    let once = says_host_once(request.version(), request.headers());
    let refused = || Problem::new(Code::MalformedRequest).detail("Exactly one Host header is required");
    (!once).then(|| refusal(&refused()))
}

/// HTTP/1.0 may omit the host.
fn says_host_once(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes().iter().all(|byte| is_of_a_host(*byte)),
        (None, _) => version < Version::HTTP_11,
        (Some(_), Some(_)) => false,
    }
}

fn is_of_a_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(&byte)
}

/// The answer to a request that reaches no route, with the ids, headers and log line of every answer. It is the last one
/// of its connection.
fn refusal(problem: &Problem) -> Response<String> {
    let ids = trace::Ids::of(&HeaderMap::new(), RandomIds::default().uuid());
    let (status, code) = (problem.code().status(), problem.code().name());
    let (request_id, trace_id) = (ids.request_id.clone(), ids.trace_id.clone());
    tracing::info!(request_id, trace_id, status = status.as_u16(), code, "refused before any route");
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

/// The same answer as it goes over the wire, for where hyper does not write it.
pub(super) fn refusal_text(code: Code) -> String {
    let (head, body) = refusal(&code.into()).into_parts();
    let mut text = format!("HTTP/1.1 {}\r\n", head.status);
    for (name, value) in &head.headers {
        // Writing to a string cannot fail.
        let _ = write!(text, "{name}: {}\r\n", value.to_str().unwrap_or_default());
    }
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&SystemClock.now()).unwrap_or_default();
    let _ = write!(text, "date: {date}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    text
}

/// The body of an answer in progress. While it exists, the connection is not idle.
#[derive(Debug)]
pub(super) struct Answer {
    body: Body,
    _answering: Answering,
}

impl HyperBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
