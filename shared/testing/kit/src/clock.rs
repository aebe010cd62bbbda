//! The machine's clock, set forward by a test.

use jiff::{SignedDuration, Timestamp};
use shared::{adapters::system::SystemClock, ports::Clock};
use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Default)]
pub(crate) struct SettableClock {
    ahead_s: AtomicI64,
}

impl SettableClock {
    pub(crate) fn set_forward(&self, by_s: i64) {
        self.ahead_s.fetch_add(by_s, Ordering::SeqCst);
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_secs(self.ahead_s.load(Ordering::SeqCst))
    }
}
