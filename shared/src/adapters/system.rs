//! The real clock and real randomness: the one place that asks the machine for either.

use crate::ports::{Clock, Ids};
use jiff::{Timestamp, TimestampRound, Unit};
use room::Time;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;
use uuid::{Uuid, timestamp::context::ContextV7};

/// The machine's clock, in whole milliseconds: every store keeps such a time exactly.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that all other code takes as an argument"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        let rounding = TimestampRound::new().smallest(Unit::Millisecond).mode(jiff::RoundMode::Floor);
        now.round(rounding).unwrap_or(now)
    }
}

/// Time for the waiting room's protocol: a wall clock, and tokio's timers.
#[derive(Clone)]
pub struct TokioTime {
    clock: Arc<dyn Clock>,
    since: Instant,
}

impl TokioTime {
    /// Time by this wall clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, since: Instant::now() }
    }
}

impl Time for TokioTime {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Names from the clock and the operating system's randomness.
#[derive(Debug, Default)]
pub struct RandomIds {
    clock: SystemClock,
    sequence: Mutex<ContextV7>,
}

impl Ids for RandomIds {
    fn uuid(&self) -> Uuid {
        let since_epoch = self.clock.now().as_duration().unsigned_abs();
        let time =
            uuid::Timestamp::from_unix(&self.sequence, since_epoch.as_secs(), since_epoch.subsec_nanos());
        Uuid::new_v7(time)
    }

    #[expect(
        clippy::expect_used,
        reason = "without randomness nothing secret can be made: stopping is right"
    )]
    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).expect("the operating system gives randomness");
        secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_names_sort_later() {
        let ids = RandomIds::default();
        let made: Vec<_> = (0..10_000).map(|_| ids.uuid()).collect();
        assert!(made.is_sorted() && made.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn the_clock_tells_whole_milliseconds() {
        assert_eq!(SystemClock.now().as_nanosecond() % 1_000_000, 0);
    }

    #[test]
    fn secrets_differ() {
        assert_ne!(RandomIds::default().secret(), RandomIds::default().secret());
    }
}
