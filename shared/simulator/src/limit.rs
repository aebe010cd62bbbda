//! How many may be inside while the organizer changes the cap.

use crate::check::{Kept, broken};

/// How long steps that began before a change may still take.
const STEPS_END_WITHIN_MS: u64 = 60_000;

/// The cap; after it was lowered, what was allowed before, as far as that is still in use.
#[derive(Debug, Default)]
pub(crate) struct Limit {
    allowed: u64,
    settled_at: u64,
}

impl Limit {
    pub(crate) fn new(cap: u32) -> Self {
        Self { allowed: cap.into(), settled_at: 0 }
    }

    pub(crate) fn changed(&mut self, cap: u32, now: u64) {
        self.at_least(cap.into());
        self.settled_at = now + STEPS_END_WITHIN_MS;
    }

    pub(crate) fn at_least(&mut self, count: u64) {
        self.allowed = self.allowed.max(count);
    }

    pub(crate) fn check(&mut self, promise: &'static str, count: u64, cap: u32, now: u64) -> Kept {
        if count > self.allowed {
            return broken(promise, format!("{count} of {} (cap {cap})", self.allowed));
        }
        if now >= self.settled_at {
            self.allowed = self.allowed.min(count).max(cap.into());
        }
        Ok(())
    }
}
