//! Shards that this process watches. A poke comes before the change that it announces, and its sender may die right after
//! the commit. So a shard is read again and again for some seconds.

use crate::pass::Telling;
use shared::{error::chain, ports::Shard, telemetry::context::carried};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout},
};

/// How long a shard is watched after a poke: a process repeats its poke only every four seconds, and a change may take the
/// books some seconds.
const LINGER: Duration = Duration::from_secs(12);
/// The shortest pause between two reads of a shard, however often it is poked.
const PAUSE_LEAST: Duration = Duration::from_millis(100);
/// The longest pause: each read that finds nothing doubles it.
const PAUSE_MOST: Duration = Duration::from_secs(1);
/// How long a watch keeps trying to deliver what fails; then the timer tries again.
const TRIED: Duration = Duration::from_mins(1);

/// The watches of a process, at most one per shard.
#[derive(Clone, Default)]
pub(crate) struct Watches {
    running: Arc<Mutex<HashMap<Shard, Watch>>>,
    /// Whether this process was ever poked.
    awake: Arc<AtomicBool>,
}

struct Watch {
    until: Instant,
    poked: Arc<Notify>,
}

impl Watches {
    /// Watches the shards that a poke names. After its first poke a process watches all shards, because it does not know
    /// what a process that died was told.
    pub(crate) fn poked(&self, telling: &Telling, shards: impl Iterator<Item = Shard>) {
        if self.awake.swap(true, Ordering::Relaxed) {
            shards.for_each(|shard| self.watch(telling, shard));
        } else {
            Shard::all().for_each(|shard| self.watch(telling, shard));
        }
    }

    fn watch(&self, telling: &Telling, shard: Shard) {
        let until = Instant::now() + LINGER;
        let mut running = self.running();
        if let Some(watch) = running.get_mut(&shard) {
            watch.until = until;
            watch.poked.notify_one();
            return;
        }
        let poked = Arc::new(Notify::new());
        running.insert(shard, Watch { until, poked: Arc::clone(&poked) });
        let turn = WatchTurn { all: self.clone(), shard, poked };
        tokio::spawn(carried(turn.run(telling.clone())));
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Shard, Watch>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The only watch of a shard. It ends when this is dropped, even if a pass panics.
struct WatchTurn {
    all: Watches,
    shard: Shard,
    poked: Arc<Notify>,
}

impl WatchTurn {
    async fn run(self, telling: Telling) {
        let tried_until = Instant::now() + TRIED;
        let mut pause = PAUSE_LEAST;
        loop {
            let is_done = match telling.pass(self.shard).await {
                Ok(pass) => pass.waiting == 0,
                Err(error) => {
                    tracing::warn!(
                        event = "outbox.not_read",
                        shard = self.shard.number(),
                        error = chain(&error),
                        "the outbox was not read"
                    );
                    false
                }
            };
            if self.is_over(is_done, tried_until) {
                return;
            }
            sleep(PAUSE_LEAST).await;
            let rest = pause.saturating_sub(PAUSE_LEAST);
            let was_poked = timeout(rest, self.poked.notified()).await.is_ok();
            pause = if was_poked { PAUSE_LEAST } else { (2 * pause).min(PAUSE_MOST) };
        }
    }

    /// Decided under the mutex that pokes take, so that none arrives between the decision and the end.
    fn is_over(&self, is_done: bool, tried_until: Instant) -> bool {
        let now = Instant::now();
        let mut running = self.all.running();
        let lingers = running.get(&self.shard).is_some_and(|watch| now < watch.until);
        let is_over = !lingers && (is_done || now >= tried_until);
        if is_over {
            running.remove(&self.shard);
        }
        is_over
    }
}

impl Drop for WatchTurn {
    fn drop(&mut self) {
        let mut running = self.all.running();
        // The next watch may already have begun.
        if running.get(&self.shard).is_some_and(|watch| Arc::ptr_eq(&watch.poked, &self.poked)) {
            running.remove(&self.shard);
        }
    }
}
