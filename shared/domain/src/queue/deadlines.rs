//! Keys that each end at some time: a sorted set, as Redis has it.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    ops::Bound,
};

/// Keys, each with the time at which it ends, milliseconds.
#[derive(Debug, Clone)]
pub struct Deadlines<K> {
    of: HashMap<K, u64>,
    in_order: BTreeSet<(u64, K)>,
}

impl<K> Default for Deadlines<K> {
    fn default() -> Self {
        Self { of: HashMap::new(), in_order: BTreeSet::new() }
    }
}

impl<K: Copy + Ord + Hash> Deadlines<K> {
    /// Add a key or move its end.
    pub fn set(&mut self, key: K, at: u64) {
        if let Some(before) = self.of.insert(key, at) {
            self.in_order.remove(&(before, key));
        }
        self.in_order.insert((at, key));
    }

    /// Take a key out. Returns when it would have ended.
    pub fn remove(&mut self, key: K) -> Option<u64> {
        let at = self.of.remove(&key)?;
        self.in_order.remove(&(at, key));
        Some(at)
    }

    /// When a key ends, if it is there.
    #[must_use]
    pub fn get(&self, key: K) -> Option<u64> {
        self.of.get(&key).copied()
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.of.len() as u64
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// How many end after `from` and not after `to`.
    #[must_use]
    pub fn count(&self, from: u64, to: u64) -> u64
    where
        K: Bounded,
    {
        if from >= to {
            return 0;
        }
        let range = (Bound::Excluded((from, K::MOST)), Bound::Included((to, K::MOST)));
        self.in_order.range(range).count() as u64
    }

    /// Take out the keys that have ended, at most `most`, the earliest first.
    pub fn take_lapsed(&mut self, now: u64, most: usize) -> Vec<K> {
        let lapsed: Vec<_> =
            self.in_order.iter().take_while(|(at, _)| *at <= now).take(most).map(|(_, key)| *key).collect();
        for key in &lapsed {
            self.remove(*key);
        }
        lapsed
    }
}

/// A key of which no other is greater.
pub trait Bounded {
    /// The greatest key.
    const MOST: Self;
}

impl Bounded for u64 {
    const MOST: Self = Self::MAX;
}
