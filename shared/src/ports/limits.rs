//! Rate limits.

use super::StoreError;
use async_trait::async_trait;

/// How often one key may do something, counted in one place for all instances (GCRA).
#[async_trait]
pub trait RateLimits: Send + Sync {
    /// Takes `cost` of a key's allowance, all or nothing. 0 takes nothing and asks whether 1 could be taken.
    async fn take(&self, key: &str, limit: RateLimit, cost: u32) -> Result<Allowance, StoreError>;
    /// Gives back what was taken, and never more than that.
    async fn give_back(&self, key: &str, limit: RateLimit, cost: u32) -> Result<(), StoreError>;
}

/// A rate and a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The rate in the long run.
    pub per_min: u32,
    /// How many may come at once.
    pub burst: u32,
}

impl RateLimit {
    /// This many a minute, and as many at once.
    #[must_use]
    pub const fn per_min(per_min: u32) -> Self {
        Self { per_min, burst: per_min }
    }
}

/// What is left of a key's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Whether it was within the limit.
    pub allowed: bool,
    /// How many more may come at once.
    pub remaining: u32,
    /// How long until the next may come, if this one may not, in milliseconds.
    pub retry_after_ms: u64,
    /// How long until the whole burst may come again, in milliseconds.
    pub reset_after_ms: u64,
}
