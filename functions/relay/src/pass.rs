//! One pass over a shard of the outbox: what waits in it is told, oldest first, and removed once every subscriber has heard.
//!
//! There is no mark of how far a shard was read: a transaction that began earlier may be committed later, and its event
//! stands before those that were told already. What waits is what is there.

use crate::subscriber::Subscribers;
use domain::PerformanceId;
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use shared::{
    app::FromApp,
    error::chain,
    ports::{Clock, Event, Outbox, Shard, StoreError, Waiting},
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;

/// No other process tells a shard's events for so long. A process that dies in a pass delays them by no more.
const LEASE: SignedDuration = SignedDuration::from_secs(5);
/// A pass ends before its lease does.
const PASS_MAX: Duration = Duration::from_secs(4);
/// Events that are read at once.
const PAGE: usize = 32;
/// Bookings of a page that are told of at the same time.
const AT_ONCE: usize = 8;
/// Performances that cannot be told of: with more of them a store is away, and the rest is left for later.
const FAILING_MAX: usize = 4;
/// What cannot be read may have been written by a newer version, which is given so long to read it.
const UNREADABLE_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Tells what waits in the outbox.
#[derive(Clone, FromApp)]
pub(crate) struct Telling {
    outbox: Arc<dyn Outbox>,
    subscribers: Subscribers,
    clock: Arc<dyn Clock>,
}

/// What became of events.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pass {
    /// Every subscriber has heard of them.
    pub(crate) told: u32,
    /// They could not be told now, or there was no time for them.
    pub(crate) waiting: u32,
    /// They could not be read: dropped, or kept for a newer version to read.
    pub(crate) unreadable: u32,
}

impl Pass {
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            told: self.told + other.told,
            waiting: self.waiting + other.waiting,
            unreadable: self.unreadable + other.unreadable,
        }
    }
}

impl Telling {
    /// Tell what waits in a shard, unless another process is at it.
    pub(crate) async fn pass(&self, shard: Shard) -> Result<Pass, StoreError> {
        if self.outbox.waiting(shard, None, 1).await?.is_empty() {
            return Ok(Pass::default());
        }
        let now = self.clock.now();
        let Some(fence) = self.outbox.lease(shard, now, now + LEASE).await? else {
            return Ok(Pass::default());
        };
        let mut pass = Pass::default();
        let told = timeout(PASS_MAX, self.tell_all(shard, &mut pass)).await;
        if let Err(error) = self.outbox.end_lease(shard, fence).await {
            tracing::warn!(error = chain(&error), shard = shard.number(), "the lease of a shard runs on");
        }
        match told {
            Ok(told) => told.map(|()| pass),
            Err(_elapsed) => Ok(Pass { waiting: pass.waiting + 1, ..pass }),
        }
    }

    async fn tell_all(&self, shard: Shard, pass: &mut Pass) -> Result<(), StoreError> {
        let mut failing = HashSet::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.outbox.waiting(shard, after.as_deref(), PAGE).await?;
            let is_last = page.len() < PAGE;
            after = page.last().map(|last| last.place.clone());
            let known = &failing;
            let outcomes: Vec<_> = stream::iter(by_subject(page))
                .map(|events| self.tell_in_order(shard, events, known))
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
            for (outcome, failed) in outcomes {
                *pass = pass.and(outcome);
                failing.extend(failed);
            }
            if is_last || failing.len() > FAILING_MAX {
                return Ok(());
            }
        }
    }

    /// What happened to one booking. What follows an event that could not be told waits with it.
    async fn tell_in_order(
        &self,
        shard: Shard,
        events: Vec<Waiting>,
        failing: &HashSet<PerformanceId>,
    ) -> (Pass, Option<PerformanceId>) {
        let mut pass = Pass::default();
        let mut left = events.len();
        for waiting in events {
            let performance = waiting.event.as_ref().ok().map(|event| event.performance);
            if performance.is_some_and(|performance| failing.contains(&performance)) {
                return (pass.and(still_waiting(left)), None);
            }
            match self.tell(shard, waiting).await {
                Ok(told) => pass = pass.and(told),
                Err(error) => {
                    tracing::warn!(
                        error = chain(&error),
                        shard = shard.number(),
                        "an event is told again later"
                    );
                    return (pass.and(still_waiting(left)), performance);
                }
            }
            left -= 1;
        }
        (pass, None)
    }

    async fn tell(&self, shard: Shard, waiting: Waiting) -> Result<Pass, StoreError> {
        let Waiting { place, at, event } = waiting;
        let heard = match event {
            Ok(event) => self.all_hear(&event).await,
            Err(unreadable) => Err(unreadable),
        };
        match heard {
            Ok(()) => {
                self.outbox.remove(shard, &place).await?;
                Ok(Pass { told: 1, ..Pass::default() })
            }
            Err(why @ StoreError::Unreadable { .. }) => {
                self.put_aside(shard, &place, at, &why).await?;
                Ok(Pass { unreadable: 1, ..Pass::default() })
            }
            Err(error) => Err(error),
        }
    }

    async fn all_hear(&self, event: &Event) -> Result<(), StoreError> {
        for subscriber in self.subscribers.0.iter() {
            subscriber.hear(event).await?;
        }
        Ok(())
    }

    /// It must not be in the way of others, neither now nor for ever.
    async fn put_aside(
        &self,
        shard: Shard,
        place: &str,
        at: Timestamp,
        why: &StoreError,
    ) -> Result<(), StoreError> {
        let is_kept = self.clock.now().duration_since(at) < UNREADABLE_KEPT;
        tracing::error!(error = chain(why), place, is_kept, "an event cannot be read");
        if is_kept { Ok(()) } else { self.outbox.remove(shard, place).await }
    }
}

fn still_waiting(events: usize) -> Pass {
    Pass { waiting: u32::try_from(events).unwrap_or(u32::MAX), ..Pass::default() }
}

/// Events of one booking, in their order; those of none each by themselves.
fn by_subject(page: Vec<Waiting>) -> Vec<Vec<Waiting>> {
    let mut subjects: BTreeMap<_, Vec<Waiting>> = BTreeMap::new();
    for (position, waiting) in page.into_iter().enumerate() {
        let booking = waiting.event.as_ref().ok().and_then(|event| event.booking);
        let alone = booking.is_none().then_some(position);
        subjects.entry((booking, alone)).or_default().push(waiting);
    }
    subjects.into_values().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]
mod tests;
