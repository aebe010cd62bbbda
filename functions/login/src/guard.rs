//! Slows down guesses of an account's password without slowing down the account's owner.
//!
//! Failures are counted by account and origin, so that one address cannot lock others out of an account. The failures of
//! all strangers to an account are also counted together, with a more generous limit: many addresses don't get many times
//! the guesses. A device that has logged in to the account before is no stranger.

use crate::device::KnownDevice;
use axum::{extract::FromRequestParts, http::request::Parts};
use domain::{
    UserId,
    user::{Email, User},
};
use shared::{
    app::{App, FromApp},
    error::chain,
    http::{Code, Problem, address, paced::rate_limited},
    ports::{RateLimit, RateLimits, StoreError},
};
use std::{convert::Infallible, mem, net::IpAddr, sync::Arc, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;

/// Failures for one account from one address, or from one known device.
const OF_ONE: RateLimit = RateLimit { per_min: 1, burst: 10 };
/// Failures for one account from all addresses together. One address alone cannot use them up: they are restored ten times
/// as fast as one address may fail.
const OF_STRANGERS: RateLimit = RateLimit { per_min: 10, burst: 100 };

/// Redis answers within a millisecond; other attempts wait meanwhile.
const ANSWERS_WITHIN: Duration = Duration::from_millis(500);

/// The origin of a log-in.
#[derive(Debug)]
pub(crate) struct Caller {
    from: IpAddr,
    device: Option<KnownDevice>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let client = address::client(&parts.headers, &parts.extensions, app.limits.trusted_hops);
        let mark = parts.headers.get("device-token").and_then(|value| value.to_str().ok());
        let device = mark.and_then(|mark| KnownDevice::read(&app.tokens, mark, app.clock.now()));
        Ok(Self { from: address::counted(client), device })
    }
}

impl Caller {
    /// The name of the device, if the account knows it.
    pub(crate) fn device_of(&self, account: UserId) -> Option<Uuid> {
        self.device.as_ref()?.known_to(account)
    }
}

/// Counts failed log-ins.
#[derive(Clone, FromApp)]
pub(crate) struct Guard(Arc<dyn RateLimits>);

impl Guard {
    /// The attempt, with the limits that it counts against.
    pub(crate) fn attempt(&self, caller: &Caller, email: &Email, user: Option<&User>) -> Attempt {
        let device = user.and_then(|user| caller.device_of(user.user_id));
        let limits = match device {
            Some(device) => vec![(format!("login:device:{device}"), OF_ONE)],
            None => vec![
                (format!("login:{email}:{}", caller.from), OF_ONE),
                (format!("login:{email}"), OF_STRANGERS),
            ],
        };
        Attempt { rates: Arc::clone(&self.0), limits, counted: true, taken: 0 }
    }
}

/// One attempt. It counts as a failure from its start until it turns out not to be one, so that simultaneous guesses are
/// counted too.
pub(crate) struct Attempt {
    rates: Arc<dyn RateLimits>,
    limits: Vec<(String, RateLimit)>,
    /// True until Redis fails to answer.
    counted: bool,
    /// How many of the limits have been charged.
    taken: usize,
}

impl Attempt {
    /// Checks that the attempt may be made.
    pub(crate) async fn check(&mut self) -> Result<(), Problem> {
        for limit in 0..self.limits.len() {
            self.ask(limit, 0).await?;
        }
        Ok(())
    }

    /// Charges the attempt to its limits.
    pub(crate) async fn begin(&mut self) -> Result<(), Problem> {
        for limit in 0..self.limits.len() {
            self.ask(limit, 1).await?;
            self.taken += usize::from(self.counted);
        }
        Ok(())
    }

    /// Refunds the attempt, which was no failure.
    pub(crate) async fn succeeded(mut self) {
        let taken = mem::take(&mut self.taken);
        give_back(&*self.rates, &self.limits, taken).await;
    }

    /// Keeps the charge: the attempt failed and its client is told so.
    pub(crate) fn failed(mut self) {
        self.taken = 0;
    }

    /// Without Redis nothing is counted, and every attempt may be made. A silent Redis is waited for once, not at each step.
    async fn ask(&mut self, limit: usize, cost: u32) -> Result<(), Problem> {
        let Some((key, limit)) = self.limits.get(limit).filter(|_| self.counted) else { return Ok(()) };
        let taken = timeout(ANSWERS_WITHIN, self.rates.take(key, *limit, cost)).await;
        match taken.unwrap_or_else(|elapsed| Err(StoreError::unavailable("redis", elapsed))) {
            Ok(allowance) if !allowance.allowed => {
                Err(rate_limited(Code::TooManyAttempts, *limit, allowance))
            }
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::warn!(
                    event = "logins.not_counted",
                    error = chain(&error),
                    "log-ins are not being counted"
                );
                self.counted = false;
                Ok(())
            }
        }
    }
}

/// A client that hung up, or was told to come back, has not learnt whether its guess was right: that is no failure.
impl Drop for Attempt {
    fn drop(&mut self) {
        let taken = mem::take(&mut self.taken);
        if taken > 0 {
            let (rates, limits) = (Arc::clone(&self.rates), mem::take(&mut self.limits));
            tokio::spawn(async move { give_back(&*rates, &limits, taken).await });
        }
    }
}

async fn give_back(rates: &dyn RateLimits, limits: &[(String, RateLimit)], first: usize) {
    for (key, limit) in limits.iter().take(first) {
        // What is not refunded is restored by itself over time.
        let _ = timeout(ANSWERS_WITHIN, rates.give_back(key, *limit, 1)).await;
    }
}
