//! One connection of HTTP/1.1: how large a head may be, how long each part of the talk may take, and a problem wherever the
//! request is refused before any route sees it.

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

/// The largest head of a request, its first line included. hyper itself takes at most 100 headers.
pub const HEAD_MAX: usize = 32 * 1024;
/// The longest address of a request: what nginx takes, too.
pub const URI_MAX: usize = 8 * 1024;

/// Answer the requests of one connection, one after another.
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
    // Without a timer of hyper's: its time for a head would begin while nothing comes.
    http1::Builder::new()
        .header_read_timeout(None)
        .max_header_size(HEAD_MAX)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(socket), answer)
}

/// What hyper lets pass and no route shall see: a request that does not say once which host it is meant for (RFC 9112, 3.2),
/// or whose address is too long.
fn refusal_of<B>(request: &Request<B>) -> Option<Response<String>> {
    if request.uri().path_and_query().is_some_and(|asked| asked.as_str().len() > URI_MAX) {
        return Some(refusal(&Code::UriTooLong.into()));
    }
    let once = says_host_once(request.version(), request.headers());
    let refused = || Problem::new(Code::MalformedRequest).detail("Exactly one Host header is required");
    (!once).then(|| refusal(&refused()))
}

/// HTTP/1.0 may leave it out.
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

/// An answer on its way. While it exists, the connection is not idle.
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
