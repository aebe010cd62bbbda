//! Rate limits: one key for each, so that all instances count together.

use super::{
    RedisStore,
    steps::{self, Step},
};
use crate::ports::{Allowance, RateLimit, RateLimits, StoreError};
use async_trait::async_trait;

const MICROS_PER_MIN: u32 = 60_000_000;

#[async_trait]
impl RateLimits for RedisStore {
    async fn take(&self, key: &str, limit: RateLimit, cost: u32) -> Result<Allowance, StoreError> {
        let step =
            Step::on(&steps::LIMIT, &key_of(key)).arg(interval_us(limit)).arg(limit.burst.max(1)).arg(cost);
        let (allowed, remaining, retry_after_ms, reset_after_ms) = self.run(step).await?;
        Ok(Allowance { allowed, remaining, retry_after_ms, reset_after_ms })
    }

    async fn give_back(&self, key: &str, limit: RateLimit, cost: u32) -> Result<(), StoreError> {
        self.run(Step::on(&steps::GIVE_BACK, &key_of(key)).arg(interval_us(limit)).arg(cost)).await
    }
}

fn key_of(key: &str) -> String {
    format!("y:rate:{{{key}}}")
}

fn interval_us(limit: RateLimit) -> u32 {
    MICROS_PER_MIN / limit.per_min.max(1)
}
