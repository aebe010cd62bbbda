//! What the books hear before the room acts on it: numbers, calls, admissions; and departures after they happened.

use crate::{Mistake, Room, RoomSteps, StoreError, Time, chain, draw::block};
use domain::{
    PerformanceId, UserId,
    queue::{Calls, Notes, Session, Unwritten, numbers_per_lease},
};
use futures_util::{StreamExt as _, stream};
use std::time::Duration;

/// How often a process looks whether another's lease has arrived.
const LEASE_LOOK_EVERY: Duration = Duration::from_millis(20);
/// People whom one request strikes off the list of those inside, at the same time.
const DEPARTURES_AT_ONCE: usize = 16;

impl<S: RoomSteps, T: Time> Room<S, T> {
    pub(crate) async fn wait_for_lease(&self) {
        self.time.sleep(LEASE_LOOK_EVERY).await;
    }

    /// The users of the block that begins with the entry `first` go into the roster.
    pub(crate) async fn lease_numbers(
        &self,
        performance: PerformanceId,
        first: u64,
        full: &[UserId],
    ) -> Result<(), StoreError> {
        let full = block(performance, &Unwritten { first, users: full.to_vec() });
        let leased_to =
            self.books.lease_numbers(performance, numbers_per_lease(first), full.as_ref()).await?;
        let written_to = full.map_or(0, |full| full.last());
        self.done(performance, || self.steps.numbers_leased(performance, leased_to, written_to)).await
    }

    /// Says whether it is worth looking again. It fails quietly: the queue stands still until the next look, and polls
    /// are answered.
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
                tracing::warn!(%performance, error = chain(&error), "no calls were leased");
                false
            }
        }
    }

    /// Those whose admission has lapsed are inside no more. Where that fails they count after a loss, for as long as a
    /// sign of life is waited for.
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
                    tracing::warn!(%performance, error = chain(&error), "a person who is gone counts as inside");
                }
            })
            .await;
    }

    /// Before a person is told that they are inside the books know it: what they do not know, a rebuild would not count.
    /// Also when the session is not new: the process that began it may have died before this. Says whether no rebuild
    /// came in between, which may not have heard of it.
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
