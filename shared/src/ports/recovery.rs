//! What survives the loss of Redis.

use super::StoreError;
use async_trait::async_trait;
use domain::{PerformanceId, layout::SeatIndex, queue::Marks, seat::SeatRecord};
use jiff::Timestamp;

/// What a rebuild of one performance's Redis state starts from. What is written so that it can: `QueueBooks`.
#[async_trait]
pub trait Recovery: Send + Sync {
    /// Begin a rebuild: of several that try within `lease_s`, one wins and gets the next epoch.
    async fn begin(
        &self,
        performance: PerformanceId,
        now: Timestamp,
        lease_s: i64,
    ) -> Result<Option<u64>, StoreError>;
    /// What is remembered of the queue.
    async fn marks(&self, performance: PerformanceId) -> Result<Marks, StoreError>;
    /// The rebuild of an epoch is done: after another loss the next may begin at once. Of an older epoch it changes
    /// nothing.
    async fn finish(&self, performance: PerformanceId, epoch: u64) -> Result<(), StoreError>;
    /// Every seat that was ever touched.
    async fn seats(&self, performance: PerformanceId) -> Result<Vec<(SeatIndex, SeatRecord)>, StoreError>;
}
