//! Cached values for pages, which may be a little old. One task at a time reads a value again, and its readers get the last
//! good one meanwhile. They wait only if there is none, or if it is older than a page should be.

use super::problem::Problem;
use crate::telemetry::context::carried;
use quick_cache::sync::Cache;
use std::{
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

/// How old a value may be.
#[derive(Debug, Clone, Copy)]
pub struct Ages {
    /// A value is not read again before this age, nor within this time after a failure.
    pub fresh: Duration,
    /// Up to this age readers get it at once, while it is read again. Beyond it (no reader came for a while, or the process was
    /// frozen between two requests) they wait for a new one.
    pub at_once: Duration,
    /// How long readers wait for a new value before they get the old one.
    pub patience: Duration,
    /// Up to this age readers get it if reading it again fails or takes too long.
    pub usable: Duration,
}

impl Ages {
    /// For what a page shows: fresh for a second, as its `Cache-Control` says; given at once for another; usable for an hour if
    /// the store is away. After a quiet time the first reader waits, so that a page shows what was just published.
    pub const PAGE: Self = Self {
        fresh: Duration::from_secs(1),
        at_once: Duration::from_secs(2),
        patience: Duration::from_secs(1),
        usable: Duration::from_hours(1),
    };
}

/// The last good values, at most a fixed number of them.
pub struct Lasting<K, V> {
    slots: Cache<K, Arc<LastingSlot<V>>>,
    ages: Ages,
}

struct LastingSlot<V>(Mutex<SlotState<V>>);

struct SlotState<V> {
    last: Option<(V, Instant)>,
    /// When reading it again first failed.
    failed_at: Option<Instant>,
    running: Option<PendingRead<V>>,
}

/// Receives the outcome of a read.
type PendingRead<V> = watch::Receiver<Option<Result<V, Problem>>>;

impl<K, V> Lasting<K, V>
where
    K: Hash + Eq + Clone,
    V: Clone + Send + Sync + 'static,
{
    /// An empty cache for this many values.
    #[must_use]
    pub fn new(capacity: usize, ages: Ages) -> Self {
        Self { slots: Cache::new(capacity), ages }
    }

    /// Returns the last good value. `load` reads it again in a task of its own, which goes on if its reader hangs up.
    ///
    /// # Errors
    /// That of `load`, if there is no value to give instead.
    pub async fn get<F>(&self, key: &K, load: impl FnOnce() -> F) -> Result<V, Problem>
    where
        F: Future<Output = Result<V, Problem>> + Send + 'static,
    {
        let slot = match self.slots.get(key) {
            Some(slot) => slot,
            None => self.slots.get_or_insert_with(key, || Ok::<_, Problem>(Arc::default()))?,
        };
        match slot.look(self.ages, load) {
            Look::Value(value) => Ok(value),
            Look::Wait { reading, old } => self.wait(&slot, reading, old).await,
        }
    }

    async fn wait(
        &self,
        slot: &LastingSlot<V>,
        mut reading: PendingRead<V>,
        old: Option<V>,
    ) -> Result<V, Problem> {
        let patience = if old.is_some() { self.ages.patience } else { Duration::MAX };
        let outcome = match timeout(patience, reading.wait_for(Option::is_some)).await {
            Ok(Ok(outcome)) => outcome.clone(),
            // The read panicked or takes too long.
            Ok(Err(_)) | Err(_) => None,
        };
        match (outcome, old) {
            (Some(Err(problem)), Some(old)) if passes(&problem) => Ok(old),
            (Some(outcome), _) => outcome,
            (None, Some(old)) => {
                // Later readers need not wait as well.
                slot.lock().failed_at.get_or_insert_with(Instant::now);
                Ok(old)
            }
            // The read panicked, and the panic was logged where it happened.
            (None, None) => std::panic::resume_unwind(Box::new("a value could not be read")),
        }
    }
}

/// Whether a problem may be gone at the next try. Any other problem is an answer, and replaces an old value.
fn passes(problem: &Problem) -> bool {
    problem.code().status().is_server_error()
}

enum Look<V> {
    Value(V),
    Wait { reading: PendingRead<V>, old: Option<V> },
}

impl<V> Default for LastingSlot<V> {
    fn default() -> Self {
        Self(Mutex::new(SlotState { last: None, failed_at: None, running: None }))
    }
}

impl<V: Clone + Send + Sync + 'static> LastingSlot<V> {
    /// Returns the current value or the read to wait for; begins a new read if one is due.
    fn look<F>(self: &Arc<Self>, ages: Ages, load: impl FnOnce() -> F) -> Look<V>
    where
        F: Future<Output = Result<V, Problem>> + Send + 'static,
    {
        let mut state = self.lock();
        let age = state.last.as_ref().map_or(Duration::MAX, |(_, read_at)| read_at.elapsed());
        let usable = state.last.as_ref().filter(|_| age <= ages.usable).map(|(value, _)| value.clone());
        let failed_lately = state.failed_at.is_some_and(|failed_at| failed_at.elapsed() < ages.fresh);
        match usable {
            Some(value) if age < ages.fresh || (failed_lately && state.running.is_none()) => {
                Look::Value(value)
            }
            old => {
                let reading = state.running.get_or_insert_with(|| self.begin(load())).clone();
                match old {
                    Some(value) if age < ages.at_once || state.failed_at.is_some() => Look::Value(value),
                    old => Look::Wait { reading, old },
                }
            }
        }
    }

    fn begin(
        self: &Arc<Self>,
        load: impl Future<Output = Result<V, Problem>> + Send + 'static,
    ) -> PendingRead<V> {
        let (tell, reading) = watch::channel(None);
        let turn = ReadTurn(Arc::clone(self));
        let read = async move {
            let outcome = load.await;
            turn.end(&outcome);
            let _ = tell.send(Some(outcome)); // All readers may have gone.
        };
        tokio::spawn(carried(read));
        reading
    }
}

impl<V> LastingSlot<V> {
    fn lock(&self) -> MutexGuard<'_, SlotState<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One read of a slot. Its drop lets the next read begin, also after a panic.
struct ReadTurn<V>(Arc<LastingSlot<V>>);

impl<V: Clone> ReadTurn<V> {
    fn end(self, outcome: &Result<V, Problem>) {
        let mut state = self.0.lock();
        match outcome {
            Ok(value) => (state.last, state.failed_at) = (Some((value.clone(), Instant::now())), None),
            Err(problem) if passes(problem) => state.failed_at = Some(Instant::now()),
            Err(_answer) => (state.last, state.failed_at) = (None, None),
        }
    }
}

impl<V> Drop for ReadTurn<V> {
    fn drop(&mut self) {
        self.0.lock().running = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::problem::Code;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::{
        sync::Notify,
        time::{sleep, timeout},
    };

    const MS: Duration = Duration::from_millis(1);
    const AGES: Ages = Ages {
        fresh: Duration::from_millis(20),
        at_once: Duration::from_mins(1),
        patience: Duration::from_millis(50),
        usable: Duration::from_hours(1),
    };

    type Page = Lasting<u8, u32>;

    async fn read(page: &Page, outcome: Result<u32, Code>) -> Result<u32, Code> {
        page.get(&1, || async move { outcome.map_err(Problem::from) }).await.map_err(|problem| problem.code())
    }

    async fn hang(page: &Page) -> Result<u32, Problem> {
        page.get(&1, std::future::pending).await
    }

    #[tokio::test]
    async fn readers_of_the_first_value_wait_for_one_reading() {
        let page = Page::new(10, AGES);
        let reads = Arc::new(AtomicU32::new(0));
        let ask = || {
            let reads = Arc::clone(&reads);
            page.get(&1, || async move {
                sleep(5 * MS).await;
                Ok(reads.fetch_add(1, Ordering::Relaxed))
            })
        };
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        assert_eq!((one.ok(), two.ok(), three.ok()), (Some(0), Some(0), Some(0)));
    }

    #[tokio::test]
    async fn an_old_value_is_given_at_once_while_a_new_one_is_read() {
        let page = Page::new(10, AGES);
        assert_eq!(read(&page, Ok(1)).await, Ok(1));
        assert_eq!(read(&page, Ok(2)).await, Ok(1), "it is fresh");
        sleep(30 * MS).await;
        assert_eq!(read(&page, Ok(3)).await, Ok(1), "no reader waits");
        sleep(10 * MS).await;
        assert_eq!(read(&page, Ok(4)).await, Ok(3), "it was read meanwhile");
    }

    #[tokio::test]
    async fn a_reading_that_hangs_is_not_waited_for_where_there_is_an_old_value() {
        let page = Page::new(10, AGES);
        assert_eq!(read(&page, Ok(1)).await, Ok(1));
        sleep(30 * MS).await;
        for _ in 0..3 {
            assert_eq!(timeout(10 * MS, hang(&page)).await.expect("at once").ok(), Some(1));
        }
    }

    #[tokio::test]
    async fn a_value_from_before_a_long_sleep_is_waited_for_and_then_given() {
        let page = Page::new(10, Ages { at_once: 20 * MS, ..AGES });
        assert_eq!(read(&page, Ok(1)).await, Ok(1));
        sleep(30 * MS).await;
        assert_eq!(read(&page, Ok(2)).await, Ok(2), "it is read soon enough");
        sleep(30 * MS).await;
        let begun = Instant::now();
        assert_eq!(hang(&page).await.ok(), Some(2));
        assert!(begun.elapsed() >= 50 * MS, "it was waited for");
    }

    #[tokio::test]
    async fn a_failure_keeps_the_last_good_value_and_is_not_repeated_at_once() {
        let page = Page::new(10, Ages { at_once: Duration::ZERO, ..AGES });
        assert_eq!(
            read(&page, Err(Code::StoreUnavailable)).await,
            Err(Code::StoreUnavailable),
            "there is none"
        );
        assert_eq!(read(&page, Ok(1)).await, Ok(1), "the next one tries again");
        sleep(30 * MS).await;
        assert_eq!(read(&page, Err(Code::StoreUnavailable)).await, Ok(1));
        assert_eq!(read(&page, Ok(2)).await, Ok(1), "not yet");
        sleep(30 * MS).await;
        assert_eq!(read(&page, Ok(3)).await, Ok(1), "readers do not wait for a store that failed");
        sleep(10 * MS).await;
        assert_eq!(read(&page, Ok(4)).await, Ok(3));
    }

    #[tokio::test]
    async fn a_value_that_is_too_old_or_no_longer_there_is_not_given() {
        let page = Page::new(10, Ages { at_once: Duration::ZERO, usable: 60 * MS, ..AGES });
        assert_eq!(read(&page, Ok(1)).await, Ok(1));
        sleep(80 * MS).await;
        assert_eq!(read(&page, Err(Code::Timeout)).await, Err(Code::Timeout));
        assert_eq!(read(&page, Ok(2)).await, Ok(2));
        sleep(30 * MS).await;
        assert_eq!(read(&page, Err(Code::NotFound)).await, Err(Code::NotFound));
        assert_eq!(read(&page, Err(Code::Timeout)).await, Err(Code::Timeout), "it is gone");
    }

    #[tokio::test]
    async fn a_reader_who_hangs_up_does_not_end_the_reading() {
        let page = Page::new(10, AGES);
        let go_on = Arc::new(Notify::new());
        let waits = Arc::clone(&go_on);
        let hung_up = page.get(&1, || async move {
            waits.notified().await;
            Ok(7)
        });
        assert!(timeout(5 * MS, hung_up).await.is_err());
        go_on.notify_one();
        assert_eq!(read(&page, Ok(8)).await, Ok(7));
    }

    #[tokio::test]
    async fn a_reading_that_panics_is_not_the_last_one() {
        let page = Arc::new(Page::new(10, AGES));
        let asked = Arc::clone(&page);
        let panics =
            tokio::spawn(async move { asked.get(&1, || async { unreachable!("on purpose") }).await });
        assert!(panics.await.is_err());
        assert_eq!(read(&page, Ok(1)).await, Ok(1));
    }
}
