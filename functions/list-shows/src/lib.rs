//! `list-shows`: what is played, searched and sorted.
//!
//! The whole listing is read once a second at most and each question's answer is kept as ready-made bytes, so that a
//! crowd that reloads the front page costs the stores nothing.

mod listing;
mod query;

use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use query::{Cursor, ShowsQuery};
use shared::{
    availability::Availability,
    fresh::Fresh,
    http::{
        Code, Function, Problem, Router,
        etag::Tagged,
        page::{Page, PageQuery, Query},
    },
    ports::{Clock, Programme},
};
use std::{sync::Arc, time::Duration};
use utoipa_axum::routes;

use listing::{Listing, ShowSummary};

/// What this function needs.
pub const FUNCTION: Function = Function::new("list-shows");

const MAX_AGE: Duration = Duration::from_secs(1);
const ANSWERS_MAX: usize = 500;

/// Its routes.
pub fn routes() -> Router {
    let memory =
        Arc::new(Memory { listing: Fresh::new(1, MAX_AGE), answers: Fresh::new(ANSWERS_MAX, MAX_AGE) });
    Router::new().routes(routes!(list_shows)).layer(Extension(memory))
}

struct Memory {
    listing: Fresh<(), Arc<Listing>>,
    answers: Fresh<(ShowsQuery, usize, Option<String>), Tagged>,
}

/// List shows.
///
/// Only shows with a published performance are listed. `from` and `to` (times or dates) keep those that have a performance between them.
#[utoipa::path(
    get, path = "/v1/shows", tag = "list-shows", params(ShowsQuery, PageQuery),
    responses((status = 200, body = Page<ShowSummary>), (status = 304, description = "Not modified"))
)]
async fn list_shows(
    State(programme): State<Arc<dyn Programme>>,
    State(availability): State<Arc<Availability>>,
    State(clock): State<Arc<dyn Clock>>,
    Extension(memory): Extension<Arc<Memory>>,
    Query(query): Query<ShowsQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = page.limit()?;
    let filter = query.parse()?;
    let cursor = page.cursor.as_deref().map(Cursor::parse).transpose()?;
    let key = (query, limit, page.cursor);
    let answer = memory.answers.get(&key, |_| async {
        let read = |_| Listing::read(&*programme, &availability, clock.now());
        let listing = memory.listing.get(&(), read).await?;
        let body = serde_json::to_vec(&filter.page(&listing, limit, cursor));
        Ok::<_, Problem>(Tagged::json(body.map_err(|_| Code::Internal)?, "public, max-age=1"))
    });
    Ok(answer.await?.answer(&headers))
}
