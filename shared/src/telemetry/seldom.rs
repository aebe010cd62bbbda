//! What each request would say, as long as something is away: said once a minute.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

const EVERY: Duration = Duration::from_mins(1);

/// When a line was last written.
#[derive(Debug, Default)]
pub struct Seldom(Mutex<Option<Instant>>);

impl Seldom {
    /// A line that was never written.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Whether to write it now; then it counts as written.
    pub fn is_due(&self) -> bool {
        self.is_due_at(Instant::now())
    }

    fn is_due_at(&self, now: Instant) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|at| now.duration_since(at) >= EVERY);
        if is_due {
            *last = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_due_once_a_minute() {
        let (line, begun) = (Seldom::new(), Instant::now());
        let is_due = |after_s| line.is_due_at(begun + Duration::from_secs(after_s));
        assert_eq!([0, 59, 60].map(is_due), [true, false, true]);
    }
}
