//! What the books know of a queue: enough to go on after Redis has forgotten everything, or the last second.

use crate::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::{Block, Draw},
};
use jiff::Timestamp;

/// Everything is written here before the room acts on it, so that the books are never behind. Numbers and calls are
/// leased in blocks, each admission is written before the buyer is told, and the roster of a draw grows block by block.
#[async_trait]
pub trait QueueBooks: Send + Sync {
    /// Lease the next `count` numbers and return the highest one; no number is ever leased twice. While people gather
    /// for a draw, a number is an entry of the roster, and `full` holds the entries of the block that has just been
    /// used up: they are written in the same transaction. A block that was written before changes nothing and leases no
    /// more numbers.
    async fn lease_numbers(
        &self,
        performance: PerformanceId,
        count: u64,
        full: Option<&Block>,
    ) -> Result<u64, StoreError>;
    /// Lease calls up to this number. Returns how far calls may come: never less than was ever returned.
    async fn lease_calls(&self, performance: PerformanceId, called_to: u64) -> Result<u64, StoreError>;
    /// A user was let in at `at_ms`, with a session until `ends_at_ms`. A repeat changes nothing.
    async fn enter(
        &self,
        performance: PerformanceId,
        user: UserId,
        at_ms: u64,
        ends_at_ms: u64,
    ) -> Result<(), StoreError>;
    /// A user left at `at_ms`. A user who was let in again after that stays inside. A repeat changes nothing.
    async fn depart(&self, performance: PerformanceId, user: UserId, at_ms: u64) -> Result<(), StoreError>;
    /// All users who were let in, have not departed, and whose session has not ended: each with the session's end,
    /// milliseconds.
    async fn inside(
        &self,
        performance: PerformanceId,
        now: Timestamp,
    ) -> Result<Vec<(UserId, u64)>, StoreError>;
    /// The draw, if it has been made.
    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError>;
    /// Make the draw among the entries 1 to `pool_size`; `last` holds those that are not written yet. The first draw
    /// stands: another call returns it.
    async fn make_draw(
        &self,
        performance: PerformanceId,
        pool_size: u64,
        last: Option<&Block>,
    ) -> Result<Draw, StoreError>;
    /// The roster as far as it has been written, in the order of its entries.
    async fn roster(&self, performance: PerformanceId) -> Result<Vec<Block>, StoreError>;
}
