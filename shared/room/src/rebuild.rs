//! Rebuilds a performance from the books after Redis has lost it.

use crate::{
    BringBack, Loss, Mistake, QueueBooks, Recovery, Restored, RoomSteps, StepError, StoreError, Time, chain,
    draw::block, within,
};
use async_trait::async_trait;
use domain::{PerformanceId, UserId, layout::SeatIndex, queue::QueueMarks, seat::SeatRecord};
use futures_util::{
    FutureExt as _, StreamExt as _, TryStreamExt as _,
    future::{join, try_join},
    stream,
};
use jiff::{SignedDuration, Timestamp};
use std::{sync::Arc, time::Duration};

/// How often a performance is rebuilt for one step: it may be lost again at once.
const LOSSES_MAX: u32 = 3;
/// How long no other process may rebuild.
const LEASE_S: i64 = 15;
/// A rebuild gives up before its lease ends, so that two rebuilds of one performance never write at the same time.
const REBUILD_MAX: Duration = Duration::from_secs(12);
/// How long a process follows another's rebuild: longer than the lease, in case its owner has died.
const FOLLOW_MAX: Duration = Duration::from_secs(20);
/// The first pause before it looks whether the other is done. Each pause is twice the one before.
const LOOK_FIRST: Duration = Duration::from_millis(5);
/// The longest of those pauses.
const LOOK_MOST: Duration = Duration::from_millis(200);
/// The most seats or people restored by one step: bounds how long Redis is busy with it.
const PER_STEP_MAX: usize = 1_000;
/// How many such steps are under way at the same time.
const STEPS_AT_ONCE: usize = 4;
/// How long Redis keeps a performance after its end. A request that comes later is worth a rebuild.
const KEPT_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long it keeps one that was rebuilt later than that.
const KEPT_LEAST: SignedDuration = SignedDuration::from_hours(24);

/// Do a step on a performance that is whole: if the store has lost it, it is rebuilt first.
///
/// # Errors
/// The store failed, or lost the performance again each time.
pub async fn whole<A, F>(
    back: &dyn BringBack,
    performance: PerformanceId,
    step: impl Fn() -> F + Send,
) -> Result<A, StoreError>
where
    F: Future<Output = Result<A, StepError>> + Send,
{
    for _ in 0..LOSSES_MAX {
        match step().await {
            Ok(answer) => return Ok(answer),
            Err(StepError::Lost) => back.bring_back(performance).await?,
            Err(StepError::Store(error)) => return Err(error),
        }
    }
    Err(StoreError::Rebuilding)
}

/// Rebuilds performances, or follows another process that does.
pub struct Rebuilder<S, T> {
    steps: Arc<S>,
    books: Arc<dyn QueueBooks>,
    recovery: Arc<dyn Recovery>,
    time: T,
    mistake: Option<Mistake>,
}

/// How a performance came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameBack {
    /// This process rebuilt it after the store had lost it.
    Rebuilt,
    /// Another process did, or there was nothing to lose: the store had never had it, or had kept it to its end.
    Otherwise,
}

/// What became of one try to rebuild a performance.
enum Tried {
    /// It is back. If this try held the lease, the lease's epoch.
    Back(CameBack, Option<u64>),
    /// Another process is rebuilding it, or it was lost again meanwhile.
    NotYet,
}

impl<S: RoomSteps, T: Time> Rebuilder<S, T> {
    /// Rebuilds from these books by these steps.
    #[must_use]
    pub fn new(steps: Arc<S>, books: Arc<dyn QueueBooks>, recovery: Arc<dyn Recovery>, time: T) -> Self {
        Self { steps, books, recovery, time, mistake: None }
    }

    /// With a mistake built in, to test the simulator's checker.
    #[must_use]
    pub fn mistaken(self, mistake: Option<Mistake>) -> Self {
        Self { mistake, ..self }
    }

    /// Bring the performance back, rebuilt by this process or by another that holds the lease. `tell` hears the outcome
    /// (a store failed, or the other process is not done in time) before the lease is given back: the requests that
    /// wait for the performance need not wait for that. Returns what `tell` returned.
    pub async fn bring_back_and_tell<A: Send>(
        &self,
        performance: PerformanceId,
        tell: impl FnOnce(Result<CameBack, StoreError>) -> A + Send,
    ) -> A {
        let (outcome, leased) = match self.rebuild_or_follow(performance).await {
            Ok((how, leased)) => (Ok(how), leased),
            Err(error) => (Err(error), None),
        };
        let told = tell(outcome);
        if let Some(epoch) = leased {
            self.finish(performance, epoch).await;
        }
        told
    }

    /// Returns once the performance is back; if this process held the lease, with the epoch to [finish](Self::finish).
    async fn rebuild_or_follow(
        &self,
        performance: PerformanceId,
    ) -> Result<(CameBack, Option<u64>), StoreError> {
        let (since, mut pause) = (self.time.elapsed(), LOOK_FIRST);
        while self.time.elapsed().saturating_sub(since) < FOLLOW_MAX {
            match self.rebuild(performance).await? {
                Tried::Back(how, epoch) => return Ok((how, epoch)),
                Tried::NotYet => self.time.sleep(pause).await,
            }
            pause = (pause * 2).min(LOOK_MOST);
        }
        Err(StoreError::Rebuilding)
    }

    async fn rebuild(&self, performance: PerformanceId) -> Result<Tried, StoreError> {
        let Some(loss) = self.steps.begin_rebuild(performance).await? else {
            return Ok(Tried::Back(CameBack::Otherwise, None));
        };
        // From here on Redis gives nothing until this loss is over, so what the books say from now on stands.
        let now = self.time.now();
        let leased = self.recovery.begin(performance, now, LEASE_S);
        let (marks, ends_at) = join(leased, self.recovery.ends_at(performance)).await;
        let Some(marks) = marks? else { return Ok(Tried::NotYet) };
        let kept_to = ends_at.map(|ends_at| kept_to(ends_at.unwrap_or(now)));
        let was_lost = !marks.is_first() && kept_to.as_ref().is_ok_and(|kept_to| now < *kept_to);
        let restored = async { self.restore(performance, &marks, &loss, now, kept_to?).await };
        let restored = within(&self.time, REBUILD_MAX, restored).await;
        match restored.unwrap_or_else(|| Err(StoreError::unavailable("redis", "a rebuild took too long"))) {
            Ok(Restored::Done) if was_lost => Ok(Tried::Back(CameBack::Rebuilt, Some(marks.epoch))),
            Ok(Restored::Done | Restored::Back) => Ok(Tried::Back(CameBack::Otherwise, Some(marks.epoch))),
            outcome => {
                // The next try need not wait for the lease to run out.
                self.finish(performance, marks.epoch).await;
                outcome.map(|_| Tried::NotYet)
            }
        }
    }

    async fn restore(
        &self,
        performance: PerformanceId,
        marks: &QueueMarks,
        loss: &Loss,
        now: Timestamp,
        kept_to: Timestamp,
    ) -> Result<Restored, StoreError> {
        let (mut seats, mut inside) = (Vec::new(), Vec::new());
        // Before the first rebuild Redis knew nothing of the performance, so no seat and no place can have been taken.
        if !marks.is_first() {
            // Another process may have finished just before this one got the lease: then there is nothing left to do.
            let checked = self.steps.restore_inside(performance, &loss.name, &[]).await?;
            if checked != Restored::Done {
                return Ok(checked);
            }
            self.keep_entries(performance, marks, loss).await?;
            let books = try_join(self.recovery.seats(performance), self.books.inside(performance, now));
            (seats, inside) = books.await?;
            let restored = self.restore_parts(performance, &loss.name, &seats, &inside).await?;
            if restored == Restored::Outrun {
                return Ok(restored);
            }
        }
        let expires_at = kept_to.max(now + KEPT_LEAST);
        let reopened = self.steps.reopen(performance, &loss.name, marks, expires_at).await?;
        if reopened != Restored::Outrun {
            let (epoch, seats, inside) = (marks.epoch, seats.len(), inside.len());
            if marks.is_first() || kept_to <= now {
                tracing::info!(event = "redis.filled", %performance, "redis has the performance from now on");
            } else {
                tracing::info!(event = "redis.rebuilt", %performance, epoch, seats, inside, "redis was rebuilt");
            }
        }
        Ok(reopened)
    }

    async fn restore_parts(
        &self,
        performance: PerformanceId,
        loss: &str,
        seats: &[(SeatIndex, SeatRecord)],
        inside: &[(UserId, u64)],
    ) -> Result<Restored, StoreError> {
        let of_seats = seats.chunks(PER_STEP_MAX);
        let of_seats = of_seats.map(|some| self.steps.restore_seats(performance, some).boxed());
        let of_people = inside.chunks(PER_STEP_MAX);
        let of_people = of_people.map(|some| self.steps.restore_inside(performance, loss, some).boxed());
        let steps: Vec<_> = of_seats.chain(of_people).collect();
        let outcomes: Vec<_> = stream::iter(steps).buffer_unordered(STEPS_AT_ONCE).try_collect().await?;
        let is_outrun = outcomes.contains(&Restored::Outrun);
        Ok(if is_outrun { Restored::Outrun } else { Restored::Done })
    }

    /// Write entries to the roster that a restarted server or a replica still has and the roster lacks.
    async fn keep_entries(
        &self,
        performance: PerformanceId,
        marks: &QueueMarks,
        loss: &Loss,
    ) -> Result<(), StoreError> {
        if marks.pool_size.is_some() || self.mistake == Some(Mistake::EntriesNotKept) {
            return Ok(());
        }
        match block(performance, &loss.unwritten) {
            Some(block) => self.books.lease_numbers(performance, 0, Some(&block)).await.map(drop),
            None => Ok(()),
        }
    }

    /// Give the lease of an epoch back, so that the next rebuild may begin at once after another loss. Without it the
    /// lease runs out by itself.
    async fn finish(&self, performance: PerformanceId, epoch: u64) {
        if let Err(error) = self.recovery.finish(performance, epoch).await {
            tracing::warn!(event = "redis.rebuild_lease_left", %performance, error = chain(&error), "the lease of a rebuild was not given back");
        }
    }
}

/// Until when the store keeps a performance that ends at this time.
fn kept_to(ends_at: Timestamp) -> Timestamp {
    // At the end of the calendar the addition fails.
    ends_at.saturating_add(KEPT_AFTER).unwrap_or(Timestamp::MAX)
}

#[async_trait]
impl<S: RoomSteps, T: Time> BringBack for Rebuilder<S, T> {
    async fn bring_back(&self, performance: PerformanceId) -> Result<(), StoreError> {
        self.bring_back_and_tell(performance, |outcome| outcome.map(drop)).await
    }
}
