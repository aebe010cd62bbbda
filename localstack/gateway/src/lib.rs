//! The local gateway: one address in front of all functions. The path alone decides which function answers, as in every
//! other gateway. A function is a service of this process, or a process of its own.

mod proxy;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use proxy::{Backend, ProxyClient};
use shared::{
    adapters::system::RandomIds,
    http::{Code, Problem, serve::listen},
    ports::Ids as _,
    routes::function_for,
    telemetry::context::{RequestIds, name_trace},
};
use std::{collections::HashMap, net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// The gateway and the functions behind it.
pub struct Gateway {
    upstreams: HashMap<&'static str, Upstream>,
    client: ProxyClient,
    ids: RandomIds,
}

/// How to reach a function.
enum Upstream {
    Service(Router),
    Process(Backend),
}

/// A gateway without functions.
impl Default for Gateway {
    fn default() -> Self {
        Self { upstreams: HashMap::new(), client: proxy::client(), ids: RandomIds::default() }
    }
}

impl Gateway {
    /// Adds a function that runs in this process.
    #[must_use]
    pub fn with_service(mut self, function: &'static str, service: Router) -> Self {
        self.upstreams.insert(function, Upstream::Service(service));
        self
    }

    /// Adds a function that listens at an address.
    #[must_use]
    pub fn with_process(mut self, function: &'static str, address: SocketAddr) -> Self {
        self.upstreams.insert(function, Upstream::Process(Backend(address)));
        self
    }

    /// The gateway as a service.
    pub fn into_router(self) -> Router {
        Router::new()
            .route("/healthz", get(|| async { "ok" }))
            .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
            .fallback(forward)
            .with_state(Arc::new(self))
    }
}

/// Serves on `listener` until `stop`, then lets requests in flight finish.
pub async fn serve(listener: TcpListener, gateway: Gateway, stop: impl Future<Output = ()>) {
    listen(listener, gateway.into_router(), stop).await;
}

/// A request belongs to one trace, here and in the function.
async fn forward(State(gateway): State<Arc<Gateway>>, mut request: Request) -> Response {
    let ids = RequestIds::of(request.headers(), gateway.ids.uuid());
    ids.clone().sync_scope(|| name_trace(request.headers_mut()));
    ids.scope(answer(&gateway, request)).await
}

async fn answer(gateway: &Gateway, request: Request) -> Response {
    let function = function_for(request.uri().path());
    match function.and_then(|function| gateway.upstreams.get(function)) {
        Some(Upstream::Service(service)) => answer_here(service, request).await,
        Some(Upstream::Process(process)) => {
            process.answer(&gateway.client, request).await.unwrap_or_else(Problem::into_response)
        }
        None => Problem::new(Code::NotFound).into_response(),
    }
}

/// Extensions are passed on, among them the peer, whose requests are counted.
async fn answer_here(service: &Router, request: Request<Body>) -> Response {
    match service.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
