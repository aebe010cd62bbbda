//! `manage-sale`: an organizer watches a sale and steers it.

use axum::extract::State;
use domain::{
    PerformanceId,
    performance::Performance,
    sale::{Sale, SaleControl, SaleMode, SaleState},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::{
    catalog::Catalog,
    http::{Code, Function, Problem, Router, auth::Manager, json::Json, path::Path},
    ports::{Clock, Programme, SeatLocks, WaitingRoom},
};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

/// What this function needs.
pub const FUNCTION: Function = Function::new("manage-sale").verifies().needs_redis();

/// Its routes.
pub fn routes() -> Router {
    Router::new().routes(routes!(sale, steer))
}

/// What is to change; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
struct Steering {
    /// How many may be inside at once.
    #[schema(minimum = 1, maximum = 100_000)]
    cap: Option<u32>,
    /// How many are called a minute.
    #[schema(minimum = 1, maximum = 1_000_000)]
    rate_per_min: Option<u32>,
    /// `open`: as the times say. `paused`: nobody new is called, nobody loses anything. `closed`: it is over.
    #[schema(value_type = Option<String>)]
    state: Option<SaleControl>,
}

/// A sale with its live figures.
#[derive(Debug, Serialize, ToSchema)]
struct LiveSale {
    performance_id: Uuid,
    show_id: Uuid,
    opens_at: Timestamp,
    closes_at: Timestamp,
    #[schema(value_type = String)]
    mode: SaleMode,
    /// `scheduled`, `prequeue`, `open`, `paused`, `closed` or `sold_out`.
    #[schema(value_type = String)]
    state: SaleState,
    cap: u32,
    rate_per_min: u32,
    /// The highest number given.
    issued: u64,
    /// The highest number called.
    serving: u64,
    /// How many are inside.
    active: u64,
    seat_count: u32,
    /// Seats under a lock.
    held: u64,
    /// Seats that wait for payment.
    reserved: u64,
    /// Seats that are paid.
    sold: u64,
}

/// Watch a sale.
#[utoipa::path(
    get, path = "/v1/manage/sales/{performance_id}", tag = "manage-sale", security(("access_token" = [])),
    params(("performance_id" = Uuid, Path)),
    responses(
        (status = 200, body = LiveSale),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    )
)]
async fn sale(
    manager: Manager,
    Path(performance): Path<PerformanceId>,
    State(programme): State<Arc<dyn Programme>>,
    State(console): State<Console>,
) -> Result<axum::Json<LiveSale>, Problem> {
    let performance = own_performance(manager, performance, &*programme).await?;
    console.live(&performance).await.map(axum::Json)
}

/// Steer a sale. It takes effect everywhere within a second or two. Saying the same again changes nothing.
#[utoipa::path(
    patch, path = "/v1/manage/sales/{performance_id}", tag = "manage-sale", security(("access_token" = [])),
    params(("performance_id" = Uuid, Path)), request_body = Steering,
    responses(
        (status = 200, body = LiveSale),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    )
)]
async fn steer(
    manager: Manager,
    Path(performance): Path<PerformanceId>,
    State(programme): State<Arc<dyn Programme>>,
    State(clock): State<Arc<dyn Clock>>,
    State(console): State<Console>,
    Json(steering): Json<Steering>,
) -> Result<axum::Json<LiveSale>, Problem> {
    let mut performance = own_performance(manager, performance, &*programme).await?;
    let sale = steering.apply(&performance.sale)?;
    programme.set_sale(&performance, &sale, clock.now()).await?;
    console.catalog.forget(performance.performance_id);
    performance.sale = sale;
    console.live(&performance).await.map(axum::Json)
}

async fn own_performance(
    manager: Manager,
    performance: PerformanceId,
    programme: &dyn Programme,
) -> Result<Performance, Problem> {
    let performance = programme.performance(performance).await?.ok_or(Code::NotFound)?;
    manager.check_owns(performance.organizer_id)?;
    Ok(performance)
}

impl Steering {
    fn apply(&self, sale: &Sale) -> Result<Sale, Problem> {
        let steered = Sale {
            cap: self.cap.unwrap_or(sale.cap),
            rate_per_min: self.rate_per_min.unwrap_or(sale.rate_per_min),
            control: self.state.unwrap_or(sale.control),
            ..sale.clone()
        };
        let checked = Sale::check_flow(steered.cap, steered.rate_per_min);
        checked.map_err(|(field, why)| Problem::field(field, why.to_string()))?;
        Ok(steered)
    }
}

/// Reads a sale's live figures.
#[derive(Clone)]
struct Console {
    catalog: Arc<Catalog>,
    room: Arc<dyn WaitingRoom>,
    locks: Arc<dyn SeatLocks>,
    clock: Arc<dyn Clock>,
}

impl axum::extract::FromRef<shared::app::App> for Console {
    fn from_ref(app: &shared::app::App) -> Self {
        Self {
            catalog: app.catalog.clone(),
            room: app.room.clone(),
            locks: app.locks.clone(),
            clock: app.clock.clone(),
        }
    }
}

impl Console {
    async fn live(&self, performance: &Performance) -> Result<LiveSale, Problem> {
        let seats = self.locks.figures(performance.performance_id).await?;
        let queue = match self.catalog.flow(performance) {
            Ok(flow) => self.room.status(performance.performance_id, &flow).await?,
            Err(_no_queue) => domain::queue::RoomStatus::default(),
        };
        let left = u64::from(performance.for_sale_count) > seats.reserved + seats.sold;
        let Sale { opens_at, closes_at, mode, cap, rate_per_min, .. } = performance.sale;
        Ok(LiveSale {
            performance_id: performance.performance_id.0,
            show_id: performance.show_id.0,
            opens_at,
            closes_at,
            mode,
            state: performance.sale.state(self.clock.now(), left),
            cap,
            rate_per_min,
            issued: queue.issued,
            serving: queue.serving,
            active: queue.active,
            seat_count: performance.seat_count,
            held: seats.held,
            reserved: seats.reserved,
            sold: seats.sold,
        })
    }
}
