//! The history of sales: what the fast store knows of a moment, and the points that are kept.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId,
    history::{Interval, SaleMinute, Tally},
};
use jiff::Timestamp;

/// Counts what goes on in a sale.
#[async_trait]
pub trait Tallies: Send + Sync {
    /// What the store knows of a performance now. It changes nothing, except that a performance that the store has lost
    /// is rebuilt first.
    async fn tally(&self, performance: PerformanceId) -> Result<Tally, StoreError>;
}

/// Keeps the points of a sale's history at every [`Interval`]; each interval has the last look within it.
#[async_trait]
pub trait SaleHistory: Send + Sync {
    /// Keeps a look until it is this old. Within one interval the later look wins, so repeats and several writers are
    /// harmless.
    async fn record(
        &self,
        performance: PerformanceId,
        look: &SaleMinute,
        until: Timestamp,
    ) -> Result<(), StoreError>;
    /// The last look in the minute of `now` or before.
    async fn last(
        &self,
        performance: PerformanceId,
        now: Timestamp,
    ) -> Result<Option<SaleMinute>, StoreError>;
    /// The looks of a period, one an interval, oldest first. If there are more than `limit`, the newest.
    async fn looks(
        &self,
        performance: PerformanceId,
        interval: Interval,
        between: (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Vec<SaleMinute>, StoreError>;
}
