//! The routes of a function. Each knows its part of the `OpenAPI` document, which is made for who reads the document alone: making
//! it was a fifth of what a process does before its first answer.

use crate::app::App;
use axum::{
    Router as AxumRouter,
    extract::Request,
    response::IntoResponse,
    routing::{MethodRouter, Route},
};
use std::convert::Infallible;
use tower::{Layer, Service};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// The routes of a function, with their part of the `OpenAPI` document.
#[must_use]
pub struct Router<S = App> {
    axum: AxumRouter<S>,
    documented: Vec<fn() -> UtoipaMethodRouter<S>>,
}

/// The handlers of one path: what [`routes!`](crate::http::routes) makes.
pub struct RouteSet<S> {
    /// The path.
    pub path: String,
    /// Its methods.
    pub methods: MethodRouter<S>,
    /// What the document says of them.
    pub documented: fn() -> UtoipaMethodRouter<S>,
}

/// The handlers of one path, each with `#[utoipa::path]`, one for each method.
#[macro_export]
macro_rules! routes {
    ($first:path $(, $other:path)* $(,)?) => {{
        use ::utoipa_axum::PathItemExt as _;
        let methods = ::axum::routing::MethodRouter::new();
        let methods = $crate::routes!(@on methods, $first);
        $(let methods = $crate::routes!(@on methods, $other);)*
        $crate::http::RouteSet {
            path: $crate::routes!(@ask [path()] $first),
            methods,
            documented: || ::utoipa_axum::routes!($first $(, $other)*),
        }
    }};
    (@on $methods:ident, $handler:path) => {
        $crate::routes!(@ask [methods()] $handler)
            .iter()
            .fold($methods, |methods, method| methods.on(method.to_method_filter(), $handler))
    };
    (@ask $what:tt $handler:path) => {
        ::utoipa_axum::paste! { ::utoipa_axum::routes!(@path $what of $handler) }
    };
}

pub use crate::routes;

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// No routes.
    pub fn new() -> Self {
        Self { axum: AxumRouter::new(), documented: Vec::new() }
    }

    /// Adds the handlers of a path.
    pub fn routes(mut self, set: RouteSet<S>) -> Self {
        self.documented.push(set.documented);
        self.route(&set.path, set.methods)
    }

    /// Adds handlers that the document does not mention.
    pub fn route(self, path: &str, methods: MethodRouter<S>) -> Self {
        Self { axum: self.axum.route(path, methods), ..self }
    }

    /// Puts a layer around all routes so far.
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { axum: self.axum.layer(layer), ..self }
    }

    /// The routes, to be served.
    pub fn into_axum(self) -> AxumRouter<S> {
        self.axum
    }

    /// Their part of the document.
    #[must_use]
    pub fn into_openapi(self) -> OpenApi {
        let document = |router: OpenApiRouter<S>, of: fn() -> UtoipaMethodRouter<S>| router.routes(of());
        self.documented.into_iter().fold(OpenApiRouter::new(), document).into_openapi()
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}
