//! `queue-status`: how far the queue has come.
//!
//! The public answer is the same for all and kept for a second: however many clients ask, the store is asked about once a
//! second, and each of these reads moves the queue on.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    PerformanceId,
    draw::{Digest, Draw},
    performance::Performance,
    queue::{Flow, Gathering, poll_allowance_ms},
    sale::SaleState,
};
use serde::Serialize;
use shared::{
    http::{
        Code, Floor, Function, Problem, Router,
        auth::Ticketed,
        etag::Tagged,
        paced::rate_limited,
        path::Path,
        routes,
        wire::{PlaceView, words::SaleStateWords},
    },
    ports::{Allowance, Ids, PlaceError, RateLimit, WaitingRoom},
    services::{catalog::Catalog, fresh::Fresh},
    telemetry::levels::see_queue,
};
use std::{sync::Arc, time::Duration};
use utoipa::ToSchema;

/// Polls are answered from memory: an instance runs one script in Redis a second for each queue, however many clients ask.
pub const FUNCTION: Function = Function::new("queue-status")
    .verifies()
    .needs_redis()
    // Answers come from memory and wait for no store.
    .in_flight(100)
    .instances_max(16)
    .replicas(2, 10)
    // A Lambda takes one request at a time, and no other function gets as many.
    .at_once_max(130)
    .on_sale(Floor::of(4).in_waves());

const MAX_AGE: Duration = Duration::from_secs(1);
const ANSWERS_MAX: usize = 1_000;
/// How long a client should wait before it asks for the public answer again.
const POLL_AFTER_MS: u64 = 2_000;

type QueueAnswers = Fresh<PerformanceId, Tagged>;

pub fn routes() -> Router {
    let answers = Arc::new(QueueAnswers::new(ANSWERS_MAX, MAX_AGE));
    Router::new().routes(routes!(queue)).routes(routes!(my_place, leave)).layer(Extension(answers))
}

/// The public state of a queue. A buyer's `ahead` is their number − `serving` − 1, and at least 0.
#[derive(Debug, Serialize, ToSchema)]
struct QueueStatus {
    /// The highest number called so far.
    serving: u64,
    /// The highest number issued so far.
    issued: u64,
    /// How many buyers are inside.
    active: u64,
    /// How many buyers may be inside.
    cap: u32,
    /// How many are called per minute at most.
    rate_per_min: u32,
    /// How many are called per minute, as measured; 0 while there is nothing to measure.
    called_per_min: u64,
    /// The state of the sale: `scheduled`, `prequeue`, `open`, `paused` or `closed`.
    #[schema(value_type = SaleStateWords)]
    state: SaleState,
    /// When to ask again, in milliseconds from now.
    poll_after_ms: u64,
    /// The evidence for the draw, if people gather before the opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    draw: Option<DrawView>,
}

/// The evidence for a draw. Digests are 64 hexadecimal digits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Draw)]
struct DrawView {
    /// The SHA-256 of the seed, published before the first person gathers.
    #[schema(value_type = String)]
    commitment: Digest,
    /// The hash of all entries that had gathered; null until the draw is made.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    roster_root: Option<Digest>,
    /// How many entries were drawn; null until the draw is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pool_size: Option<u64>,
    /// The secret of the draw; null until the draw is made.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<Digest>,
}

impl DrawView {
    fn new(commitment: Digest, made: Option<Draw>) -> Self {
        Self {
            commitment,
            roster_root: made.map(|draw| draw.roster_root),
            pool_size: made.map(|draw| draw.pool_size),
            seed: made.map(|draw| draw.seed),
        }
    }
}

/// Read how far the queue has come. The answer is the same for all.
#[utoipa::path(
    get, path = "/v1/queues/{performance_id}", tag = "queue-status",
    params(("performance_id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = QueueStatus),
        (status = 304, description = "Not modified"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`queue_not_used`"),
    )
)]
async fn queue(
    Path(performance): Path<PerformanceId>,
    State(catalog): State<Arc<Catalog>>,
    State(room): State<Arc<dyn WaitingRoom>>,
    Extension(answers): Extension<Arc<QueueAnswers>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let answer = answers.get(&performance, |_| async {
        let performance = catalog.performance(performance).await?;
        let flow = catalog.flow(&performance)?;
        let status = read(&catalog, &*room, &performance, &flow).await?;
        let body = serde_json::to_vec(&status).map_err(|_| Code::Internal)?;
        Ok::<_, Problem>(Tagged::json(body, "public, max-age=1"))
    });
    Ok(answer.await?.answer(&headers))
}

async fn read(
    catalog: &Catalog,
    room: &dyn WaitingRoom,
    performance: &Performance,
    flow: &Flow,
) -> Result<QueueStatus, Problem> {
    let status = room.status(performance.performance_id, flow).await?;
    see_queue(performance.performance_id, &status, flow.cap);
    let draw = match &performance.sale.door.prequeue {
        None => None,
        Some(prequeue) => {
            let made = match flow.gathering {
                Gathering::Over => room.draw(performance.performance_id).await?,
                Gathering::Never | Gathering::Now => None,
            };
            Some(DrawView::new(prequeue.commitment, made))
        }
    };
    Ok(QueueStatus {
        serving: status.serving,
        issued: status.issued,
        active: status.active,
        cap: flow.cap,
        rate_per_min: flow.rate_per_min,
        called_per_min: status.called_per_min,
        state: catalog.sale_state(performance),
        poll_after_ms: POLL_AFTER_MS,
        draw,
    })
}

/// Read the place of a ticket's owner.
#[utoipa::path(
    get, path = "/v1/queues/{performance_id}/me", tag = "queue-status",
    params(("performance_id" = uuid::Uuid, Path), ("Queue-Ticket" = String, Header)),
    responses(
        (status = 200, body = PlaceView),
        (status = 401, description = "`bad_queue_ticket`"),
        (status = 404, description = "`not_found`"),
        (status = 429, description = "`rate_limited`: asked much more often than `poll_after_ms` says"),
    )
)]
async fn my_place(
    Path(performance): Path<PerformanceId>,
    ticket: Ticketed,
    State(catalog): State<Arc<Catalog>>,
    State(room): State<Arc<dyn WaitingRoom>>,
    State(ids): State<Arc<dyn Ids>>,
) -> Result<axum::Json<PlaceView>, Problem> {
    let ticket = ticket.check(performance)?;
    let flow = catalog.flow(&*catalog.performance(performance).await?)?;
    let Some(held) = ticket.standing() else { return Ok(axum::Json(PlaceView::of_staff())) };
    match room.place(performance, ticket.sub, held, &flow).await {
        Ok(place) => Ok(axum::Json(PlaceView::new(&place, ids.dice()))),
        Err(PlaceError::Hasty { retry_after_ms, interval_ms }) => Err(too_hasty(retry_after_ms, interval_ms)),
        Err(PlaceError::Store(error)) => Err(error.into()),
    }
}

fn too_hasty(retry_after_ms: u64, interval_ms: u64) -> Problem {
    let per_min = u32::try_from(60_000 / interval_ms.max(1)).unwrap_or(u32::MAX);
    let limit = RateLimit { per_min, burst: per_min };
    let reset_after_ms = retry_after_ms + poll_allowance_ms(interval_ms);
    let allowance = Allowance { allowed: false, remaining: 0, retry_after_ms, reset_after_ms };
    rate_limited(Code::RateLimited, limit, allowance).detail("Ask again after poll_after_ms")
}

/// Give the place up. Doing it again changes nothing.
#[utoipa::path(
    delete, path = "/v1/queues/{performance_id}/me", tag = "queue-status",
    params(("performance_id" = uuid::Uuid, Path), ("Queue-Ticket" = String, Header)),
    responses((status = 204, description = "Left"), (status = 401, description = "`bad_queue_ticket`"))
)]
async fn leave(
    Path(performance): Path<PerformanceId>,
    ticket: Ticketed,
    State(room): State<Arc<dyn WaitingRoom>>,
) -> Result<StatusCode, Problem> {
    let ticket = ticket.check(performance)?;
    room.leave(performance, ticket.sub, ticket.standing()).await?;
    Ok(StatusCode::NO_CONTENT)
}
