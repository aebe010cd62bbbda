//! `admit`: let in whoever is called, keep them in while they show signs of life, and let them out.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{PerformanceId, UserId, queue::Session};
use jiff::Timestamp;
use serde::Serialize;
use shared::{
    catalog::Catalog,
    http::{
        Code, Function, Problem, Router,
        auth::{Inside, Ticketed},
        paced::Paced,
    },
    ports::{ClaimError, WaitingRoom},
    tokens::{Admission, Tokens},
    wire::PlaceView,
};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

/// What this function needs.
pub const FUNCTION: Function = Function::new("admit").signs().verifies().needs_redis();

/// An admission lives for three of these without a sign of life.
const RENEW_AFTER_S: u64 = 20;

/// Its routes.
pub fn routes() -> Router {
    Router::new().routes(routes!(claim, renew, depart))
}

/// That somebody was let in.
#[derive(Debug, Serialize, ToSchema)]
struct Admitted {
    /// For the header `Admission-Token`.
    admission_token: String,
    performance_id: Uuid,
    /// The admission ends then unless it is renewed.
    expires_at: Timestamp,
    /// It cannot be renewed beyond.
    session_ends_at: Timestamp,
    /// When to renew, seconds.
    renew_after_s: u64,
}

/// Go in when called. Claiming again while inside gives the running session (200).
#[utoipa::path(
    post, path = "/v1/admissions", tag = "admit", params(("Queue-Ticket" = String, Header)),
    responses(
        (status = 201, body = Admitted),
        (status = 200, body = Admitted, description = "Already inside"),
        (status = 202, body = PlaceView, description = "Not yet"),
        (status = 401, description = "`bad_queue_ticket`"),
        (status = 410, description = "`call_lapsed`"),
    )
)]
async fn claim(
    Paced(Ticketed(ticket)): Paced<Ticketed>,
    State(catalog): State<Arc<Catalog>>,
    State(room): State<Arc<dyn WaitingRoom>>,
    State(tokens): State<Arc<Tokens>>,
) -> Result<Response, Problem> {
    let flow = catalog.flow(&*catalog.performance(ticket.performance).await?)?;
    match room.claim(ticket.performance, ticket.sub, ticket.number, &flow).await {
        Ok((session, fresh)) => {
            let status = if fresh { StatusCode::CREATED } else { StatusCode::OK };
            let admitted = admitted(&tokens, ticket.sub, ticket.performance, session)?;
            Ok((status, axum::Json(admitted)).into_response())
        }
        Err(ClaimError::NotYet(place)) => {
            Ok((StatusCode::ACCEPTED, axum::Json(PlaceView::new(place, &flow))).into_response())
        }
        Err(ClaimError::Lapsed) => Err(Code::CallLapsed.into()),
        Err(ClaimError::Store(error)) => Err(error.into()),
    }
}

/// A sign of life: the admission lives on until the session ends.
#[utoipa::path(
    put, path = "/v1/admissions", tag = "admit", params(("Admission-Token" = String, Header)),
    responses((status = 200, body = Admitted), (status = 410, description = "`session_over`"))
)]
async fn renew(
    Inside(admission): Inside,
    State(catalog): State<Arc<Catalog>>,
    State(room): State<Arc<dyn WaitingRoom>>,
    State(tokens): State<Arc<Tokens>>,
) -> Result<axum::Json<Admitted>, Problem> {
    let flow = catalog.flow(&*catalog.performance(admission.performance).await?)?;
    let signed = Session { expires_at_ms: admission.expires_at_ms, ends_at_ms: admission.ends_at_ms };
    let session = room.renew(admission.performance, admission.sub, signed, &flow).await?;
    let session = session.ok_or(Code::SessionOver)?;
    admitted(&tokens, admission.sub, admission.performance, session).map(axum::Json)
}

/// Leave: the place inside is free for the next one. Leaving again changes nothing.
#[utoipa::path(
    delete, path = "/v1/admissions", tag = "admit", params(("Admission-Token" = String, Header)),
    responses((status = 204, description = "Left"), (status = 410, description = "`session_over`"))
)]
async fn depart(
    Inside(admission): Inside,
    State(room): State<Arc<dyn WaitingRoom>>,
) -> Result<StatusCode, Problem> {
    room.leave(admission.performance, admission.sub).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn admitted(
    tokens: &Tokens,
    user: UserId,
    performance: PerformanceId,
    session: Session,
) -> Result<Admitted, Problem> {
    let Session { expires_at_ms, ends_at_ms } = session;
    let exp = i64::try_from(expires_at_ms.div_ceil(1_000)).map_err(|_| Code::Internal)?;
    let admission = Admission { sub: user, performance, ends_at_ms, expires_at_ms, exp };
    Ok(Admitted {
        admission_token: tokens.sign(&admission).ok_or(Code::Internal)?,
        performance_id: performance.0,
        expires_at: timestamp(expires_at_ms)?,
        session_ends_at: timestamp(ends_at_ms)?,
        renew_after_s: RENEW_AFTER_S,
    })
}

fn timestamp(ms: u64) -> Result<Timestamp, Problem> {
    let ms = i64::try_from(ms).map_err(|_| Code::Internal)?;
    Timestamp::from_millisecond(ms).map_err(|_| Code::Internal.into())
}
