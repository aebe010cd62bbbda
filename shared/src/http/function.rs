//! A function's service: its routes, wrapped in what every request gets. That is ids and a log line, a deadline, a limit per
//! address, a problem document for every request that no route answered, and the two probes.

pub use super::declaration::{Function, Needed, Reach};

use super::{
    address, json,
    observed::Observed,
    paced,
    problem::{Code, Problem},
    router::Router,
};
use crate::{
    adapters::system::RandomIds,
    app::{App, StoreHealth},
    config::Limits,
    deadline,
    ports::{Ids, RateLimit, RateLimits},
    telemetry::context::RequestIds,
};
use axum::{
    Router as AxumRouter,
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::FutureExt as _;
use std::{net::IpAddr, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tracing::Instrument as _;

impl Function {
    /// The service that answers its requests.
    pub fn service(self, routes: Router, app: App) -> AxumRouter {
        let stores = Stores { health: app.health.clone(), rates: app.rates.clone(), limits: app.limits };
        let edge = Edge { function: self, ids: app.ids.clone(), stores: Some(stores) };
        edge.around(routes.into_axum().with_state(app))
    }

    /// The same for a function that uses no store. Its requests are not counted, and its program contains no store's client.
    pub fn service_without_stores(self, routes: Router<()>) -> AxumRouter {
        let edge = Edge { function: self, ids: Arc::new(RandomIds::default()), stores: None };
        edge.around(routes.into_axum())
    }
}

/// What every request passes before it reaches a route.
struct Edge {
    function: Function,
    ids: Arc<dyn Ids>,
    stores: Option<Stores>,
}

struct Stores {
    health: StoreHealth,
    rates: Arc<dyn RateLimits>,
    limits: Limits,
}

impl Edge {
    fn around(self, paths: AxumRouter) -> AxumRouter {
        let edge = Arc::new(self);
        paths
            .route("/healthz", get(|| async { "ok" }))
            .route("/readyz", get(ready).with_state(Arc::clone(&edge)))
            .fallback(|| async { Problem::new(Code::NotFound) })
            .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
            .layer(middleware::from_fn_with_state(edge, answer))
    }
}

async fn ready(State(edge): State<Arc<Edge>>) -> Result<&'static str, Problem> {
    if let Some(stores) = &edge.stores {
        stores.health.dynamodb.check().await?;
        if edge.function.stores == Needed::BooksAndRedis {
            stores.health.redis.check().await?;
        }
    }
    Ok("ready")
}

/// Gives every request its ids, its limit, and what is told of it.
async fn answer(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let ids = RequestIds::of(request.headers(), edge.ids.uuid());
    let request_id = HeaderValue::try_from(ids.request_id.as_str());
    let (ids, observed) = Observed::begin(edge.function.name, ids, &mut request);
    let span = observed.span();
    let work = async {
        let response = guarded(&edge, request, next).await;
        observed.end(&response);
        response
    };
    let mut response = ids.scope(work.instrument(span)).await;
    let headers = response.headers_mut();
    if let Ok(request_id) = request_id {
        headers.insert("x-request-id", request_id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A slow client gets 408, a slow handler 504, a panicking one 500. None of them takes the process down.
async fn guarded(edge: &Edge, request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(edge.function.deadline_s);
    let limited = Limited::of(edge, &request);
    // On the heap: each layer around it would be larger by all of it, and is moved several times before it runs.
    let work = Box::pin(async {
        match limited.check(edge).await {
            Ok(()) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    });
    json::watched(async {
        match deadline::within(limit, AssertUnwindSafe(work).catch_unwind()).await {
            Ok(Ok(response)) => response,
            Ok(Err(_panic)) => Problem::new(Code::Internal).into_response(),
            Err(_elapsed) if json::is_arriving() => {
                let close = HeaderValue::from_static("close");
                Problem::new(Code::RequestTimeout).header("connection", close).into_response()
            }
            Err(_elapsed) => Problem::new(Code::Timeout).into_response(),
        }
    })
    .await
}

/// The address to count a request under, if it is counted: reading is cheap, so only requests that change something are.
struct Limited(Option<IpAddr>);

impl Limited {
    fn of(edge: &Edge, request: &Request) -> Self {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        let limits = edge.stores.as_ref().map(|stores| stores.limits);
        let counted = limits.filter(|limits| limits.address_rate_per_min > 0 && !reads);
        Self(counted.map(|limits| {
            let client = address::client(request.headers(), request.extensions(), limits.trusted_hops);
            address::counted(client)
        }))
    }

    async fn check(self, edge: &Edge) -> Result<(), Problem> {
        let (Some(address), Some(stores)) = (self.0, &edge.stores) else { return Ok(()) };
        let limit = RateLimit::per_min(stores.limits.address_rate_per_min);
        paced::count(&*stores.rates, &format!("address:{address}"), limit).await
    }
}
