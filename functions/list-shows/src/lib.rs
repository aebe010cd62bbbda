//! `list-shows`: the shows, searched and sorted.
//!
//! The whole listing is read in the background, at most once a second, and the answer to each question is kept with it as
//! ready-made bytes. A crowd that reloads the front page costs the stores nothing, and a slow store costs the crowd nothing.

mod cursor;
mod listing;
mod moment;
mod query;

use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use query::ShowsQuery;
use shared::{
    http::{
        Code, Floor, Function, Problem, Router,
        etag::Tagged,
        lasting::{Ages, Lasting},
        page::{Page, PageQuery, Query},
        routes,
    },
    ports::{Clock, Programme},
    services::availability::Availability,
};
use std::sync::Arc;

use listing::{Listing, ShowSummary};

/// The list is kept in memory and is a second old at most.
pub const FUNCTION: Function = Function::new("list-shows")
    // Answers come from memory and wait for no store.
    .in_flight(100)
    .instances_max(8)
    // Such requests hardly overlap, however many come, so CPU says more than requests in flight.
    .scaled_by_cpu_percent(80)
    .replicas(2, 6)
    .at_once_max(40)
    // Not in waves: where CPU scales it, the longer window would also delay growth.
    .on_sale(Floor::of(2));

type RememberedShows = Lasting<(), Arc<Listing>>;

pub fn routes() -> Router {
    let memory = Arc::new(RememberedShows::new(1, Ages::PAGE));
    Router::new().routes(routes!(list_shows)).layer(Extension(memory))
}

/// List shows.
///
/// Only shows with a published performance are listed. Shows with a performance ahead come first, those that are over last.
/// An answer may be some seconds old. While the books do not answer, it is their last answer, up to an hour old.
#[utoipa::path(
    get, path = "/v1/shows", tag = "list-shows", params(ShowsQuery, PageQuery),
    responses(
        (status = 200, body = Page<ShowSummary>),
        (status = 304, description = "Not modified"),
        (status = 422, description = "`validation_failed`: `genre`, `q`, `from`, `to`, `sort`, `limit` or `cursor`"),
    )
)]
async fn list_shows(
    State(programme): State<Arc<dyn Programme>>,
    State(availability): State<Arc<Availability>>,
    State(clock): State<Arc<dyn Clock>>,
    Extension(memory): Extension<Arc<RememberedShows>>,
    Query(query): Query<ShowsQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = query.parse(&page)?;
    let listing = memory.get(&(), || async move {
        Ok(Arc::new(Listing::read(&*programme, &availability, clock.now()).await?))
    });
    let listing = listing.await?;
    let answer = listing.answers.get_or_insert_with(&asked, || {
        let body = serde_json::to_vec(&asked.page(&listing)).map_err(|_| Code::Internal)?;
        Ok::<_, Problem>(Tagged::json(body, "public, max-age=1"))
    })?;
    Ok(answer.answer(&headers))
}
