//! The outbox: committed events that subscribers have yet to hear about.

use super::StoreError;
use async_trait::async_trait;
use domain::{BookingId, PerformanceId};
use jiff::Timestamp;
use uuid::Uuid;

/// Waiting events, in shards. All events of one booking are in one shard, in order.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Leases a shard until `until`; `None` while another lease runs. The fence grows with each lease.
    async fn lease(&self, shard: Shard, now: Timestamp, until: Timestamp) -> Result<Option<u64>, StoreError>;
    /// Ends a lease early. No effect if another process has leased the shard by now.
    async fn end_lease(&self, shard: Shard, fence: u64) -> Result<(), StoreError>;
    /// The first events of a shard, oldest first, after `after` if given. It omits nothing that was committed before the
    /// call.
    async fn waiting(
        &self,
        shard: Shard,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Waiting>, StoreError>;
    /// Removes an event that every subscriber has heard of. Removing it again changes nothing.
    async fn remove(&self, shard: Shard, place: &str) -> Result<(), StoreError>;
}

/// One part of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard(u8);

impl Shard {
    /// The number of shards.
    pub const COUNT: u8 = 16;

    /// All shards.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..Self::COUNT).map(Self)
    }

    /// The shard of this number, which must be less than [`Shard::COUNT`].
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    /// The shard for events about a subject. The last byte of an id is random, so it decides.
    #[must_use]
    pub fn of(subject: Uuid) -> Self {
        let [.., last] = *subject.as_bytes();
        Self(last % Self::COUNT)
    }

    /// The shard's number.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

/// An entry of the outbox.
#[derive(Debug)]
pub struct Waiting {
    /// The entry's place in its shard. Entries are in the order of their places.
    pub place: String,
    /// When the entry was committed; the Unix epoch if it does not say so.
    pub at: Timestamp,
    /// What happened, or why the entry cannot be read.
    pub event: Result<Event, StoreError>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The kind of event, such as `booking.confirmed`.
    pub kind: String,
    /// The performance concerned.
    pub performance: PerformanceId,
    /// The booking concerned, if there is one.
    pub booking: Option<BookingId>,
}

/// The function `relay`, which tells subscribers about the events of the outbox.
#[async_trait]
pub trait Relay: Send + Sync {
    /// Says that an event is about to be committed to these shards: look at them now, and again for some seconds.
    async fn poke(&self, shards: Vec<Shard>) -> Result<(), StoreError>;
}
