//! `pay`: authorise the money, sell the seats, capture the money; and give it back if the seats are gone.

mod checkout;

use axum::{extract::State, http::StatusCode, response::Response};
use checkout::Checkout;
use domain::BookingId;
use serde::{Deserialize, Serialize};
use shared::{
    http::{
        Background, Floor, Function, Problem, Router,
        auth::SignedIn,
        idempotency::{IdempotencyKey, Once},
        json::Json,
        routes,
        validation::Check,
        wire::BookingView,
    },
    ports::ReplyKey,
};
use utoipa::ToSchema;

/// A payment spends most of its time waiting for the provider.
pub const FUNCTION: Function = Function::new("pay")
    .verifies()
    .pays()
    .wakes_relay()
    // The buyer's bank may ask the buyer to confirm.
    .deadline_s(30)
    // Waiting for the provider costs an instance next to nothing.
    .in_flight(100)
    .instances_max(12)
    .at_once_max(70)
    .on_sale(Floor::of(2).in_waves());

pub fn routes() -> Router {
    Router::new().routes(routes!(pay)).routes(routes!(webhook))
}

/// The booking to pay, and how.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Order)]
struct NewPayment {
    #[schema(value_type = Uuid)]
    booking_id: BookingId,
    /// The payment method, such as `card`.
    #[schema(min_length = 1, max_length = 40)]
    method: String,
    /// The provider's token for the payment method, which it gave to the client.
    #[schema(min_length = 1, max_length = 512)]
    token: String,
}

/// Pay for a booking.
///
/// No buyer is charged without a seat, nor twice: the money is captured only after the seats are sold, and a repeat of the
/// request is the same payment. Paying for a confirmed booking again changes nothing.
#[utoipa::path(
    post, path = "/v1/payments", tag = "pay", security(("access_token" = [])), request_body = NewPayment,
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255)),
    responses(
        (status = 200, body = BookingView),
        (status = 402, description = "`payment_declined`"),
        (status = 404, description = "`not_found`"),
        (status = 410, description = "`payment_window_over`"),
        (status = 502, description = "`payment_provider_unavailable`"),
    )
)]
async fn pay(
    SignedIn(user): SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    background: Background,
    State(once): State<Once>,
    State(checkout): State<Checkout>,
    Json(order): Json<NewPayment>,
) -> Result<Response, Problem> {
    order.check()?;
    let key = ReplyKey { user, operation: "pay", key };
    let paid_for = order.clone();
    let work = move |claim| async move { checkout.pay(user, &paid_for, &claim).await };
    once.run(&background, key, &order, work).await
}

/// News from the provider.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = News)]
struct ProviderNews {
    /// The payment's reference, as Yemae gave it to the provider.
    reference: String,
}

/// Receive a payment provider's notification.
///
/// The notification itself is not trusted: it only makes Yemae ask the provider and do what is due. A payment that comes too
/// late is given back, also one that Yemae had already closed when the order reached the provider.
#[utoipa::path(
    post, path = "/v1/payments/webhook", tag = "pay", request_body = ProviderNews,
    responses(
        (status = 204, description = "What was due is done"),
        (status = 404, description = "`not_found`"),
        (status = 502, description = "`payment_provider_unavailable`: send the notification again later"),
    )
)]
async fn webhook(
    State(checkout): State<Checkout>,
    Json(news): Json<ProviderNews>,
) -> Result<StatusCode, Problem> {
    checkout.look_after(&news.reference).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl NewPayment {
    fn check(&self) -> Result<(), Problem> {
        let mut check = Check::new();
        for (field, value, max) in [("method", &self.method, 40), ("token", &self.token, 512)] {
            if !(1..=max).contains(&value.chars().count()) {
                check.wrong(field, format!("must be 1 to {max} characters"));
            }
        }
        check.finish()
    }
}
