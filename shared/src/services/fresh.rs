//! Values that may be a little old: each is read from its source at most once in `max_age`, by one reader at a time,
//! however many ask.

use quick_cache::sync::Cache;
use std::{hash::Hash, sync::Arc, time::Duration};
use tokio::{sync::Mutex, time::Instant};

/// Remembered values, at most a fixed number of them.
pub struct Fresh<K, V> {
    slots: Cache<K, FreshSlot<V>>,
    max_age: Duration,
}

/// A value and when it was read. The reader that reads it anew holds the mutex meanwhile.
type FreshSlot<V> = Arc<Mutex<Option<(V, Instant)>>>;

impl<K: Hash + Eq + Clone, V: Clone> Fresh<K, V> {
    /// At most `capacity` values, each at most `max_age` old.
    #[must_use]
    pub fn new(capacity: usize, max_age: Duration) -> Self {
        Self { slots: Cache::new(capacity), max_age }
    }

    /// The remembered value; if it is too old, what `load` returns, which is given the old one. A failed load is not
    /// remembered: the next request tries again.
    pub async fn get<E, F>(&self, key: &K, load: impl FnOnce(Option<V>) -> F) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        self.get_if(key, |_| true, load).await
    }

    /// The same, for a caller that some remembered values do not serve.
    pub async fn get_if<E, F>(
        &self,
        key: &K,
        serves: impl FnOnce(&V) -> bool,
        load: impl FnOnce(Option<V>) -> F,
    ) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        let slot = match self.slots.get(key) {
            Some(slot) => slot,
            None => self.slots.get_or_insert_with(key, || Ok::<_, E>(Arc::default()))?,
        };
        let mut remembered = slot.lock().await;
        match &*remembered {
            Some((value, read_at)) if read_at.elapsed() < self.max_age && serves(value) => Ok(value.clone()),
            old => {
                let value = load(old.as_ref().map(|(value, _)| value.clone())).await?;
                *remembered = Some((value.clone(), Instant::now()));
                Ok(value)
            }
        }
    }

    /// Forget a value that is known to be outdated.
    pub fn forget(&self, key: &K) {
        self.slots.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn many_requests_at_once_cause_one_read() {
        let fresh = Fresh::new(10, Duration::from_mins(1));
        let reads = AtomicU32::new(0);
        let ask = || {
            fresh.get(&1, |_| async {
                tokio::task::yield_now().await;
                Ok::<_, ()>(reads.fetch_add(1, Ordering::Relaxed))
            })
        };
        assert_eq!(tokio::join!(ask(), ask(), ask()), (Ok(0), Ok(0), Ok(0)));
        fresh.forget(&1);
        assert_eq!(ask().await, Ok(1));
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered_and_an_old_value_is_read_again() {
        let fresh = Fresh::new(10, Duration::ZERO);
        assert_eq!(fresh.get(&1, |_| async { Err::<u8, _>("down") }).await, Err("down"));
        assert_eq!(fresh.get(&1, |old| async move { Ok::<_, &str>(old.unwrap_or(7)) }).await, Ok(7));
        assert_eq!(fresh.get(&1, |old| async move { Ok::<_, &str>(old.unwrap_or(0) + 1) }).await, Ok(8));
    }
}
