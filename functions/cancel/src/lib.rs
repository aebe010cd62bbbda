//! `cancel`: give a booking back. Its seats are free at once; the money follows.

mod cancelling;

use axum::{extract::State, response::Response};
use cancelling::Cancelling;
use domain::{BookingId, money::Currency};
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Background, Function, Problem, Router,
        auth::SignedIn,
        idempotency::{IdempotencyKey, Once},
        json::Json,
        routes,
    },
    ports::ReplyKey,
};
use utoipa::ToSchema;
use uuid::Uuid;

/// Each cancellation is one DynamoDB transaction, and then a call to the provider.
pub const FUNCTION: Function =
    Function::new("cancel").verifies().pays().wakes_relay().deadline_s(20).at_once_max(20);

pub fn routes() -> Router {
    Router::new().routes(routes!(cancel))
}

/// The booking to cancel.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct NewCancellation {
    #[schema(value_type = Uuid)]
    booking_id: BookingId,
}

/// A cancelled booking.
#[derive(Debug, Serialize, ToSchema)]
struct Cancelled {
    booking_id: Uuid,
    /// Always `cancelled`.
    state: &'static str,
    /// What is refunded, in minor units.
    refund: u64,
    /// What is kept, in minor units.
    fee: u64,
    #[schema(value_type = String)]
    currency: Currency,
}

/// Cancel a booking. This is possible until the performance starts, and at any time while it is not paid.
#[utoipa::path(
    post, path = "/v1/cancellations", tag = "cancel", security(("access_token" = [])), request_body = NewCancellation,
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255)),
    responses(
        (status = 200, body = Cancelled),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`not_cancellable`"),
    )
)]
async fn cancel(
    SignedIn(user): SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    background: Background,
    State(once): State<Once>,
    State(cancelling): State<Cancelling>,
    Json(wanted): Json<NewCancellation>,
) -> Result<Response, Problem> {
    let key = ReplyKey { user, operation: "cancel", key };
    let booking = wanted.booking_id;
    let work = move |claim| async move { cancelling.cancel(user, booking, &claim).await };
    once.run(&background, key, &wanted, work).await
}
