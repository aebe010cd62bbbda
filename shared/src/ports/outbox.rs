//! The outbox: what was committed and is still to be told to others.

use super::StoreError;
use async_trait::async_trait;
use domain::{BookingId, PerformanceId};
use jiff::Timestamp;
use uuid::Uuid;

/// Events that wait, in shards. What happened to one booking is in one shard, in its order.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Take a shard for oneself until then; nothing while another's lease runs. The fence grows with each lease.
    async fn lease(&self, shard: Shard, now: Timestamp, until: Timestamp) -> Result<Option<u64>, StoreError>;
    /// Give a lease back before its time. Without effect when the shard is another's by now.
    async fn end_lease(&self, shard: Shard, fence: u64) -> Result<(), StoreError>;
    /// The first events of a shard, oldest first, behind `after` if it is given. Nothing that was committed before
    /// the call is left out.
    async fn waiting(
        &self,
        shard: Shard,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Waiting>, StoreError>;
    /// Remove an event that every subscriber has heard of. Removing it again changes nothing.
    async fn remove(&self, shard: Shard, place: &str) -> Result<(), StoreError>;
}

/// One part of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard(u8);

impl Shard {
    /// How many there are.
    pub const COUNT: u8 = 16;

    /// Every one.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..Self::COUNT).map(Self)
    }

    /// By its number, which is less than [`Shard::COUNT`].
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    /// The one in which what happens to a subject is told: the last byte of an id is random.
    #[must_use]
    pub fn of(subject: Uuid) -> Self {
        let [.., last] = *subject.as_bytes();
        Self(last % Self::COUNT)
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

/// An entry of the outbox.
#[derive(Debug)]
pub struct Waiting {
    /// Where it is in its shard: entries are in the order of their places.
    pub place: String,
    /// When it was committed; the beginning of time for an entry that does not say so.
    pub at: Timestamp,
    /// What happened, or why it cannot be read.
    pub event: Result<Event, StoreError>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Such as `booking.confirmed`.
    pub kind: String,
    /// To which performance.
    pub performance: PerformanceId,
    /// To which of its bookings, if it was one.
    pub booking: Option<BookingId>,
}

/// What tells the events of the outbox: the function `relay`.
#[async_trait]
pub trait Relay: Send + Sync {
    /// Something is about to be committed to these shards: look at them now, and again for some seconds.
    async fn poke(&self, shards: Vec<Shard>) -> Result<(), StoreError>;
}
