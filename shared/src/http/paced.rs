//! How often one account or one address may ask, counted in one place for all instances.

use super::{
    auth::{SignedIn, Ticketed},
    problem::{Code, Problem},
};
use crate::{
    app::App,
    error::chain,
    ports::{Allowance, RateLimit, RateLimits},
    telemetry::Seldom,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, request::Parts},
};
use domain::UserId;

/// How often one account may ask for a place or for admission, over all its devices and tabs. A client that follows
/// instructions asks at most once a second: two of them stay within the limit, and the burst allows for tabs opened at once.
pub const ACCOUNT_LIMIT: RateLimit = RateLimit { per_min: 120, burst: 60 };

/// That limits are not kept. Requests that fail for it have lines of their own.
static NOT_COUNTED: Seldom = Seldom::new();

/// A caller within the limit of their account: `Paced<SignedIn>` is `SignedIn`, counted.
#[derive(Debug, Clone)]
pub struct Paced<T>(pub T);

/// Proof of an account.
pub trait OfAccount {
    fn account(&self) -> UserId;
}

impl OfAccount for SignedIn {
    fn account(&self) -> UserId {
        self.0
    }
}

impl OfAccount for Ticketed {
    fn account(&self) -> UserId {
        self.0.sub
    }
}

/// Authenticates first, so that a caller who proves nothing uses up no account's limit.
impl<T: OfAccount + FromRequestParts<App, Rejection = Problem> + Send> FromRequestParts<App> for Paced<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let authority = T::from_request_parts(parts, app).await?;
        count(&*app.rates, &format!("account:{}", authority.account()), ACCOUNT_LIMIT).await?;
        Ok(Self(authority))
    }
}

/// Counts one request under a key.
pub(super) async fn count(rates: &dyn RateLimits, key: &str, limit: RateLimit) -> Result<(), Problem> {
    match rates.take(key, limit, 1).await {
        Ok(allowance) if allowance.allowed => Ok(()),
        Ok(allowance) => Err(rate_limited(Code::RateLimited, limit, allowance)),
        Err(error) => {
            // When the limit cannot be counted, requests that could be served must not be refused.
            if NOT_COUNTED.is_due() {
                tracing::warn!(
                    event = "rates.not_counted",
                    error = chain(&error),
                    "requests are not being counted"
                );
            }
            Ok(())
        }
    }
}

/// 429 with `Retry-After` and the `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers-10).
#[must_use]
pub fn rate_limited(code: Code, limit: RateLimit, allowance: Allowance) -> Problem {
    let reset_s = allowance.reset_after_ms.div_ceil(1_000);
    let policy = format!("\"default\";q={};w=60", limit.per_min);
    let limit = format!("\"default\";r={};t={reset_s}", allowance.remaining);
    let mut problem = Problem::new(code).retry_after_ms(allowance.retry_after_ms);
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            problem = problem.header(name, value);
        }
    }
    problem
}
