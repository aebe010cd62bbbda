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

/// A handler: what [`routes!`](crate::http::routes) makes of each.
pub struct DocumentedRoute<S> {
    /// Its path.
    pub path: String,
    /// The handler, under its method.
    pub methods: MethodRouter<S>,
    /// What the document says of it.
    pub documented: fn() -> UtoipaMethodRouter<S>,
}

/// Handlers that belong together, each with `#[utoipa::path]`.
#[macro_export]
macro_rules! routes {
    ($($handler:path),+ $(,)?) => {
        vec![$($crate::routes!(@route $handler)),+]
    };
    (@route $handler:path) => {{
        use ::utoipa_axum::PathItemExt as _;
        let methods = $crate::routes!(@ask [methods()] $handler);
        let none = ::axum::routing::MethodRouter::new();
        $crate::http::DocumentedRoute {
            path: $crate::routes!(@ask [path()] $handler),
            methods: methods.iter().fold(none, |on, method| on.on(method.to_method_filter(), $handler)),
            documented: || ::utoipa_axum::routes!($handler),
        }
    }};
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

    /// Adds handlers.
    pub fn routes(self, routes: Vec<DocumentedRoute<S>>) -> Self {
        routes.into_iter().fold(self, |mut router, route| {
            router.documented.push(route.documented);
            router.route(&route.path, route.methods)
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        body::Body,
        http::{Method, StatusCode},
    };
    use tower::ServiceExt as _;

    #[utoipa::path(get, path = "/one", responses((status = 200)))]
    async fn read_one() {}

    #[utoipa::path(put, path = "/one", responses((status = 200)))]
    async fn write_one() {}

    #[utoipa::path(get, path = "/other", responses((status = 200)))]
    async fn read_other() {}

    #[tokio::test]
    async fn what_is_documented_is_served() {
        let routes = || Router::<()>::new().routes(routes!(read_one, write_one, read_other));
        let documented: Vec<_> = routes().into_openapi().paths.paths.into_keys().collect();
        assert_eq!(documented, ["/one", "/other"]);
        for (method, path, status) in [
            (Method::GET, "/one", StatusCode::OK),
            (Method::PUT, "/one", StatusCode::OK),
            (Method::GET, "/other", StatusCode::OK),
            (Method::PUT, "/other", StatusCode::METHOD_NOT_ALLOWED),
        ] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
            let Ok(answer) = routes().into_axum().oneshot(request).await;
            assert_eq!(answer.status(), status, "{path}");
        }
    }
}
