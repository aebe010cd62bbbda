//! Limits on how often one may ask.

use super::StoreError;
use async_trait::async_trait;

/// How often one key may do something, counted in one place for all instances (GCRA).
#[async_trait]
pub trait RateLimits: Send + Sync {
    /// Take `cost` of a key's allowance, all or nothing; 0 asks whether one could be taken.
    async fn take(&self, key: &str, limit: RateLimit, cost: u32) -> Result<Allowance, StoreError>;
    /// Give back what was taken. More than was taken is never given.
    async fn give_back(&self, key: &str, limit: RateLimit, cost: u32) -> Result<(), StoreError>;
}

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// In the long run.
    pub per_min: u32,
    /// At once.
    pub burst: u32,
}

impl RateLimit {
    /// So many a minute, and as many at once.
    #[must_use]
    pub const fn per_min(per_min: u32) -> Self {
        Self { per_min, burst: per_min }
    }
}

/// What a limit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Whether it was within the limit.
    pub allowed: bool,
    /// How many more may come at once.
    pub remaining: u32,
    /// When the next may come, if this one may not; milliseconds.
    pub retry_after_ms: u64,
    /// When all may come again; milliseconds.
    pub reset_after_ms: u64,
}
