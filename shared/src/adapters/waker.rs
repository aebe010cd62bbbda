//! Wakes `relay` when a change is about to be committed: never on the answer's path, and with one poke at a time. If a
//! poke is lost, the timer that calls `relay` finds the change.

use crate::{
    error::chain,
    ports::{Relay, Shard},
    telemetry::context::carried,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    task::yield_now,
    time::{Instant, sleep, timeout},
};

/// How long a poke may take: `relay` may have to start first.
const POKE_WITHIN: Duration = Duration::from_secs(10);
/// How long `relay` need not be told of a shard again. It watches the shard for longer, by more than a change takes.
const TOLD_FOR: Duration = Duration::from_secs(4);
/// How long a `relay` that does not answer is left alone.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Wakes `relay`, where there is one.
#[derive(Clone, Default)]
pub struct Waker(Option<Arc<Bell>>);

struct Bell {
    relay: Arc<dyn Relay>,
    shards: Mutex<Shards>,
}

#[derive(Default)]
struct Shards {
    untold: BTreeSet<Shard>,
    told_at: BTreeMap<Shard, Instant>,
    is_poking: bool,
}

impl Waker {
    /// A waker of this `relay`.
    #[must_use]
    pub fn of(relay: Arc<dyn Relay>) -> Self {
        Self(Some(Arc::new(Bell { relay, shards: Mutex::default() })))
    }

    /// A change is about to be committed to these shards. A poke is sent off before the change; nothing waits for its
    /// answer.
    pub async fn wake(&self, shards: impl Iterator<Item = Shard>) {
        let Some(bell) = &self.0 else { return };
        if bell.shards().has_to_begin(shards) {
            tokio::spawn(carried(Arc::clone(bell).ring()));
            yield_now().await;
        }
    }
}

impl Shards {
    /// Whether a poke has to begin: there is a shard to tell of, and no poke under way after which it is told.
    fn has_to_begin(&mut self, shards: impl Iterator<Item = Shard>) -> bool {
        let now = Instant::now();
        let is_told = |shard: &Shard| self.told_at.get(shard).is_some_and(|at| now < *at + TOLD_FOR);
        let untold: Vec<_> = shards.filter(|shard| !is_told(shard)).collect();
        self.untold.extend(untold);
        let begins = !self.untold.is_empty() && !self.is_poking;
        self.is_poking |= begins;
        begins
    }

    /// The shards of the next poke; none ends the poking.
    fn next(&mut self) -> Vec<Shard> {
        let shards: Vec<_> = std::mem::take(&mut self.untold).into_iter().collect();
        self.told_at.extend(shards.iter().map(|shard| (*shard, Instant::now())));
        self.is_poking = !shards.is_empty();
        shards
    }
}

impl Bell {
    async fn ring(self: Arc<Self>) {
        loop {
            let shards = self.shards().next();
            if shards.is_empty() {
                return;
            }
            if !self.poke(shards.clone()).await {
                self.shards().told_at.retain(|shard, _| !shards.contains(shard));
                sleep(PAUSE_AFTER_FAILURE).await;
            }
        }
    }

    async fn poke(&self, shards: Vec<Shard>) -> bool {
        match timeout(POKE_WITHIN, self.relay.poke(shards)).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => {
                tracing::warn!(event = "relay.not_woken", error = chain(&error), "relay was not woken");
            }
            Err(_elapsed) => tracing::warn!(event = "relay.silent", "relay did not answer a poke in time"),
        }
        false
    }

    fn shards(&self) -> MutexGuard<'_, Shards> {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Waker").field(&self.0.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::StoreError;
    use async_trait::async_trait;

    /// Takes its time, and fails once where a test says so.
    #[derive(Default)]
    struct Listening {
        heard: Mutex<Vec<Vec<u8>>>,
        deaf_once: Mutex<bool>,
    }

    #[async_trait]
    impl Relay for Listening {
        async fn poke(&self, shards: Vec<Shard>) -> Result<(), StoreError> {
            let shards = shards.into_iter().map(Shard::number).collect();
            self.heard.lock().expect("not poisoned").push(shards);
            sleep(Duration::from_millis(50)).await;
            let is_deaf = std::mem::take(&mut *self.deaf_once.lock().expect("not poisoned"));
            if is_deaf { Err(StoreError::unavailable("relay", "deaf")) } else { Ok(()) }
        }
    }

    async fn wake(waker: &Waker, shards: &[u8]) {
        waker.wake(shards.iter().filter_map(|number| Shard::new(*number))).await;
    }

    #[tokio::test]
    async fn each_shard_is_told_once_in_a_while_and_one_poke_is_under_way_at_a_time() {
        let relay = Arc::new(Listening::default());
        let waker = Waker::of(Arc::clone(&relay) as _);
        let heard = || relay.heard.lock().expect("not poisoned").clone();
        wake(&waker, &[3]).await;
        assert_eq!(heard(), [[3]], "before the change is committed");
        for shards in [&[15, 0][..], &[3], &[15], &[7]] {
            wake(&waker, shards).await;
        }
        sleep(Duration::from_millis(150)).await;
        wake(&waker, &[0, 3, 7]).await;
        wake(&waker, &[1]).await;
        sleep(Duration::from_millis(100)).await;
        assert_eq!(heard(), [vec![3], vec![0, 7, 15], vec![1]]);
    }

    #[tokio::test]
    async fn a_poke_that_failed_is_repeated_with_the_next_change() {
        let relay = Arc::new(Listening { deaf_once: Mutex::new(true), ..Listening::default() });
        let waker = Waker::of(Arc::clone(&relay) as _);
        wake(&waker, &[3]).await;
        sleep(Duration::from_millis(100)).await;
        wake(&waker, &[3]).await;
        sleep(PAUSE_AFTER_FAILURE).await;
        assert_eq!(*relay.heard.lock().expect("not poisoned"), [[3], [3]]);
    }
}
