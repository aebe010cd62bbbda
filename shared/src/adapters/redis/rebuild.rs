//! After Redis was lost: bring a performance back from the books.

use super::{Connection, perform, room, steps, steps::Step};
use crate::{
    http::problem::chain,
    ports::{QueueBooks, Recovery, StoreError},
};
use domain::{
    PerformanceId, UserId,
    layout::SeatIndex,
    queue::Marks,
    seat::{Ownership, SeatRecord},
};
use jiff::Timestamp;
use redis::FromRedisValue;
use std::{collections::HashSet, sync::Arc, sync::Mutex, sync::PoisonError, time::Duration};
use tokio::time::{sleep, timeout};

/// Nobody else may rebuild for so long. A rebuild that takes longer gives up before.
const LEASE_S: i64 = 15;
/// So that two rebuilds of one performance never write at the same time.
const REBUILD_MAX: Duration = Duration::from_secs(12);
/// How long a request waits for another's rebuild, and how often it looks.
const LOOKS_MAX: u32 = 6;
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Seats or people restored by one step: bounds how long Redis serves nobody else.
const PER_STEP_MAX: usize = 1_000;

/// What a rebuild needs.
#[derive(Clone)]
pub(super) struct Rebuilder {
    pub(super) connection: Arc<Connection>,
    pub(super) recovery: Arc<dyn Recovery>,
    pub(super) queue_books: Arc<dyn QueueBooks>,
    pub(super) in_progress: InProgress,
}

impl Rebuilder {
    /// Bring a performance back, or wait a little for whoever does.
    pub(super) async fn bring_back(
        &self,
        performance: PerformanceId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(turn) = self.in_progress.enter(performance) else {
            return self.wait_for_another(performance).await;
        };
        let rebuilder = self.clone();
        // On its own: a client that hangs up must not leave a rebuild half done and leased.
        let rebuild = tokio::spawn(async move {
            let _turn = turn;
            timeout(REBUILD_MAX, rebuilder.rebuild(performance, now)).await
        });
        match rebuild.await {
            Ok(Ok(done)) => done,
            Ok(Err(too_slow)) => Err(StoreError::unavailable("redis", too_slow)),
            Err(ended) => Err(StoreError::unavailable("redis", ended)),
        }
    }

    async fn rebuild(&self, performance: PerformanceId, now: Timestamp) -> Result<(), StoreError> {
        if self.is_back(performance).await? {
            return Ok(());
        }
        let Some(epoch) = self.recovery.begin(performance, now, LEASE_S).await? else {
            return self.wait_for_another(performance).await;
        };
        // Another may have been done with it just before the lease was ours: then it is not done again.
        if self.is_back(performance).await? {
            self.finish(performance, epoch).await;
            return Ok(());
        }
        let restored = self.restore(performance, epoch, now).await;
        // Also after a failure: the next one who asks need not wait for the lease to run out.
        self.finish(performance, epoch).await;
        restored
    }

    async fn restore(
        &self,
        performance: PerformanceId,
        epoch: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let begun = self.perform(Step::of(&steps::BEGIN_REBUILD, performance).arg(epoch)).await?;
        // Anything else says that the performance is back.
        let redis::Value::Array(_) = begun else { return Ok(()) };
        let (first, users): (u64, Vec<u8>) = super::read(begun)?;

        // From here on nothing is given before this rebuild is done, or another one: what the books say now stands.
        let marks = self.recovery.marks(performance).await?;
        if marks.epoch != epoch {
            return Err(StoreError::Rebuilding);
        }
        self.keep_entries(performance, &marks, first, &users).await?;
        let (seats, inside) =
            tokio::try_join!(self.recovery.seats(performance), self.queue_books.inside(performance, now))?;
        for some in seats.chunks(PER_STEP_MAX) {
            self.perform::<()>(restore_seats(performance, some)).await?;
        }
        for some in inside.chunks(PER_STEP_MAX) {
            self.perform::<()>(restore_inside(performance, &marks, some)).await?;
        }
        self.perform::<()>(reopen(performance, &marks)).await?;
        let (seats, inside) = (seats.len(), inside.len());
        tracing::info!(%performance, epoch, seats, inside, "redis was rebuilt");
        Ok(())
    }

    /// Entries of a draw that a restarted server or a replica still has, and the roster has not, are written to it.
    async fn keep_entries(
        &self,
        performance: PerformanceId,
        marks: &Marks,
        first: u64,
        users: &[u8],
    ) -> Result<(), StoreError> {
        match room::block(performance, first, users).filter(|_| marks.pool_size.is_none()) {
            Some(block) => self.queue_books.lease_numbers(performance, 0, Some(&block)).await.map(drop),
            None => Ok(()),
        }
    }

    /// Without it the lease runs out by itself: Redis is back all the same.
    async fn finish(&self, performance: PerformanceId, epoch: u64) {
        if let Err(error) = self.recovery.finish(performance, epoch).await {
            tracing::warn!(%performance, error = chain(&error), "the lease of a rebuild runs on");
        }
    }

    async fn wait_for_another(&self, performance: PerformanceId) -> Result<(), StoreError> {
        for _ in 0..LOOKS_MAX {
            sleep(LOOK_EVERY).await;
            if self.is_back(performance).await? {
                return Ok(());
            }
        }
        Err(StoreError::Rebuilding)
    }

    async fn is_back(&self, performance: PerformanceId) -> Result<bool, StoreError> {
        self.perform(Step::of(&steps::IS_BACK, performance)).await
    }

    async fn perform<T: FromRedisValue>(&self, step: Step) -> Result<T, StoreError> {
        perform(&self.connection, &step).await.map_err(super::unavailable).and_then(super::read)
    }
}

fn restore_seats(performance: PerformanceId, seats: &[(SeatIndex, SeatRecord)]) -> Step {
    seats.iter().fold(Step::of(&steps::RESTORE_SEATS, performance), |step, (index, record)| {
        with_record(step, *index, record, None)
    })
}

fn restore_inside(performance: PerformanceId, marks: &Marks, inside: &[(UserId, u64)]) -> Step {
    let step = Step::of(&steps::RESTORE_INSIDE, performance).arg(marks.epoch);
    inside
        .iter()
        .fold(step, |step, (user, ends_at_ms)| step.arg(user.0.as_bytes().as_slice()).arg(*ends_at_ms))
}

fn reopen(performance: PerformanceId, marks: &Marks) -> Step {
    let pool_size = marks.pool_size.map_or(-1, u64::cast_signed);
    Step::of(&steps::REOPEN, performance)
        .arg(marks.epoch)
        .arg(marks.leased_to)
        .arg(marks.called_to)
        .arg(pool_size)
}

/// A seat's record as the scripts read it. Its order says which of two records is the later one.
pub(super) fn with_record(
    step: Step,
    index: SeatIndex,
    record: &SeatRecord,
    given_back_by: Option<UserId>,
) -> Step {
    let (phase, until_ms, owner) = match record.ownership {
        Ownership::Reserved { until, user, .. } => (0, until.as_millisecond(), Some(user)),
        Ownership::Sold { user, .. } => (1, 0, Some(user)),
        Ownership::Available => (2, 0, given_back_by),
    };
    let step = step.arg(index.0).arg(record.fence * 4 + phase).arg(until_ms);
    match owner {
        Some(user) => step.arg(user.0.as_bytes().as_slice()),
        None => step.arg(""),
    }
}

/// Which performances this process is rebuilding.
#[derive(Clone, Default)]
pub(super) struct InProgress(Arc<Mutex<HashSet<PerformanceId>>>);

/// Ends with its drop.
struct Turn {
    all: InProgress,
    performance: PerformanceId,
}

impl InProgress {
    fn enter(&self, performance: PerformanceId) -> Option<Turn> {
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(performance);
        is_first.then(|| Turn { all: self.clone(), performance })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.performance);
    }
}
