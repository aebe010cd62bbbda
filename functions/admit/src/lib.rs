//! `admit`: let called buyers in, keep them in while they show signs of life, and let them out.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    PerformanceId, UserId,
    performance::Performance,
    queue::{Flow, Session, Standing},
};
use jiff::Timestamp;
use serde::Serialize;
use shared::{
    app::FromApp,
    http::{
        Code, Floor, Function, Problem, Router,
        auth::{Inside, Ticketed},
        paced::Paced,
        routes,
        wire::PlaceView,
    },
    ports::{ClaimError, Clock, Ids, StaffStep, WaitingRoom},
    services::{
        catalog::Catalog,
        tokens::{Admission, QueueTicket, Tokens, number_and_entry},
    },
};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// Each claim is one script in Redis, and so is each sign of life, which comes every 20 s from each buyer inside.
pub const FUNCTION: Function = Function::new("admit")
    .signs()
    .verifies()
    .needs_redis()
    .instances_max(8)
    .replicas(2, 6)
    .at_once_max(60)
    .on_sale(Floor::of(2).in_waves());

/// An admission survives three of these periods without a sign of life, in seconds.
const RENEW_AFTER_S: u64 = 20;

pub fn routes() -> Router {
    Router::new().routes(routes!(claim, renew, depart))
}

/// An admission to the room of a sale.
#[derive(Debug, Serialize, ToSchema)]
struct Admitted {
    /// Send this in the header `Admission-Token`.
    admission_token: String,
    performance_id: Uuid,
    /// When the admission ends unless it is renewed.
    expires_at: Timestamp,
    /// When the session ends; no renewal goes beyond this.
    session_ends_at: Timestamp,
    /// When to renew, in seconds from now.
    renew_after_s: u64,
}

/// Go in when called. Claiming again while inside returns the running session (200).
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
    State(door): State<AdmissionIssuer>,
) -> Result<Response, Problem> {
    let performance = catalog.performance(ticket.performance).await?;
    let flow = catalog.flow(&performance)?;
    let Some(held) = ticket.standing() else {
        return door.let_staff_in(&*room, &ticket, &performance, &flow).await;
    };
    match room.claim(ticket.performance, ticket.sub, held, &flow).await {
        Ok((session, is_new)) => {
            let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
            let admitted = door.admitted(ticket.sub, ticket.performance, session, Some(held))?;
            Ok((status, axum::Json(admitted)).into_response())
        }
        Err(ClaimError::NotYet(place)) => {
            let place = PlaceView::new(&place, door.ids.dice());
            Ok((StatusCode::ACCEPTED, axum::Json(place)).into_response())
        }
        Err(ClaimError::Lapsed) => Err(Code::CallLapsed.into()),
        Err(ClaimError::Store(error)) => Err(error.into()),
    }
}

/// Send a sign of life, which keeps the admission alive until the session ends.
#[utoipa::path(
    put, path = "/v1/admissions", tag = "admit", params(("Admission-Token" = String, Header)),
    responses(
        (status = 200, body = Admitted),
        (status = 401, description = "`unauthenticated`: this is not an admission"),
        (status = 410, description = "`session_over`"),
    )
)]
async fn renew(
    Inside(admission): Inside,
    State(catalog): State<Arc<Catalog>>,
    State(room): State<Arc<dyn WaitingRoom>>,
    State(door): State<AdmissionIssuer>,
) -> Result<axum::Json<Admitted>, Problem> {
    let performance = catalog.performance(admission.performance).await?;
    let flow = catalog.flow(&performance)?;
    let session = if performance.sale.lets_bypass(admission.sub) {
        let Admission { expires_at_ms, ends_at_ms, .. } = admission;
        let session = Session { expires_at_ms, ends_at_ms }.renewed(&flow, door.now_ms()?);
        let stays = room.staff(admission.performance, admission.sub, StaffStep::Renew).await?;
        stays.then_some(session)
    } else {
        room.renew(admission.performance, admission.sub, &flow).await?
    };
    let session = session.ok_or(Code::SessionOver)?;
    door.admitted(admission.sub, admission.performance, session, admission.standing()).map(axum::Json)
}

/// Give up the place inside.
///
/// It is free for the next buyer, and the admission no longer allows holds or bookings. Leaving again changes nothing, not
/// even for a buyer who has since joined anew.
#[utoipa::path(
    delete, path = "/v1/admissions", tag = "admit", params(("Admission-Token" = String, Header)),
    responses(
        (status = 204, description = "Left"),
        (status = 401, description = "`unauthenticated`: this is not an admission"),
        (status = 410, description = "`session_over`"),
    )
)]
async fn depart(
    Inside(admission): Inside,
    State(catalog): State<Arc<Catalog>>,
    State(room): State<Arc<dyn WaitingRoom>>,
) -> Result<StatusCode, Problem> {
    let performance = catalog.performance(admission.performance).await?;
    if performance.sale.lets_bypass(admission.sub) {
        room.staff(admission.performance, admission.sub, StaffStep::Leave).await?;
        if admission.standing().is_none() {
            return Ok(StatusCode::NO_CONTENT);
        }
    }
    room.leave(admission.performance, admission.sub, admission.standing()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Clone, FromApp)]
struct AdmissionIssuer {
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl AdmissionIssuer {
    fn admitted(
        &self,
        user: UserId,
        performance: PerformanceId,
        session: Session,
        held: Option<Standing>,
    ) -> Result<Admitted, Problem> {
        let Session { expires_at_ms, ends_at_ms } = session;
        let exp = i64::try_from(expires_at_ms.div_ceil(1_000)).map_err(|_| Code::Internal)?;
        let (number, entry) = number_and_entry(held);
        let admission = Admission { sub: user, performance, ends_at_ms, expires_at_ms, exp, number, entry };
        Ok(Admitted {
            admission_token: self.tokens.sign(&admission).ok_or(Code::Internal)?,
            performance_id: performance.0,
            expires_at: timestamp(expires_at_ms)?,
            session_ends_at: timestamp(ends_at_ms)?,
            renew_after_s: RENEW_AFTER_S,
        })
    }

    /// Staff take no buyer's place.
    async fn let_staff_in(
        &self,
        room: &dyn WaitingRoom,
        ticket: &QueueTicket,
        performance: &Performance,
        flow: &Flow,
    ) -> Result<Response, Problem> {
        if !performance.sale.lets_bypass(ticket.sub) {
            return Err(Code::CallLapsed.into());
        }
        room.staff(ticket.performance, ticket.sub, StaffStep::Enter).await?;
        let session = Session::begun(flow, self.now_ms()?);
        let admitted = self.admitted(ticket.sub, ticket.performance, session, None)?;
        Ok((StatusCode::CREATED, axum::Json(admitted)).into_response())
    }

    fn now_ms(&self) -> Result<u64, Problem> {
        u64::try_from(self.clock.now().as_millisecond()).map_err(|_| Code::Internal.into())
    }
}

fn timestamp(ms: u64) -> Result<Timestamp, Problem> {
    let ms = i64::try_from(ms).map_err(|_| Code::Internal)?;
    Timestamp::from_millisecond(ms).map_err(|_| Code::Internal.into())
}
