//! What the books know of a queue: enough that a Redis that forgot everything, or the last second, can go on.

use crate::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::{Block, Draw},
};
use jiff::Timestamp;

/// Written before it is acted on, so that the books are never behind: numbers and calls are leased in blocks, each person
/// who goes in is written down first, the roster of a draw grows block by block.
#[async_trait]
pub trait QueueBooks: Send + Sync {
    /// Lease the next `count` numbers and return the highest one; no number is ever leased twice. Where people gather
    /// for a draw, a number is an entry of the roster, and `full` are the entries of the block that has just been used
    /// up: they are written in the same transaction. A block that was written before changes nothing, and no numbers
    /// are leased for it again.
    async fn lease_numbers(
        &self,
        performance: PerformanceId,
        count: u64,
        full: Option<&Block>,
    ) -> Result<u64, StoreError>;
    /// Calls may come as far as this number. Returns how far they may come: never less than was ever returned.
    async fn lease_calls(&self, performance: PerformanceId, called_to: u64) -> Result<u64, StoreError>;
    /// Somebody was let in at `at_ms`, until `ends_at_ms`. Again: the same.
    async fn enter(
        &self,
        performance: PerformanceId,
        user: UserId,
        at_ms: u64,
        ends_at_ms: u64,
    ) -> Result<(), StoreError>;
    /// Somebody went at `at_ms`. Who was let in again after that stays. Again: nothing.
    async fn depart(&self, performance: PerformanceId, user: UserId, at_ms: u64) -> Result<(), StoreError>;
    /// Everybody who was let in, has not departed, and whose session has not ended: each with its end, milliseconds.
    async fn inside(
        &self,
        performance: PerformanceId,
        now: Timestamp,
    ) -> Result<Vec<(UserId, u64)>, StoreError>;
    /// The draw, once it was made.
    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError>;
    /// Make the draw among the entries 1 to `pool_size`, of which `last` are those not yet written. The first draw stands: another call
    /// returns it.
    async fn make_draw(
        &self,
        performance: PerformanceId,
        pool_size: u64,
        last: Option<&Block>,
    ) -> Result<Draw, StoreError>;
    /// The roster as far as it was written, in the order of its entries.
    async fn roster(&self, performance: PerformanceId) -> Result<Vec<Block>, StoreError>;
}
