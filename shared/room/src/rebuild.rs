//! After Redis was lost: bring a performance back from the books.

use super::{Connection, perform, room, steps, steps::Step};
use crate::{
    deadline,
    http::problem::chain,
    ports::{Clock, QueueBooks, Recovery, StoreError},
};
use domain::{
    PerformanceId, UserId,
    layout::SeatIndex,
    queue::Marks,
    seat::{Ownership, SeatRecord},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use redis::FromRedisValue;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

/// No other process may rebuild for so long. A rebuild that takes longer gives up before.
const LEASE_S: i64 = 15;
/// So that two rebuilds of one performance never write at the same time.
const REBUILD_MAX: Duration = Duration::from_secs(12);
/// How long a process follows the rebuild of another: until a lease whose owner died has run out, and beyond.
const FOLLOW_MAX: Duration = Duration::from_secs(20);
/// How soon it looks for the first time whether the other is done. Each pause is twice the one before.
const LOOK_FIRST: Duration = Duration::from_millis(5);
/// The longest of those pauses.
const LOOK_MOST: Duration = Duration::from_millis(200);
/// How long work waits for a rebuild that belongs to no request.
const WAIT_MAX: Duration = Duration::from_secs(8);
/// What a request needs after the rebuild, or to say that it is not done.
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// Seats or people restored by one step: bounds how long Redis serves nobody else.
const PER_STEP_MAX: usize = 1_000;
/// Such steps on their way at the same time.
const STEPS_AT_ONCE: usize = 4;
/// How long Redis keeps a performance after its end: what is asked afterwards is worth a rebuild.
const KEPT_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long it keeps one that is asked about later still.
const KEPT_LEAST: SignedDuration = SignedDuration::from_hours(24);

/// What a rebuild needs.
#[derive(Clone)]
pub(super) struct Rebuilder {
    pub(super) connection: Arc<Connection>,
    pub(super) recovery: Arc<dyn Recovery>,
    pub(super) queue_books: Arc<dyn QueueBooks>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) in_progress: InProgress,
}

/// One try to bring a performance back.
enum Tried {
    /// It is back. If it was this try that did it, under the lease of this epoch.
    Back(Option<u64>),
    /// Another process is at it, or was done and all was lost again.
    NotYet,
}

impl Rebuilder {
    /// Bring a performance back. All requests of this process wait together for one task, each for as long as it has
    /// time; a client that hangs up leaves no rebuild half done.
    pub(super) async fn bring_back(&self, performance: PerformanceId) -> Result<(), StoreError> {
        let (mut outcome, turn) = self.in_progress.join(performance);
        if let Some(turn) = turn {
            let rebuilder = self.clone();
            tokio::spawn(async move { rebuilder.take_turn(performance, turn).await });
        }
        let patience = deadline::left().map_or(WAIT_MAX, |left| left.saturating_sub(ANSWER_TIME));
        match timeout(patience, outcome.wait_for(Option::is_some)).await {
            Ok(Ok(done)) => done.clone().unwrap_or(Ok(())).map_err(shared),
            // The task died, or there is no more time.
            Ok(Err(_)) | Err(_) => Err(StoreError::Rebuilding),
        }
    }

    async fn take_turn(&self, performance: PerformanceId, turn: Turn) {
        let done = self.rebuild_or_follow(performance).await;
        let (outcome, epoch) = match done {
            Ok(epoch) => (Ok(()), epoch),
            Err(error) => (Err(Arc::new(error)), None),
        };
        turn.end(outcome);
        if let Some(epoch) = epoch {
            self.finish(performance, epoch).await;
        }
    }

    /// Until it is back: by this process if no other is at it. Says which lease is to be given back.
    async fn rebuild_or_follow(&self, performance: PerformanceId) -> Result<Option<u64>, StoreError> {
        let (since, mut pause) = (Instant::now(), LOOK_FIRST);
        while since.elapsed() < FOLLOW_MAX {
            match self.rebuild(performance).await? {
                Tried::Back(epoch) => return Ok(epoch),
                Tried::NotYet => sleep(pause).await,
            }
            pause = (pause * 2).min(LOOK_MOST);
        }
        Err(StoreError::Rebuilding)
    }

    async fn rebuild(&self, performance: PerformanceId) -> Result<Tried, StoreError> {
        let begun = self.perform(Step::of(&steps::BEGIN_REBUILD, performance)).await?;
        // Anything else says that the performance is back.
        let redis::Value::Array(_) = begun else { return Ok(Tried::Back(None)) };
        let lost: Lost = super::read(begun)?;

        // From here on nothing is given before this loss is over: what the books say now stands.
        let now = self.clock.now();
        let (marks, ends_at) =
            tokio::join!(self.recovery.begin(performance, now, LEASE_S), self.recovery.ends_at(performance));
        let Some(marks) = marks? else { return Ok(Tried::NotYet) };
        let restored = async {
            // The last day that there is has none after it.
            let after_end = ends_at?.unwrap_or(now).saturating_add(KEPT_AFTER).unwrap_or(Timestamp::MAX);
            let expires_at = after_end.max(now + KEPT_LEAST);
            self.restore(performance, &marks, &lost, now, expires_at).await
        };
        match timeout(REBUILD_MAX, restored)
            .await
            .unwrap_or_else(|too_slow| Err(StoreError::unavailable("redis", too_slow)))
        {
            Ok(()) => Ok(Tried::Back(Some(marks.epoch))),
            Err(error) => {
                // The next one who asks need not wait for the lease to run out.
                self.finish(performance, marks.epoch).await;
                if matches!(error, StoreError::Rebuilding) { Ok(Tried::NotYet) } else { Err(error) }
            }
        }
    }

    async fn restore(
        &self,
        performance: PerformanceId,
        marks: &Marks,
        (loss, first, users): &Lost,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (mut seats, mut inside) = (Vec::new(), Vec::new());
        // Before its first rebuild Redis knew nothing of a performance, so nothing of it can have been taken.
        if !marks.is_first() {
            // Another process may have been done with it just before the lease was ours: then it is not done again.
            if self.perform::<String>(restore_inside(performance, loss, &[])).await? == "BACK" {
                return Ok(());
            }
            self.keep_entries(performance, marks, *first, users).await?;
            (seats, inside) = tokio::try_join!(
                self.recovery.seats(performance),
                self.queue_books.inside(performance, now)
            )?;
        }
        let seat_steps = seats.chunks(PER_STEP_MAX).map(|some| restore_seats(performance, some));
        let inside_steps = inside.chunks(PER_STEP_MAX).map(|some| restore_inside(performance, loss, some));
        let steps: Vec<_> = seat_steps.chain(inside_steps).collect();
        stream::iter(steps)
            .map(|step| self.perform::<()>(step))
            .buffer_unordered(STEPS_AT_ONCE)
            .try_collect::<()>()
            .await?;
        self.perform::<()>(reopen(performance, loss, marks, expires_at)).await?;
        let (epoch, seats, inside) = (marks.epoch, seats.len(), inside.len());
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

    async fn perform<T: FromRedisValue>(&self, step: Step) -> Result<T, StoreError> {
        match perform(&self.connection, &step).await {
            Err(error) if error.code() == Some("OUTRUN") => Err(StoreError::Rebuilding),
            answer => answer.map_err(super::unavailable).and_then(super::read),
        }
    }
}

/// The name of a loss, the first of the entries that are not in the roster yet, and their users.
type Lost = (String, u64, Vec<u8>);

fn restore_seats(performance: PerformanceId, seats: &[(SeatIndex, SeatRecord)]) -> Step {
    seats.iter().fold(Step::of(&steps::RESTORE_SEATS, performance), |step, (index, record)| {
        with_record(step, *index, record, None)
    })
}

fn restore_inside(performance: PerformanceId, loss: &str, inside: &[(UserId, u64)]) -> Step {
    let step = Step::of(&steps::RESTORE_INSIDE, performance).arg(loss);
    inside
        .iter()
        .fold(step, |step, (user, ends_at_ms)| step.arg(user.0.as_bytes().as_slice()).arg(*ends_at_ms))
}

fn reopen(performance: PerformanceId, loss: &str, marks: &Marks, expires_at: Timestamp) -> Step {
    let pool_size = marks.pool_size.map_or(-1, u64::cast_signed);
    Step::of(&steps::REOPEN, performance)
        .arg(loss)
        .arg(marks.epoch)
        .arg(marks.leased_to)
        .arg(marks.called_to)
        .arg(pool_size)
        .arg(expires_at.as_millisecond())
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

/// How a rebuild ended, once it has: many requests hear it.
type Outcome = Option<Result<(), Arc<StoreError>>>;

/// Which performances this process is rebuilding, with where each outcome will be told.
#[derive(Clone, Default)]
pub(super) struct InProgress(Arc<Mutex<HashMap<PerformanceId, watch::Receiver<Outcome>>>>);

/// The duty to rebuild. It ends with its drop, too: those who wait are then told that nothing came of it.
struct Turn {
    all: InProgress,
    performance: PerformanceId,
    teller: Option<watch::Sender<Outcome>>,
}

impl InProgress {
    /// Where the outcome will be told, and the duty to bring it about unless another has it.
    fn join(&self, performance: PerformanceId) -> (watch::Receiver<Outcome>, Option<Turn>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = all.get(&performance) {
            return (outcome.clone(), None);
        }
        let (teller, outcome) = watch::channel(None);
        all.insert(performance, outcome.clone());
        (outcome, Some(Turn { all: self.clone(), performance, teller: Some(teller) }))
    }
}

impl Turn {
    /// A request that comes after this begins anew: all may have been lost again.
    fn end(mut self, outcome: Result<(), Arc<StoreError>>) {
        if let Some(teller) = self.leave() {
            teller.send_replace(Some(outcome));
        }
    }

    fn leave(&mut self) -> Option<watch::Sender<Outcome>> {
        let teller = self.teller.take()?;
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.performance);
        Some(teller)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The error of a task that several wait for.
fn shared(error: Arc<StoreError>) -> StoreError {
    match &*error {
        StoreError::Rebuilding => StoreError::Rebuilding,
        _ => StoreError::unavailable("redis", error),
    }
}
