//! What survives the loss of Redis.

use super::StoreError;
use async_trait::async_trait;
use domain::{PerformanceId, layout::SeatIndex, seat::SeatRecord};
use jiff::Timestamp;

/// What a rebuild of one performance's Redis state starts from, and what is written so that it can.
#[async_trait]
pub trait Recovery: Send + Sync {
    /// Begin a rebuild: of several that try within `lease_s`, one wins and gets the marks with the next epoch.
    async fn begin(
        &self,
        performance: PerformanceId,
        now: Timestamp,
        lease_s: i64,
    ) -> Result<Option<Marks>, StoreError>;
    /// The rebuild of an epoch is done: after another loss the next may begin at once. Of an older epoch it changes
    /// nothing.
    async fn finish(&self, performance: PerformanceId, epoch: u64) -> Result<(), StoreError>;
    /// Every seat that was ever touched.
    async fn seats(&self, performance: PerformanceId) -> Result<Vec<(SeatIndex, SeatRecord)>, StoreError>;
    /// Lease the next `count` queue numbers: returns the highest one. No number is ever leased twice.
    async fn lease_numbers(&self, performance: PerformanceId, count: u64) -> Result<u64, StoreError>;
    /// Remember how far the calls have come. A lower one than remembered changes nothing.
    async fn save_serving(&self, performance: PerformanceId, serving: u64) -> Result<(), StoreError>;
}

/// What is remembered of a performance's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Grows with each rebuild; 1 for the first.
    pub epoch: u64,
    /// The highest number leased: none above it was ever given.
    pub leased_to: u64,
    /// The highest number known to have been called.
    pub serving: u64,
}
