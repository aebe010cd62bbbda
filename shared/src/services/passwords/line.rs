//! The line for hashing: as long as can be served in time, and no longer.
//!
//! Without a bound a crowd makes all wait beyond their deadlines, and passwords are hashed for clients that have long
//! given up. With one the newest are told at once to come back, and as many are served each second as before.

use super::NotHashed;
use crate::telemetry::metrics::{HASHES, HASHES_WAITING, Occupancy, attribute, key};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a turn is expected to take before one was measured: long, so that a slow machine does not promise too much.
const PACE_AT_FIRST: Duration = Duration::from_millis(100);
/// A new measure moves the remembered pace by one part in this many.
const PACE_INERTIA: u64 = 8;

/// Turns, and the line of those who wait for one.
#[derive(Debug)]
pub(super) struct Line {
    turns: Arc<Semaphore>,
    at_once: usize,
    wait_max: Duration,
    length_max: usize,
    length: AtomicUsize,
    pace_us: AtomicU64,
}

/// A place in the line. Dropping it leaves the line.
#[derive(Debug)]
pub(super) struct LinePlace {
    line: Arc<Line>,
    _counted: Occupancy,
}

/// A turn. While it lasts there is one fewer for others.
#[derive(Debug)]
pub(super) struct HashTurn {
    standing: LinePlace,
    begun: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Line {
    /// A line for `at_once` turns at the same time. A wait is never longer than `wait_max`, nor behind more than
    /// `length_max` others.
    pub(super) fn new(at_once: usize, wait_max: Duration, length_max: usize) -> Arc<Self> {
        Arc::new(Self {
            turns: Arc::new(Semaphore::new(at_once)),
            at_once,
            wait_max,
            length_max,
            length: AtomicUsize::new(0),
            pace_us: AtomicU64::new(micros(PACE_AT_FIRST)),
        })
    }

    /// A place at the end of the line, or `Busy` where a turn would come too late.
    pub(super) fn join(self: &Arc<Self>) -> Result<LinePlace, NotHashed> {
        let before = self.length.fetch_add(1, Ordering::Relaxed);
        let standing = LinePlace { line: Arc::clone(self), _counted: HASHES_WAITING.enter(&[]) };
        let wait = self.expected_wait(before);
        if before >= self.length_max || wait > self.wait_max { Err(busy(wait)) } else { Ok(standing) }
    }

    fn expected_wait(&self, before: usize) -> Duration {
        let rounds = u64::try_from(before / self.at_once.max(1)).unwrap_or(u64::MAX);
        Duration::from_micros(rounds.saturating_mul(self.pace_us.load(Ordering::Relaxed)))
    }

    fn measured(&self, turn: Duration) {
        let update = |pace: u64| Some((pace * (PACE_INERTIA - 1) + micros(turn)) / PACE_INERTIA);
        let _ = self.pace_us.fetch_update(Ordering::Relaxed, Ordering::Relaxed, update);
    }
}

impl LinePlace {
    /// Waits for the turn; `Busy` where the line is slower than expected. Dropping the future leaves the line.
    pub(super) async fn turn(self) -> Result<HashTurn, NotHashed> {
        let turns = Arc::clone(&self.line.turns);
        match timeout(self.line.wait_max, turns.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(HashTurn { standing: self, begun: Instant::now(), _permit: permit }),
            Ok(Err(_closed)) => Err(NotHashed::Panicked),
            Err(_elapsed) => Err(busy(self.line.wait_max)),
        }
    }
}

impl HashTurn {
    /// The turn's work is done. How long it took says how long others will wait.
    pub(super) fn done(&self) {
        HASHES.add(1, &[attribute(key::OUTCOME, "hashed")]);
        self.standing.line.measured(self.begun.elapsed());
    }
}

impl Drop for LinePlace {
    fn drop(&mut self) {
        self.line.length.fetch_sub(1, Ordering::Relaxed);
    }
}

/// `Busy`, with the time until the line will have been served.
fn busy(wait: Duration) -> NotHashed {
    HASHES.add(1, &[attribute(key::OUTCOME, "busy")]);
    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    NotHashed::Busy { retry_after_ms: wait_ms.max(1_000) }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn the_newest_are_told_at_once_and_the_others_are_served_in_turn() {
        let line = Line::new(2, Duration::from_secs(1), 100);
        // At the pace that is expected at first ten rounds of two are within a second, and those of the eleventh begin
        // after it.
        let standings: Vec<_> = (0..22).map(|_| line.join().expect("a place")).collect();
        let refused = line.join().expect_err("no place");
        assert!(matches!(refused, NotHashed::Busy { .. }));
        for standing in standings {
            standing.turn().await.expect("a turn").done();
        }
        assert_eq!(line.length.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_line_is_as_long_as_its_pace_allows_and_never_longer_than_its_bound() {
        let line = Line::new(1, Duration::from_secs(1), 50);
        for _ in 0..100 {
            line.join().expect("a place").turn().await.expect("a turn").done();
        }
        let fast: Vec<_> = (0..100).map_while(|_| line.join().ok()).collect();
        assert_eq!(fast.len(), 50);
        drop(fast);
        for _ in 0..50 {
            line.measured(Duration::from_millis(600));
        }
        let slow: Vec<_> = (0..100).map_while(|_| line.join().ok()).collect();
        assert_eq!(slow.len(), 2, "the third would begin after 1.2 s");
    }

    #[tokio::test]
    async fn a_request_that_gave_up_is_not_waited_for_and_one_that_waited_too_long_is_told() {
        let line = Line::new(1, SOON, 100);
        line.measured(Duration::ZERO);
        for _ in 0..100 {
            line.measured(Duration::ZERO);
        }
        let turn = line.join().expect("a place").turn().await.expect("a turn");
        let given_up = line.join().expect("a place").turn();
        drop(given_up);
        assert_eq!(line.length.load(Ordering::Relaxed), 1);
        let waited = line.join().expect("a place").turn().await.expect_err("no turn");
        assert!(matches!(waited, NotHashed::Busy { .. }));
        drop(turn);
        line.join().expect("a place").turn().await.expect("a turn");
    }
}
