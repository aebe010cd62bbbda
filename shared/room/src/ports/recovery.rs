//! What survives the loss of Redis.

use crate::StoreError;
use async_trait::async_trait;
use domain::{PerformanceId, layout::SeatIndex, queue::QueueMarks, seat::SeatRecord};
use jiff::Timestamp;

/// What a rebuild of one performance's Redis state starts from. What is written so that it can: `QueueBooks`.
#[async_trait]
pub trait Recovery: Send + Sync {
    /// Begin a rebuild: of several that try within `lease_s`, one wins and gets the next epoch, with what is remembered
    /// of the queue.
    async fn begin(
        &self,
        performance: PerformanceId,
        now: Timestamp,
        lease_s: i64,
    ) -> Result<Option<QueueMarks>, StoreError>;
    /// When a performance has begun and its sale is over, if there is such a performance.
    async fn ends_at(&self, performance: PerformanceId) -> Result<Option<Timestamp>, StoreError>;
    /// The rebuild of an epoch is done: after another loss the next may begin at once. Of an older epoch it changes
    /// nothing.
    async fn finish(&self, performance: PerformanceId, epoch: u64) -> Result<(), StoreError>;
    /// Every seat that was ever touched.
    async fn seats(&self, performance: PerformanceId) -> Result<Vec<(SeatIndex, SeatRecord)>, StoreError>;
}

/// Brings a performance back that the store has lost.
#[async_trait]
pub trait BringBack: Send + Sync {
    /// Returns once it is back, or says why it is not.
    async fn bring_back(&self, performance: PerformanceId) -> Result<(), StoreError>;
}
