//! `web`: the front end, Swagger UI at `/docs/`, and the `OpenAPI` document. It uses no store, and pages load nothing from
//! elsewhere.
//!
//! The front end decides by itself what a path shows. So each of its paths is answered with the page. So is an unknown
//! path, with status 404, and the page then says so.

mod files;
mod security;

use axum::{
    extract::{Path, Request},
    http::{HeaderMap, StatusCode, header},
    middleware,
    response::{IntoResponse as _, Redirect, Response},
    routing::{any, get},
};
use files::File;
use shared::http::{Code, Floor, Function, Problem, Router, routes};

/// The front end is bytes in memory. A CDN in front of it takes nearly all requests.
pub const FUNCTION: Function = Function::new("web")
    .without_stores()
    // Answers come from memory and wait for no store.
    .in_flight(100)
    .instances_max(6)
    .at_once_max(18)
    .on_sale(Floor::of(2));

/// The front end's own paths, as its router has them (web/src/router.tsx).
pub const SCREENS: &[&str] = &[
    "/",
    "/shows/{show_id}",
    "/login",
    "/signup",
    "/shows/{show_id}/performances/{performance_id}/queue",
    "/shows/{show_id}/performances/{performance_id}/seats",
    "/bookings",
    "/bookings/{booking_id}",
    "/bookings/{booking_id}/pay",
    "/manage",
    "/manage/shows/new",
    "/manage/shows/{show_id}",
    "/manage/shows/{show_id}/performances/new",
    "/manage/sales/{performance_id}",
    "/manage/houses",
    "/manage/houses/new",
    "/manage/houses/draft",
    "/manage/houses/{house_id}",
];

const PAGE: &str = "index.html";
const DOCUMENT: &str = include_str!("../../all/openapi.json");

/// The routes. Paths of the API that no function has end here too, and are answered as any function would answer them.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let routes = Router::new()
        .routes(routes!(document))
        .routes(routes!(documentation))
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/{*path}", get(file));
    let routes = ["/v1", "/v1/", "/v1/{*path}", "/.well-known/{*path}", "//", "//{*path}"]
        .iter()
        .fold(routes, |routes, path| routes.route(path, any(unknown)));
    SCREENS
        .iter()
        .fold(routes, |routes, screen| routes.route(screen, get(page)))
        .layer(middleware::map_response(security::secure))
}

async fn unknown() -> Problem {
    Problem::new(Code::NotFound)
}

/// Read this document.
#[utoipa::path(get, path = "/openapi.json", tag = "web", responses((status = 200, description = "The document")))]
async fn document() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, DOCUMENT).into_response()
}

/// Read this document as a page: Swagger UI.
#[utoipa::path(get, path = "/docs/", tag = "web", responses((status = 200, body = String, content_type = "text/html")))]
async fn documentation(headers: HeaderMap) -> Result<Response, Problem> {
    File::named("docs/index.html").map(|file| file.answer(&headers)).ok_or_else(not_built)
}

async fn page(headers: HeaderMap) -> Result<Response, Problem> {
    File::named(PAGE).map(|file| file.answer(&headers)).ok_or_else(not_built)
}

/// A file. A missing path that looks like a file gets a problem; any other missing path gets the page, which says so.
async fn file(Path(path): Path<String>, request: Request) -> Result<Response, Problem> {
    match File::named(&path) {
        Some(file) => Ok(file.answer(request.headers())),
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => Err(Code::NotFound.into()),
        None => {
            let mut headers = request.headers().clone();
            // A client that has the page does not make the path exist.
            headers.remove(header::IF_NONE_MATCH);
            let page = page(headers).await?;
            Ok((StatusCode::NOT_FOUND, page).into_response())
        }
    }
}

fn not_built() -> Problem {
    Problem::new(Code::NotFound).detail("The front end is not built: `make web-build` does it")
}
