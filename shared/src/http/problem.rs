//! The one place that maps what went wrong to a status, a code and words (RFC 9457, `application/problem+json`).

#![warn(missing_docs)]

use crate::{
    error::chain,
    ports::StoreError,
    services::{
        catalog::{NoPerformance, NoQueue},
        passwords::NotHashed,
    },
    telemetry::{
        context,
        metrics::{attribute, key},
    },
};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::performance::NotOnSale;
use opentelemetry::KeyValue;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! codes {
    ($($variant:ident $name:literal $status:literal $title:literal),+ $(,)?) => {
        /// Every error code of the contract. Codes are stable; titles and details are for people.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $(#[doc = $title] $variant),+ }

        impl Code {
            /// All codes, for the table in the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The short text that people read first.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// The HTTP status.
            #[must_use]
            pub fn status(self) -> StatusCode {
                let status = match self { $(Self::$variant => $status),+ };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    };
}

codes! {
    MalformedBody "malformed_body" 400 "The body is not valid JSON",
    MalformedRequest "malformed_request" 400 "The request cannot be read",
    IdempotencyKeyRequired "idempotency_key_required" 400 "An Idempotency-Key header of 1 to 255 characters is required",
    Unauthenticated "unauthenticated" 401 "A valid access token is required",
    InvalidCredentials "invalid_credentials" 401 "The e-mail address or the password is wrong",
    TokenReused "token_reused" 401 "The refresh token was used before; log in again",
    BadQueueTicket "bad_queue_ticket" 401 "A valid queue ticket is required",
    PaymentDeclined "payment_declined" 402 "The payment was declined",
    Forbidden "forbidden" 403 "This account may not do that",
    SaleNotOpen "sale_not_open" 403 "The sale is not open",
    NotAdmitted "not_admitted" 403 "An admission from the waiting room is required",
    NotFound "not_found" 404 "There is nothing here",
    HoldNotFound "hold_not_found" 404 "There is no such hold",
    MethodNotAllowed "method_not_allowed" 405 "The method is not allowed here",
    RequestTimeout "request_timeout" 408 "The request did not arrive in time",
    EmailTaken "email_taken" 409 "The e-mail address has an account already",
    QueueClosed "queue_closed" 409 "The queue is closed",
    QueueNotUsed "queue_not_used" 409 "This sale has no queue",
    SeatHeld "seat_held" 409 "These seats are held or reserved",
    SeatSold "seat_sold" 409 "These seats are sold",
    LimitExceeded "limit_exceeded" 409 "That would be more seats than one person may have",
    NotCancellable "not_cancellable" 409 "The booking cannot be cancelled",
    NotWithdrawable "not_withdrawable" 409 "The performance cannot be withdrawn or removed",
    IdempotencyInProgress "idempotency_in_progress" 409 "The first request with this key is still running",
    CallLapsed "call_lapsed" 410 "The call was missed; join the queue again",
    SessionOver "session_over" 410 "The session inside is over",
    HoldExpired "hold_expired" 410 "The hold is over",
    PaymentWindowOver "payment_window_over" 410 "The time for paying is over",
    ChangedMeanwhile "changed_meanwhile" 412 "It was changed since it was read",
    BodyTooLarge "body_too_large" 413 "The body is too large",
    UriTooLong "uri_too_long" 414 "The address is over 8 KiB",
    UnsupportedMediaType "unsupported_media_type" 415 "The content type must be application/json",
    ValidationFailed "validation_failed" 422 "The request has fields that are not valid",
    TooManySeats "too_many_seats" 422 "That is more seats than one hold may have",
    UnknownSeat "unknown_seat" 422 "The performance has no such seat for sale",
    IdempotencyKeyReused "idempotency_key_reused" 422 "The key was used with another request",
    ChallengeRequired "challenge_required" 428 "A proof of work is required before joining",
    RateLimited "rate_limited" 429 "Too many requests",
    TooManyAttempts "too_many_attempts" 429 "Too many failed attempts",
    HeadersTooLarge "headers_too_large" 431 "The head of the request is over 32 KiB, or has over 100 headers",
    Internal "internal" 500 "Something went wrong on our side",
    PaymentProviderUnavailable "payment_provider_unavailable" 502 "The payment provider does not answer",
    Busy "busy" 503 "More is being asked than can be done; try again in a moment",
    StoreUnavailable "store_unavailable" 503 "A store is not available for a moment",
    FunctionUnavailable "function_unavailable" 503 "The function does not answer for a moment",
    Timeout "timeout" 504 "The request took too long",
}

/// An error answer under construction.
#[derive(Debug, Clone)]
pub struct Problem(Box<Details>);

#[derive(Debug, Clone)]
struct Details {
    code: Code,
    detail: Option<String>,
    errors: Vec<FieldError>,
    seats: Vec<String>,
    challenge: Option<ChallengeView>,
    retry_after_ms: Option<u64>,
    headers: Vec<(&'static str, HeaderValue)>,
}

/// A field that is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The path of the field, such as `grades[1].price`; empty for the body itself.
    pub field: String,
    /// What the field must be.
    pub message: String,
}

/// A proof of work to solve: find a nonce so that the SHA-256 of token, colon and nonce begins with this many zero bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Challenge)]
pub struct ChallengeView {
    /// Must be sent back with the nonce. Good for five minutes, for this account and performance only.
    pub token: String,
    /// Always `sha256`.
    pub algorithm: &'static str,
    /// How many leading bits of the hash must be zero.
    pub bits: u8,
}

/// An error answer (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Always `about:blank`; `code` says which problem it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The problem in a few words.
    pub title: &'a str,
    /// The HTTP status.
    pub status: u16,
    /// What happened in this case.
    pub detail: &'a str,
    /// The stable code, in `snake_case`.
    pub code: &'a str,
    /// Quote this when asking for help.
    pub trace_id: String,
    /// The fields that are not valid.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    pub errors: &'a [FieldError],
    /// The seats that stand in the way.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    pub seats: &'a [String],
    /// The proof of work that is required first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<&'a ChallengeView>,
    /// When to try again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Problem {
    /// A problem with the usual words of its code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        let retry_after_ms = match code {
            Code::Busy
            | Code::StoreUnavailable
            | Code::FunctionUnavailable
            | Code::IdempotencyInProgress
            | Code::PaymentProviderUnavailable => Some(1_000),
            _ => None,
        };
        Self(Box::new(Details {
            code,
            detail: None,
            errors: Vec::new(),
            seats: Vec::new(),
            challenge: None,
            retry_after_ms,
            headers: Vec::new(),
        }))
    }

    /// Says what happened in this case, in words for the caller.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// A problem with one wrong field.
    #[must_use]
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// A problem with all wrong fields.
    #[must_use]
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(Code::ValidationFailed);
        problem.0.errors = errors;
        problem
    }

    /// Names the seats that stand in the way.
    #[must_use]
    pub fn seats(mut self, seats: impl IntoIterator<Item = String>) -> Self {
        self.0.seats = seats.into_iter().collect();
        self
    }

    /// Adds the proof of work that is required first.
    #[must_use]
    pub fn challenge(mut self, challenge: ChallengeView) -> Self {
        self.0.challenge = Some(challenge);
        self
    }

    /// Says when to try again, in the body and in `Retry-After`.
    #[must_use]
    pub fn retry_after_ms(mut self, ms: u64) -> Self {
        self.0.retry_after_ms = Some(ms);
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// The code, which says which problem it is.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The body as text, which an idempotent repeat gets again.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Details { code, detail, errors, seats, challenge, retry_after_ms, .. } = &*self.0;
        let body = ProblemBody {
            kind: "about:blank",
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.as_deref().unwrap_or(code.title()),
            code: code.name(),
            trace_id: context::trace_id(),
            errors,
            seats,
            challenge: challenge.as_ref(),
            retry_after_ms: *retry_after_ms,
        };
        serde_json::to_string(&body).unwrap_or_default()
    }
}

/// The content type of every problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Carries the code to gateways that replace a 503 with words of their own: several codes share that status.
const PROBLEM_CODE: HeaderName = HeaderName::from_static("x-problem-code");

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON))];
        let mut response = (self.0.code.status(), json, self.to_json()).into_response();
        let headers = response.headers_mut();
        if let Some(ms) = self.0.retry_after_ms {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1_000).max(1)));
        }
        if self.0.code.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.0.code.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(PROBLEM_CODE, HeaderValue::from_static(self.0.code.name()));
        }
        for (name, value) in self.0.headers {
            headers.insert(name, value);
        }
        // For what is told of the request.
        response.extensions_mut().insert(self.0.code);
        response
    }
}

/// How an attempt ended, for a metric: the word for success, or the code of the problem.
pub fn outcome<T>(of: &Result<T, Problem>, success: &'static str) -> KeyValue {
    let word = of.as_ref().map_or_else(|problem| problem.code().name(), |_| success);
    attribute(key::OUTCOME, word)
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// The boundary where a store's failure is logged, once and with its causes, and answered without them.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(event = "store.failed", error = chain(&error), "a store failed");
        match error {
            StoreError::Unavailable { .. } | StoreError::Rebuilding => Self::new(Code::StoreUnavailable),
            StoreError::Unreadable { .. } => Self::new(Code::Internal),
        }
    }
}

/// Refusals to hold or book a seat that is not on sale.
impl From<NotOnSale> for Problem {
    fn from(why: NotOnSale) -> Self {
        let problem = Self::new(Code::SaleNotOpen);
        match why {
            NotOnSale::Started => problem.detail("The performance has started"),
            NotOnSale::NotOpen => problem,
        }
    }
}

impl From<NoPerformance> for Problem {
    fn from(why: NoPerformance) -> Self {
        match why {
            NoPerformance::NotFound => Self::new(Code::NotFound).detail("There is no such performance"),
            NoPerformance::Store(error) => error.into(),
        }
    }
}

impl From<NoQueue> for Problem {
    fn from(NoQueue: NoQueue) -> Self {
        Self::new(Code::QueueNotUsed)
    }
}

impl From<NotHashed> for Problem {
    fn from(why: NotHashed) -> Self {
        match why {
            NotHashed::Busy { retry_after_ms } => Self::new(Code::Busy).retry_after_ms(retry_after_ms),
            NotHashed::Panicked => Self::new(Code::Internal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_their_statuses_real() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| (400..600).contains(&code.status().as_u16())));
    }

    #[test]
    fn an_answer_that_gateways_reword_names_its_code() {
        let named = |code: Code| Problem::new(code).into_response().headers().get(PROBLEM_CODE).cloned();
        assert_eq!(named(Code::Busy), Some(HeaderValue::from_static("busy")));
        assert_eq!(named(Code::StoreUnavailable), Some(HeaderValue::from_static("store_unavailable")));
        assert_eq!(named(Code::NotFound), None);
    }

    #[test]
    fn what_services_answer_keeps_its_code() {
        let not_found = Problem::from(NoPerformance::NotFound);
        assert_eq!(not_found.code(), Code::NotFound);
        assert!(not_found.to_json().contains("There is no such performance"));
        assert_eq!(
            Problem::from(NoPerformance::Store(StoreError::Rebuilding)).code(),
            Code::StoreUnavailable
        );
        assert_eq!(Problem::from(NoQueue).code(), Code::QueueNotUsed);
        let busy = Problem::from(NotHashed::Busy { retry_after_ms: 1_500 });
        assert_eq!(busy.code(), Code::Busy);
        assert!(busy.to_json().contains("\"retry_after_ms\":1500"));
        assert_eq!(Problem::from(NotHashed::Panicked).code(), Code::Internal);
    }

    #[test]
    fn the_cause_of_a_store_failure_never_reaches_the_answer() {
        let problem = Problem::from(StoreError::unavailable("redis", "password=hunter2 refused"));
        assert_eq!(problem.code(), Code::StoreUnavailable);
        assert!(!problem.to_json().contains("hunter2"));
    }
}
