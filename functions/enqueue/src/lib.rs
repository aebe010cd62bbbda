//! `enqueue`: give a number in the queue.

mod challenge;

use axum::{extract::State, http::StatusCode};
use challenge::{Gate, SolutionForm};
use domain::{PerformanceId, performance::Performance, queue::Flow, sale::SaleState};
use serde::{Deserialize, Serialize};
use shared::{
    catalog::Catalog,
    http::{
        Code, Function, Problem, Router,
        auth::{MaybeTicketed, SignedIn},
        json::Json,
        paced::Paced,
    },
    ports::{Clock, WaitingRoom},
    tokens::{QUEUE_TICKET_TTL_S, QueueTicket, Tokens},
    wire::PlaceView,
};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// What this function needs.
pub const FUNCTION: Function = Function::new("enqueue").signs().verifies().needs_redis();

/// Its routes.
pub fn routes() -> Router {
    Router::new().routes(routes!(enqueue))
}

/// Which queue to join.
#[derive(Debug, Deserialize, ToSchema)]
struct Wanted {
    #[schema(value_type = Uuid)]
    performance_id: PerformanceId,
    /// What was found for the challenge of an earlier answer.
    solution: Option<SolutionForm>,
}

/// A number, and the ticket that proves it.
#[derive(Debug, Serialize, ToSchema)]
struct Enqueued {
    /// For the header `Queue-Ticket`. Bound to the account.
    queue_ticket: String,
    #[serde(flatten)]
    place: PlaceView,
}

/// Join a queue.
///
/// Joining again, from wherever, gives the same number (200). An old `Queue-Ticket` restores its number when it was forgotten.
#[utoipa::path(
    post, path = "/v1/queue-tickets", tag = "enqueue", security(("access_token" = [])), request_body = Wanted,
    params(("Queue-Ticket" = Option<String>, Header, description = "An old ticket")),
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
    State(tokens): State<Arc<Tokens>>,
    State(clock): State<Arc<dyn Clock>>,
    State(gate): State<Gate>,
    Json(wanted): Json<Wanted>,
) -> Result<(StatusCode, axum::Json<Enqueued>), Problem> {
    let performance = catalog.performance(wanted.performance_id).await?;
    let flow = open_door(&catalog, &performance)?;
    gate.check(user, &performance, &ticket, wanted.solution)?;
    let restored = ticket.number(user, wanted.performance_id);
    let (place, fresh) = room.join(wanted.performance_id, user, restored, &flow).await?;

    let exp = clock.now().as_second() + QUEUE_TICKET_TTL_S;
    let ticket = QueueTicket { sub: user, performance: wanted.performance_id, number: place.number, exp };
    let queue_ticket = tokens.sign(&ticket).ok_or(Code::Internal)?;
    let status = if fresh { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(Enqueued { queue_ticket, place: PlaceView::new(place, &flow) })))
}

/// Joining is possible from the opening until the end of the sale, also while it is paused or nothing is left for now.
fn open_door(catalog: &Catalog, performance: &Performance) -> Result<Flow, Problem> {
    let flow = catalog.flow(performance)?;
    match catalog.sale_state(performance) {
        SaleState::Closed => Err(Code::QueueClosed.into()),
        SaleState::Scheduled => Err(Code::SaleNotOpen.into()),
        SaleState::Prequeue | SaleState::Paused | SaleState::SoldOut | SaleState::Open => Ok(flow),
    }
}
