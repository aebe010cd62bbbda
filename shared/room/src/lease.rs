//! What is written to the books before the room acts on it: leases of numbers and calls, and admissions. Departures are
//! written after they happened.

use crate::{Mistake, Room, RoomSteps, StoreError, Time, chain, draw::block};
use domain::{
    PerformanceId, UserId,
    queue::{Calls, Notes, Session, Unwritten, numbers_per_lease},
};
use futures_util::{StreamExt as _, stream};
use std::time::Duration;

/// How long a process waits before it looks again for another process's lease.
const LEASE_LOOK_EVERY: Duration = Duration::from_millis(20);
/// How many departures one request writes to the books at the same time.
const DEPARTURES_AT_ONCE: usize = 16;

impl<S: RoomSteps, T: Time> Room<S, T> {
    pub(crate) async fn wait_for_lease(&self) {
        self.time.sleep(LEASE_LOOK_EVERY).await;
    }

    /// Lease numbers. In the same write these entries go into the roster.
    pub(crate) async fn lease_numbers(
        &self,
        performance: PerformanceId,
        entries: &Unwritten,
    ) -> Result<(), StoreError> {
        let full = block(performance, entries);
        let count = numbers_per_lease(entries.first);
        let leased_to = self.books.lease_numbers(performance, count, full.as_ref()).await?;
        let written_to = full.map_or(0, |full| full.last());
        self.done(performance, || self.steps.numbers_leased(performance, leased_to, written_to)).await
    }

    /// Lease calls, where the step asked for it. Returns whether looking again is worth it. A failure is only logged:
    /// the queue stands still until the next look, and polls are answered.
    pub(crate) async fn lease_calls(&self, performance: PerformanceId, calls: Calls, is_worth: bool) -> bool {
        let to = match calls {
            Calls::Lease(to) if self.mistake != Some(Mistake::CallsNeverLeased) => to,
            Calls::Awaited if is_worth => {
                self.wait_for_lease().await;
                return true;
            }
            Calls::Lease(_) | Calls::Awaited | Calls::Enough => return false,
        };
        let lease = async {
            let called_to = self.books.lease_calls(performance, to).await?;
            self.done(performance, || self.steps.calls_leased(performance, called_to)).await
        };
        match lease.await {
            Ok(()) => is_worth,
            Err(error) => {
                tracing::warn!(event = "queue.calls_not_leased", %performance, error = chain(&error), "no calls were leased");
                false
            }
        }
    }

    /// Write down that those whose admission has lapsed are no longer inside. Where that fails a rebuild counts them as
    /// inside, until the time for a sign of life is over.
    pub(crate) async fn strike_off(&self, performance: PerformanceId, notes: &Notes) {
        if notes.departed.is_empty() {
            return;
        }
        let departures = stream::iter(notes.departed.iter().copied())
            .map(|user| self.books.depart(performance, user, notes.at_ms))
            .buffer_unordered(DEPARTURES_AT_ONCE);
        departures
            .for_each(async |departed| {
                if let Err(error) = departed {
                    tracing::warn!(event = "queue.departure_not_written", %performance, error = chain(&error), "a departure was not written down");
                }
            })
            .await;
    }

    /// Write an admission down before the client is told of it: a rebuild counts only whom the books have. This holds
    /// for a running session too: the process that began it may have died before this step. Returns false if a rebuild
    /// that may have missed it came in between.
    pub(crate) async fn write_down(
        &self,
        performance: PerformanceId,
        user: UserId,
        at_ms: u64,
        session: Session,
        epoch: u64,
    ) -> Result<bool, StoreError> {
        self.books.enter(performance, user, at_ms, session.ends_at_ms).await?;
        if self.mistake == Some(Mistake::EntryUnconfirmed) {
            return Ok(true);
        }
        self.done(performance, || self.steps.confirm(performance, user, epoch)).await
    }
}
