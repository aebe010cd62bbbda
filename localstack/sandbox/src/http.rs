//! The provider's routes.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Serialize;

use crate::ledger::{
    self, AuthorizationOrder, Ledger, ProviderPayment, Recorded, Reference, Refund, Refusal, Sums, Token,
};

/// Far above the largest order. It also bounds what the ledger remembers.
const BODY_MAX_BYTES: usize = 4 * 1024;
/// How many calls are remembered for `/v1/heard`.
const HEARD_MAX: usize = 100;

/// The provider's routes over an empty ledger.
///
/// Only [`serve`](crate::serve) can hang up on `lost`: a bare router has to answer 502.
pub fn router(settings: SandboxSettings) -> Router {
    let provider = Arc::new(Provider { settings, ledger: Mutex::default(), heard: Mutex::default() });
    Router::new()
        .route("/v1/authorizations", post(authorize).get(payments))
        .route("/v1/authorizations/{reference}", get(payment))
        .route("/v1/authorizations/{reference}/capture", post(capture))
        .route("/v1/authorizations/{reference}/void", post(void))
        .route("/v1/authorizations/{reference}/refund", post(refund))
        .layer(middleware::from_fn_with_state(Arc::clone(&provider), hear))
        .route("/v1/ledger", get(sums))
        .route("/v1/heard", get(heard))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .with_state(provider)
}

/// How the provider misbehaves.
#[derive(Clone, Copy, Debug)]
pub struct SandboxSettings {
    /// How long an order with the token `slow` takes.
    pub slow_takes: Duration,
}

impl Default for SandboxSettings {
    fn default() -> Self {
        Self { slow_takes: Duration::from_secs(5) }
    }
}

/// Marks an answer that must not arrive.
#[derive(Clone, Copy)]
pub(crate) struct HangUp;

struct Provider {
    settings: SandboxSettings,
    ledger: Mutex<Ledger>,
    /// The last calls, the oldest first.
    heard: Mutex<VecDeque<HeardCall>>,
}

/// A call, and the trace that its caller named: so that a payment can be found in the traces of both sides.
#[derive(Clone, Serialize)]
struct HeardCall {
    method: String,
    path: String,
    traceparent: Option<String>,
}

impl Provider {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self) -> MutexGuard<'_, VecDeque<HeardCall>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn decide(&self, order: AuthorizationOrder) -> Result<Response, Refusal> {
        let token = order.token;
        if token == Token::Slow && self.ledger().repeated(&order)?.is_none() {
            tokio::time::sleep(self.settings.slow_takes).await;
        }
        let outcome = match token {
            Token::Ok | Token::Slow | Token::Lost => ledger::ProviderPaymentState::Authorized,
            Token::Decline => ledger::ProviderPaymentState::Declined,
        };
        Ok(match self.ledger().record(order, outcome)? {
            Recorded::Now(_) if token == Token::Lost => {
                let mut answer = StatusCode::BAD_GATEWAY.into_response();
                answer.extensions_mut().insert(HangUp);
                answer
            }
            Recorded::Now(payment) => answer(StatusCode::CREATED, payment),
            Recorded::Before(payment) => answer(StatusCode::OK, payment),
        })
    }
}

/// A declined payment has its own status, every time it is requested.
fn answer(status: StatusCode, payment: ProviderPayment) -> Response {
    let declined = payment.state == ledger::ProviderPaymentState::Declined;
    (if declined { StatusCode::PAYMENT_REQUIRED } else { status }, Json(payment)).into_response()
}

async fn authorize(State(provider): State<Arc<Provider>>, Json(order): Json<AuthorizationOrder>) -> Response {
    // A task of its own: a real provider goes on when the caller has hung up, and takes the money.
    match tokio::spawn(async move { provider.decide(order).await }).await {
        Ok(decided) => decided.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

type PaymentAnswer = Result<Json<ProviderPayment>, Refusal>;

/// Every payment that is remembered, for comparing with the books.
async fn payments(State(provider): State<Arc<Provider>>) -> Json<Vec<ProviderPayment>> {
    Json(provider.ledger().payments())
}

async fn payment(State(provider): State<Arc<Provider>>, Path(reference): Path<Reference>) -> PaymentAnswer {
    provider.ledger().payment(&reference).map(Json)
}

async fn capture(State(provider): State<Arc<Provider>>, Path(reference): Path<Reference>) -> PaymentAnswer {
    provider.ledger().capture(&reference).map(Json)
}

async fn void(State(provider): State<Arc<Provider>>, Path(reference): Path<Reference>) -> PaymentAnswer {
    provider.ledger().void(&reference).map(Json)
}

async fn refund(
    State(provider): State<Arc<Provider>>,
    Path(reference): Path<Reference>,
    Json(refund): Json<Refund>,
) -> PaymentAnswer {
    provider.ledger().refund(&reference, refund).map(Json)
}

async fn hear(State(provider): State<Arc<Provider>>, request: Request, next: Next) -> Response {
    let traceparent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    let call = HeardCall {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        traceparent: traceparent.map(str::to_owned),
    };
    {
        let mut heard = provider.heard();
        if heard.len() >= HEARD_MAX {
            heard.pop_front();
        }
        heard.push_back(call);
    }
    next.run(request).await
}

async fn heard(State(provider): State<Arc<Provider>>) -> Json<Vec<HeardCall>> {
    Json(provider.heard().iter().cloned().collect())
}

async fn sums(State(provider): State<Arc<Provider>>) -> Json<Sums> {
    Json(provider.ledger().sums())
}

#[derive(Serialize)]
struct RefusalBody {
    code: &'static str,
    detail: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::ReferenceReused => (StatusCode::CONFLICT, "reference_reused"),
            Self::NotCapturable => (StatusCode::CONFLICT, "not_capturable"),
            Self::NotVoidable => (StatusCode::CONFLICT, "not_voidable"),
            Self::NotRefundable => (StatusCode::CONFLICT, "not_refundable"),
        };
        (status, Json(RefusalBody { code, detail: self.to_string() })).into_response()
    }
}
