//! `web`: the front end, Swagger UI at `/docs/`, and the `OpenAPI` document. It knows no store, and nothing is fetched from
//! elsewhere.
//!
//! The front end decides by itself what a path shows: so a path that is no file is answered with the page.

mod encoding;
mod files;
mod security;

use axum::{
    extract::{Path, Request},
    http::{HeaderMap, header},
    middleware,
    response::{IntoResponse as _, Redirect, Response},
    routing::{any, get},
};
use files::File;
use shared::http::{Code, Function, Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// What this function needs.
pub const FUNCTION: Function = Function::new("web").without_stores();

const PAGE: &str = "index.html";
const DOCUMENT: &str = include_str!("../../all/openapi.json");

/// Its routes. Paths of the API that no function has end here too, and are answered as any of them would.
pub fn routes<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(document))
        .routes(routes!(documentation))
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/v1/{*path}", any(unknown))
        .route("/.well-known/{*path}", any(unknown))
        .route("/", get(page))
        .route("/{*path}", get(file))
        .layer(middleware::map_response(security::secure))
}

async fn unknown() -> Problem {
    Problem::new(Code::NotFound)
}

/// The `OpenAPI` document of all functions.
#[utoipa::path(get, path = "/openapi.json", tag = "web", responses((status = 200, description = "The document")))]
async fn document() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, DOCUMENT).into_response()
}

/// The same for people: Swagger UI.
#[utoipa::path(get, path = "/docs/", tag = "web", responses((status = 200, body = String, content_type = "text/html")))]
async fn documentation(headers: HeaderMap) -> Result<Response, Problem> {
    File::named("docs/index.html").map(|file| file.answer(&headers)).ok_or_else(not_built)
}

async fn page(headers: HeaderMap) -> Result<Response, Problem> {
    File::named(PAGE).map(|file| file.answer(&headers)).ok_or_else(not_built)
}

/// A file, or the page for a path of the front end's own. What looks like a file and is none is not there.
async fn file(Path(path): Path<String>, request: Request) -> Result<Response, Problem> {
    match File::named(&path) {
        Some(file) => Ok(file.answer(request.headers())),
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => Err(Code::NotFound.into()),
        None => page(request.headers().clone()).await,
    }
}

fn not_built() -> Problem {
    Problem::new(Code::NotFound).detail("The front end is not built: `make web-build` does it")
}
