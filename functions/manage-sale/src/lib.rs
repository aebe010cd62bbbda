//! `manage-sale`: an organizer watches a sale and controls it.

mod console;
mod hand;
mod history;

use axum::{extract::State, http::HeaderMap, response::Response};
use console::{Console, LiveSale};
use domain::PerformanceId;
use hand::{Hand, SteeringForm};
use history::{Archive, HistoryOfSale, HistoryQuery};
use shared::http::{
    Function, Problem, Router,
    auth::Manager,
    etag::{IfMatch, Versioned},
    json::Json,
    page::Query,
    path::Path,
    routes,
};

/// Organizers are few, but look often on the day of a sale.
pub const FUNCTION: Function = Function::new("manage-sale")
    .verifies()
    .needs_redis()
    .wakes_relay()
    .instances_max(2)
    .replicas(2, 3)
    .at_once_max(4);

pub fn routes() -> Router {
    Router::new().routes(routes!(sale, steer)).routes(routes!(sale_history))
}

/// Watch a sale.
#[utoipa::path(
    get, path = "/v1/manage/sales/{performance_id}", tag = "manage-sale", security(("access_token" = [])),
    params(("performance_id" = Uuid, Path)),
    responses(
        (status = 200, body = LiveSale, headers(("ETag" = String, description = "Its version"))),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    )
)]
async fn sale(
    manager: Manager,
    Path(performance): Path<PerformanceId>,
    State(hand): State<Hand>,
    State(console): State<Console>,
) -> Result<Versioned<axum::Json<LiveSale>>, Problem> {
    let performance = hand.own_performance(manager, performance).await?;
    console.live(&performance).await.map(LiveSale::versioned)
}

/// Change a running sale.
///
/// The change takes effect everywhere within a second or two and is recorded with its author and time. Sending the same
/// again changes nothing. With `If-Match`, only the version that was read is changed; send it with a list of staff that was
/// derived from an earlier one.
#[utoipa::path(
    patch, path = "/v1/manage/sales/{performance_id}", tag = "manage-sale", security(("access_token" = [])),
    params(
        ("performance_id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what was read"),
    ),
    request_body = SteeringForm,
    responses(
        (status = 200, body = LiveSale, headers(("ETag" = String, description = "Its version"))),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 412, description = "`changed_meanwhile`"),
    )
)]
async fn steer(
    manager: Manager,
    Path(performance): Path<PerformanceId>,
    State(hand): State<Hand>,
    State(console): State<Console>,
    if_match: IfMatch,
    Json(form): Json<SteeringForm>,
) -> Result<Versioned<axum::Json<LiveSale>>, Problem> {
    let performance = hand.own_performance(manager, performance).await?;
    let steering = hand.read(&performance, form).await?;
    let performance = hand.steer(manager, performance, &steering, &if_match).await?;
    console.live(&performance).await.map(LiveSale::versioned)
}

/// See how a sale went.
///
/// The sale is looked at once a minute while it runs, and each look is kept for 400 days. A point of a coarser step is the
/// last look within it. To go on from a point that is known, ask from its time with the same step: the first point of the
/// answer may replace the last one known.
#[utoipa::path(
    get, path = "/v1/manage/sales/{performance_id}/history", tag = "manage-sale", security(("access_token" = [])),
    params(("performance_id" = Uuid, Path), HistoryQuery),
    responses(
        (status = 200, body = HistoryOfSale),
        (status = 304, description = "Not modified"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`validation_failed`: `from`, `to` or `step_min`"),
    )
)]
async fn sale_history(
    manager: Manager,
    Path(performance): Path<PerformanceId>,
    State(hand): State<Hand>,
    State(archive): State<Archive>,
    Query(query): Query<HistoryQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let performance = hand.own_performance(manager, performance).await?;
    archive.read(&performance, &query, &headers).await
}
