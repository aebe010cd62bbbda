//! One pass over a shard of the outbox: its events are delivered, oldest first, and removed once every subscriber has heard
//! of them.
//!
//! There is no mark of how far a shard was read: a transaction that began earlier may be committed later, and its event
//! then precedes those already delivered. Whatever is in the shard is still waiting.

use crate::subscriber::Subscribers;
use domain::PerformanceId;
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use shared::{
    app::FromApp,
    error::chain,
    ports::{Clock, Event, Outbox, Shard, StoreError, Waiting},
    telemetry::{
        context::unrecorded,
        metrics::{self, attribute, key},
    },
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;

/// How long no other process delivers a shard's events. If a process dies during a pass, it delays them by this at most.
const LEASE: SignedDuration = SignedDuration::from_secs(5);
/// The longest pass. It ends before its lease does.
const PASS_MAX: Duration = Duration::from_secs(4);
/// How many events are read at once.
const PAGE: usize = 32;
/// How many bookings of a page are handled at the same time.
const AT_ONCE: usize = 8;
/// How many performances may fail. If there are more, a store is down and the rest is left for later.
const FAILING_MAX: usize = 4;
/// How long an unreadable event is kept. A newer version may have written it and needs time to read it.
const UNREADABLE_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Delivers what waits in the outbox.
#[derive(Clone, FromApp)]
pub(crate) struct Telling {
    outbox: Arc<dyn Outbox>,
    subscribers: Subscribers,
    clock: Arc<dyn Clock>,
}

/// Counts of events by outcome.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pass {
    /// Every subscriber has heard of them.
    pub(crate) told: u32,
    /// They could not be delivered now, or there was no time for them.
    pub(crate) waiting: u32,
    /// They could not be read: dropped, or kept for a newer version to read.
    pub(crate) unreadable: u32,
    /// When the oldest event was committed that waits after the pass.
    pub(crate) oldest: Option<Timestamp>,
}

impl Pass {
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            told: self.told + other.told,
            waiting: self.waiting + other.waiting,
            unreadable: self.unreadable + other.unreadable,
            oldest: self.oldest.into_iter().chain(other.oldest).min(),
        }
    }

    fn count(&self) {
        for (outcome, events) in
            [("delivered", self.told), ("waiting", self.waiting), ("unreadable", self.unreadable)]
        {
            if events > 0 {
                metrics::DELIVERIES.add(events.into(), &[attribute(key::OUTCOME, outcome)]);
            }
        }
    }
}

impl Telling {
    /// Delivers what waits in a shard, unless another process is doing so.
    pub(crate) async fn pass(&self, shard: Shard) -> Result<Pass, StoreError> {
        let Some(first) = unrecorded(self.outbox.waiting(shard, None, 1)).await?.pop() else {
            return Ok(Pass::default());
        };
        let oldest = Some(first.at);
        let now = self.clock.now();
        let Some(fence) = self.outbox.lease(shard, now, now + LEASE).await? else {
            return Ok(Pass { oldest, ..Pass::default() });
        };
        let mut pass = Pass::default();
        let told = timeout(PASS_MAX, self.tell_all(shard, &mut pass)).await;
        if let Err(error) = self.outbox.end_lease(shard, fence).await {
            tracing::warn!(
                event = "outbox.lease_left",
                shard = shard.number(),
                error = chain(&error),
                "the lease of a shard runs on"
            );
        }
        if told.is_err() {
            // There was no time for the rest.
            pass = Pass { waiting: pass.waiting + 1, oldest, ..pass };
        }
        pass.count();
        told.unwrap_or(Ok(())).map(|()| pass)
    }

    /// How long the oldest event of a pass over all shards has waited; 0 where none waits.
    pub(crate) fn age(&self, pass: &Pass) -> SignedDuration {
        let age = pass.oldest.map(|at| self.clock.now().duration_since(at));
        age.unwrap_or_default().max(SignedDuration::ZERO)
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

    /// Delivers the events of one booking. Events after one that could not be delivered wait with it.
    async fn tell_in_order(
        &self,
        shard: Shard,
        events: Vec<Waiting>,
        failing: &HashSet<PerformanceId>,
    ) -> (Pass, Option<PerformanceId>) {
        let mut pass = Pass::default();
        let mut left = events.len();
        for waiting in events {
            let at = waiting.at;
            let performance = waiting.event.as_ref().ok().map(|event| event.performance);
            if performance.is_some_and(|performance| failing.contains(&performance)) {
                return (pass.and(still_waiting(left, at)), None);
            }
            match self.tell(shard, waiting).await {
                Ok(told) => pass = pass.and(told),
                Err(error) => {
                    tracing::warn!(
                        event = "outbox.told_later",
                        shard = shard.number(),
                        error = chain(&error),
                        "an event is told again later"
                    );
                    return (pass.and(still_waiting(left, at)), performance);
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
                let is_kept = self.put_aside(shard, &place, at, &why).await?;
                Ok(Pass { unreadable: 1, oldest: is_kept.then_some(at), ..Pass::default() })
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

    /// An unreadable event must not block others, neither now nor for ever. Returns whether it still waits.
    async fn put_aside(
        &self,
        shard: Shard,
        place: &str,
        at: Timestamp,
        why: &StoreError,
    ) -> Result<bool, StoreError> {
        let is_kept = self.clock.now().duration_since(at) < UNREADABLE_KEPT;
        tracing::error!(
            event = "outbox.unreadable",
            place,
            is_kept,
            error = chain(why),
            "an event cannot be read"
        );
        if !is_kept {
            self.outbox.remove(shard, place).await?;
        }
        Ok(is_kept)
    }
}

fn still_waiting(events: usize, oldest: Timestamp) -> Pass {
    Pass { waiting: u32::try_from(events).unwrap_or(u32::MAX), oldest: Some(oldest), ..Pass::default() }
}

/// Groups the events by booking, in order. Events without a booking are each by themselves.
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
