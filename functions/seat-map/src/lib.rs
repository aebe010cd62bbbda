//! `seat-map`: the seats of a performance: the plan, which never changes, and the state of each seat.

mod offers;
mod plan;

use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use domain::{LayoutId, PerformanceId, layout::Layout};
use offers::Offers;
use plan::LayoutView;
use quick_cache::{Weighter, sync::Cache};
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Code, Floor, Function, Memory, Problem, Router,
        etag::Tagged,
        page::Query,
        path::Path,
        routes,
        wire::{SeatChangesView, SeatStatesView},
    },
    services::{catalog::Catalog, seat_maps::SeatMaps},
};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// However many clients look, an instance reads a map from Redis a few times a second.
pub const FUNCTION: Function = Function::new("seat-map")
    .needs_redis()
    // Answers come from memory and wait for no store.
    .in_flight(100)
    .instances_max(12)
    .replicas(2, 10)
    .at_once_max(70)
    // Layouts and snapshots of the map stay in memory: some megabytes each.
    .memory(Memory { replica_max_mb: 192, lambda_mb: 512, ..Memory::PLAIN })
    // All buyers open the map in the first minute.
    .on_sale(Floor::of(4).in_waves());

/// The most bytes of layouts that are kept ready-made, and how many to expect: a house of 100,000 takes some two megabytes.
const PLANS_MAX_BYTES: u64 = 24 * 1024 * 1024;
const PLANS_EXPECTED: usize = 30;

type Plans = Cache<LayoutId, Tagged, PlanBytes>;

/// Counts what answers take in memory.
#[derive(Clone)]
struct PlanBytes;

impl Weighter<LayoutId, Tagged> for PlanBytes {
    fn weight(&self, _: &LayoutId, plan: &Tagged) -> u64 {
        plan.size() as u64
    }
}

pub fn routes() -> Router {
    let plans = Arc::new(Plans::with_weighter(PLANS_EXPECTED, PLANS_MAX_BYTES, PlanBytes));
    let router = Router::new().routes(routes!(layout)).routes(routes!(states)).routes(routes!(offers::best));
    router.layer(Extension(plans)).layer(Extension(Arc::new(Offers::new())))
}

/// Read the seat plan. It never changes, so it may be cached for ever.
#[utoipa::path(
    get, path = "/v1/seats/{performance_id}/layout", tag = "seat-map", params(("performance_id" = Uuid, Path)),
    responses(
        (status = 200, body = LayoutView),
        (status = 304, description = "Not modified"),
        (status = 404, description = "`not_found`"),
    )
)]
async fn layout(
    Path(performance): Path<PerformanceId>,
    State(catalog): State<Arc<Catalog>>,
    Extension(plans): Extension<Arc<Plans>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let performance = catalog.performance(performance).await?;
    let layout_id = performance.layout_id;
    // Of many clients that ask at once, one makes the answer.
    let made = async {
        let layout = catalog.layout(&performance).await?;
        // It takes a while for a stadium, in which others are served.
        let made = tokio::task::spawn_blocking(move || packed(layout_id, &layout));
        made.await.map_err(|_| Code::Internal)?
    };
    let plan = plans.get_or_insert_async(&layout_id, made).await?;
    Ok(plan.answer(&headers))
}

fn packed(id: LayoutId, layout: &Layout) -> Result<Tagged, Problem> {
    let body = serde_json::to_vec(&LayoutView::new(id, layout)).map_err(|_| Code::Internal)?;
    Tagged::packed_json(body, "public, max-age=31536000, immutable").map_err(|_| Code::Internal.into())
}

/// The version to start from.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Since {
    /// The `version` of an earlier answer. Only later changes are sent, if they are still known.
    since: Option<u64>,
}

/// Either the whole map or its changes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum SeatMapView {
    /// The state of every seat.
    Full(SeatStatesView),
    /// The changes since a version.
    Changes(SeatChangesView),
}

/// Read the state of every seat, or what changed since a version.
#[utoipa::path(
    get, path = "/v1/seats/{performance_id}", tag = "seat-map",
    params(("performance_id" = Uuid, Path), Since),
    responses(
        (status = 200, body = SeatMapView),
        (status = 304, description = "Not modified"),
        (status = 404, description = "`not_found`"),
    )
)]
async fn states(
    Path(performance): Path<PerformanceId>,
    Query(query): Query<Since>,
    State(catalog): State<Arc<Catalog>>,
    State(maps): State<Arc<SeatMaps>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let performance = catalog.performance(performance).await?;
    let layout = catalog.layout(&performance).await?;
    let map = maps.snapshot(performance.performance_id, &layout).await?;
    let changes = query.since.and_then(|version| map.since(version));
    let view = match changes {
        Some(changes) => SeatMapView::Changes(SeatChangesView::new(map.version, changes)),
        None => SeatMapView::Full(SeatStatesView::new(performance.performance_id, &map)),
    };
    let body = serde_json::to_vec(&view).map_err(|_| Code::Internal)?;
    Ok(Tagged::json(body, "no-cache").answer(&headers))
}
