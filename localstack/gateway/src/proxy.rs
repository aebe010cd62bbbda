//! A function in another process: requests and answers are streamed, and every wait has a bound.

use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, Uri, Version, header,
        uri::{PathAndQuery, Scheme},
    },
    response::{IntoResponse as _, Response},
};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use shared::{
    error::chain,
    http::{Code, Problem, address::Peer},
};
use std::{error::Error, iter, net::SocketAddr, time::Duration};
use tokio::time::timeout;

/// On this machine, connecting to a listening process succeeds at once.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an answer may take to begin: longer than the deadline of any function with a public path. How long it lasts
/// is up to the function.
const HEAD_TIMEOUT: Duration = Duration::from_secs(35);
/// Shorter than functions keep an idle connection ([`Patience::idle`](shared::http::connection::Patience)).
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
const IDLE_CONNECTIONS_MAX: usize = 64;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Headers for one connection only (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Connections to all processes.
pub(crate) type ProxyClient = legacy::Client<HttpConnector, Body>;

/// The address that a process listens on.
pub(crate) struct Backend(pub(crate) SocketAddr);

/// Opens no connection yet.
pub(crate) fn client() -> ProxyClient {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    connector.set_nodelay(true);
    legacy::Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
        .build(connector)
}

impl Backend {
    /// Returns the function's answer, or a problem if it gives none.
    pub(crate) async fn answer(
        &self,
        client: &ProxyClient,
        mut request: Request,
    ) -> Result<Response, Problem> {
        *request.uri_mut() = self.address_of(request.uri()).ok_or(Code::Internal)?;
        *request.version_mut() = Version::HTTP_11;
        let peer = request.extensions().get::<Peer>().copied();
        drop_hop_by_hop(request.headers_mut());
        append_peer(request.headers_mut(), peer);
        let answer = timeout(HEAD_TIMEOUT, client.request(request)).await.map_err(|_| Code::Timeout)?;
        let mut response = answer.map_err(|error| unanswered(&error))?.into_response();
        drop_hop_by_hop(response.headers_mut());
        Ok(response)
    }

    fn address_of(&self, asked: &Uri) -> Option<Uri> {
        let path = asked.path_and_query().map_or("/", PathAndQuery::as_str);
        let here = Uri::builder().scheme(Scheme::HTTP).authority(self.0.to_string());
        here.path_and_query(path).build().ok()
    }
}

fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

fn append_peer(headers: &mut HeaderMap, peer: Option<Peer>) {
    let Some(Peer(address)) = peer else { return };
    if let Ok(address) = HeaderValue::try_from(address.to_string()) {
        headers.append(FORWARDED_FOR, address);
    }
}

/// Either the client's own body broke off or is malformed, or the function cannot be reached.
fn unanswered(error: &legacy::Error) -> Problem {
    if causes(error).filter_map(|cause| cause.downcast_ref()).any(hyper::Error::is_user) {
        return Problem::new(Code::MalformedBody).detail("The body cannot be read");
    }
    tracing::warn!(event = "function.silent", error = chain(error), "a function does not answer");
    Code::FunctionUnavailable.into()
}

fn causes<'a>(error: &'a legacy::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(error.source(), |cause: &&'a (dyn Error + 'static)| (*cause).source())
}
