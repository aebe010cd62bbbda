//! `book`: turn a hold into a reservation. Here the books decide who gets the seats.

mod reserve;

use axum::{extract::State, response::Response};
use domain::hold::HoldId;
use reserve::Reserving;
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Background, Floor, Function, Problem, Router,
        auth::{MaybeAdmitted, SignedIn},
        brake::Brake,
        idempotency::{IdempotencyKey, Once},
        json::Json,
        problem::outcome,
        routes,
        wire::BookingView,
    },
    ports::ReplyKey,
    telemetry::metrics,
};
use utoipa::ToSchema;

/// Each booking is one DynamoDB transaction.
pub const FUNCTION: Function = Function::new("book")
    .verifies()
    .needs_redis()
    .wakes_relay()
    // With 4 bookings of 20 ms in flight each, 12 instances write as much as a warm table takes.
    .instances_max(12)
    .at_once_max(50)
    .on_sale(Floor::of(2).in_waves());

pub fn routes() -> Router {
    Router::new().routes(routes!(book))
}

/// The hold to book.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NewBooking {
    /// The `hold_id` that `POST /v1/holds` answered.
    hold_id: String,
}

/// Reserve held seats until they are paid. A free booking is confirmed at once.
#[utoipa::path(
    post, path = "/v1/bookings", tag = "book", security(("access_token" = [])), request_body = NewBooking,
    params(
        ("Idempotency-Key" = String, Header, min_length = 1, max_length = 255),
        ("Admission-Token" = Option<String>, Header, description = "Needed if the sale has a queue"),
    ),
    responses(
        (status = 201, body = BookingView),
        (status = 403, description = "`not_admitted`, or `sale_not_open` once the performance has started"),
        (status = 409, description = "`seat_sold`, with the `seats` that other buyers have, or `limit_exceeded`"),
        (status = 410, description = "`hold_expired`: it ran out, was given back, or has been booked already"),
    )
)]
async fn book(
    SignedIn(user): SignedIn,
    admitted: MaybeAdmitted,
    IdempotencyKey(key): IdempotencyKey,
    background: Background,
    State(once): State<Once>,
    State(brake): State<Brake>,
    State(reserving): State<Reserving>,
    Json(wanted): Json<NewBooking>,
) -> Result<Response, Problem> {
    let key = ReplyKey { user, operation: "book", key };
    let hold_id = wanted.hold_id.clone();
    let work = move |claim| async move {
        let reserved = reserving.reserve(user, &admitted, &hold_id, &claim).await;
        metrics::RESERVATIONS.add(1, &[outcome(&reserved, "reserved")]);
        reserved
    };
    let outcome = once.run(&background, key, &wanted, work).await;
    match wanted.hold_id.parse::<HoldId>() {
        Ok(hold) => brake.after(hold.performance, outcome).await,
        Err(_) => outcome,
    }
}
