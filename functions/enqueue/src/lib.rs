//! `enqueue`: give out a number in the queue, or an entry in the draw that precedes it.

mod challenge;

use axum::{extract::State, http::StatusCode};
use challenge::{Gate, SolutionForm};
use domain::{PerformanceId, performance::Performance, queue::Flow, sale::NotJoinable};
use serde::{Deserialize, Serialize};
use shared::{
    app::FromApp,
    http::{
        Code, Floor, Function, Problem, Router,
        auth::{MaybeTicketed, SignedIn},
        json::Json,
        paced::Paced,
        routes,
        wire::PlaceView,
    },
    ports::{Clock, Ids, JoinError, WaitingRoom},
    services::{
        catalog::Catalog,
        tokens::{QueueTicket, Tokens},
    },
};
use std::sync::Arc;
use utoipa::ToSchema;

/// Each number costs one script in Redis and one signature.
pub const FUNCTION: Function = Function::new("enqueue")
    .signs()
    .verifies()
    .needs_redis()
    // All buyers join at once.
    .instances_max(12)
    .replicas(2, 6)
    .at_once_max(70)
    .on_sale(Floor::of(4).in_waves());

pub fn routes() -> Router {
    Router::new().routes(routes!(enqueue))
}

/// The queue to join.
#[derive(Debug, Deserialize, ToSchema)]
struct NewQueueTicket {
    #[schema(value_type = Uuid)]
    performance_id: PerformanceId,
    /// The solution of the challenge in an earlier answer.
    solution: Option<SolutionForm>,
}

/// A place, and the ticket that proves it.
#[derive(Debug, Serialize, ToSchema)]
struct Enqueued {
    /// Send this in the header `Queue-Ticket`. It is bound to the account.
    queue_ticket: String,
    #[serde(flatten)]
    place: PlaceView,
}

/// Join a queue.
///
/// Joining again, from any device, returns the same place (200). A `Queue-Ticket` issued earlier restores a number
/// that was lost.
#[utoipa::path(
    post, path = "/v1/queue-tickets", tag = "enqueue", security(("access_token" = [])), request_body = NewQueueTicket,
    params(("Queue-Ticket" = Option<String>, Header, description = "A queue ticket issued earlier")),
    responses(
        (status = 201, body = Enqueued),
        (status = 200, body = Enqueued, description = "Already in"),
        (status = 403, description = "`sale_not_open`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`queue_closed` or `queue_not_used`"),
        (
            status = 428,
            description = "`challenge_required`, with a `challenge`: ask again with its `solution`"
        ),
    )
)]
async fn enqueue(
    Paced(SignedIn(user)): Paced<SignedIn>,
    ticket: MaybeTicketed,
    State(catalog): State<Arc<Catalog>>,
    State(room): State<Arc<dyn WaitingRoom>>,
    State(desk): State<Desk>,
    State(gate): State<Gate>,
    Json(wanted): Json<NewQueueTicket>,
) -> Result<(StatusCode, axum::Json<Enqueued>), Problem> {
    let performance = catalog.performance(wanted.performance_id).await?;
    let flow = open_door(&catalog, &performance)?;
    if performance.sale.lets_bypass(user) {
        let ticket = QueueTicket::new(user, wanted.performance_id, None, desk.clock.now());
        return desk.enqueued(StatusCode::OK, &ticket, PlaceView::of_staff());
    }
    gate.check(user, &performance, &ticket, wanted.solution)?;
    let held = ticket.standing(user, wanted.performance_id);
    let (place, is_new) = room.join(wanted.performance_id, user, held, &flow).await.map_err(refusal)?;
    let ticket = QueueTicket::new(user, wanted.performance_id, Some(place.standing), desk.clock.now());
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    desk.enqueued(status, &ticket, PlaceView::new(&place, desk.ids.dice()))
}

fn open_door(catalog: &Catalog, performance: &Performance) -> Result<Flow, Problem> {
    let flow = catalog.flow(performance)?;
    match catalog.sale_state(performance).check_joinable() {
        Ok(()) => Ok(flow),
        Err(NotJoinable::Over) => Err(Code::QueueClosed.into()),
        Err(NotJoinable::NotYet) => Err(Code::SaleNotOpen.into()),
    }
}

fn refusal(error: JoinError) -> Problem {
    match error {
        JoinError::Full => Problem::new(Code::QueueClosed).detail("The queue is full"),
        JoinError::Store(error) => error.into(),
    }
}

#[derive(Clone, FromApp)]
struct Desk {
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Desk {
    fn enqueued(
        &self,
        status: StatusCode,
        ticket: &QueueTicket,
        place: PlaceView,
    ) -> Result<(StatusCode, axum::Json<Enqueued>), Problem> {
        let queue_ticket = self.tokens.sign(ticket).ok_or(Code::Internal)?;
        Ok((status, axum::Json(Enqueued { queue_ticket, place })))
    }
}
