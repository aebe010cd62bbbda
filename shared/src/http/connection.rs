//! One HTTP/1.1 connection: how large a head may be, how long each phase may take, and a problem document wherever a
//! request is refused before it reaches a route.

pub use super::socket::Patience;
use super::{
    address::Peer,
    problem::{Code, Problem},
    process::Process,
    refusal::refusal,
    socket::{Answering, Socket},
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
use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

/// The largest head of a request in bytes, including its first line. hyper itself accepts at most 100 headers.
pub const HEAD_MAX: usize = 32 * 1024;
/// The longest request target in bytes; nginx has the same limit.
pub const URI_MAX: usize = 8 * 1024;

/// Answers the requests of one connection, one after another.
pub(super) fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    patience: Patience,
    process: Process,
    service: Router,
) -> http1::Connection<
    TokioIo<Socket>,
    impl hyper::service::Service<
        Request<Incoming>,
        Response = Response<TrackedBody>,
        Error = Infallible,
        Future: Send,
    >,
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
            Ok(response.map(|body| TrackedBody { body, _answering: answering }))
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
        return Some(refusal(&Code::UriTooLong.into(), request.headers()));
    }
    let once = says_host_once(request.version(), request.headers());
    let refused = || Problem::new(Code::MalformedRequest).detail("Exactly one Host header is required");
    (!once).then(|| refusal(&refused(), request.headers()))
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

/// The body of an answer in progress. While it exists, the connection is not idle.
#[derive(Debug)]
pub(super) struct TrackedBody {
    body: Body,
    _answering: Answering,
}

impl HyperBody for TrackedBody {
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
