//! What a rebuild reads from the books.

use crate::StoreError;
use async_trait::async_trait;
use domain::{PerformanceId, layout::SeatIndex, queue::QueueMarks, seat::SeatRecord};
use jiff::Timestamp;

/// What a rebuild of one performance starts from. [`QueueBooks`](crate::QueueBooks) writes the queue's part of it.
#[async_trait]
pub trait Recovery: Send + Sync {
    /// Begin a rebuild. Of several processes that try within `lease_s`, one wins: it gets the queue's marks, with the
    /// next epoch. The others get nothing.
    async fn begin(
        &self,
        performance: PerformanceId,
        now: Timestamp,
        lease_s: i64,
    ) -> Result<Option<QueueMarks>, StoreError>;
    /// When the performance has begun and its sale is over; nothing where there is no such performance.
    async fn ends_at(&self, performance: PerformanceId) -> Result<Option<Timestamp>, StoreError>;
    /// End the lease of this epoch's rebuild: after another loss the next one may begin at once. An older epoch changes
    /// nothing.
    async fn finish(&self, performance: PerformanceId, epoch: u64) -> Result<(), StoreError>;
    /// The record of each seat that was ever reserved.
    async fn seats(&self, performance: PerformanceId) -> Result<Vec<(SeatIndex, SeatRecord)>, StoreError>;
}

/// Rebuilds a performance that the store has lost.
#[async_trait]
pub trait BringBack: Send + Sync {
    /// Returns once the performance is back, or says why it is not.
    async fn bring_back(&self, performance: PerformanceId) -> Result<(), StoreError>;
}
