//! Rebuilds in production: one task of a process for each performance, for which all its requests wait.

use crate::deadline;
use async_trait::async_trait;
use domain::PerformanceId;
use room::{BringBack, Rebuilder, RoomSteps, StoreError, Time};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, time::timeout};
use tracing::Instrument as _;

/// How long work that belongs to no request waits for a rebuild.
const WAIT_MAX: Duration = Duration::from_secs(8);
/// What a request needs after the rebuild to do its work, or to answer that the rebuild is not done.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// The rebuilds of this process.
pub struct Rebuilds<S, T> {
    rebuilder: Arc<Rebuilder<S, T>>,
    in_progress: InProgress,
}

impl<S: RoomSteps, T: Time> Rebuilds<S, T> {
    /// Begins none yet.
    #[must_use]
    pub fn new(rebuilder: Rebuilder<S, T>) -> Self {
        Self { rebuilder: Arc::new(rebuilder), in_progress: InProgress::default() }
    }
}

#[async_trait]
impl<S: RoomSteps, T: Time> BringBack for Rebuilds<S, T> {
    /// All requests of this process wait for one task, each for as long as it has time. A client that hangs up leaves
    /// no rebuild half done.
    async fn bring_back(&self, performance: PerformanceId) -> Result<(), StoreError> {
        let (mut outcome, turn) = self.in_progress.join(performance);
        if let Some(turn) = turn {
            let rebuilder = Arc::clone(&self.rebuilder);
            let rebuild = async move {
                rebuilder
                    .bring_back_and_tell(performance, |outcome| turn.end(outcome.map_err(Arc::new)))
                    .await;
            };
            tokio::spawn(rebuild.in_current_span());
        }
        let patience = deadline::left().map_or(WAIT_MAX, |left| left.saturating_sub(ANSWER_TIME));
        match timeout(patience, outcome.wait_for(Option::is_some)).await {
            Ok(Ok(done)) => done.clone().unwrap_or(Ok(())).map_err(shared),
            // The task panicked, or there is no time left.
            Ok(Err(_)) | Err(_) => Err(StoreError::Rebuilding),
        }
    }
}

/// How a rebuild ended, once it has. Many requests receive it.
type RebuildOutcome = Option<Result<(), Arc<StoreError>>>;

/// The performances that this process is rebuilding, each with the channel of its outcome.
#[derive(Clone, Default)]
struct InProgress(Arc<Mutex<HashMap<PerformanceId, watch::Receiver<RebuildOutcome>>>>);

/// The duty to rebuild a performance. Dropped before its end it closes the channel, and the waiting requests fail.
struct RebuildTurn {
    all: InProgress,
    performance: PerformanceId,
    teller: Option<watch::Sender<RebuildOutcome>>,
}

impl InProgress {
    /// The channel of the outcome, and the duty to rebuild unless another task has it.
    fn join(&self, performance: PerformanceId) -> (watch::Receiver<RebuildOutcome>, Option<RebuildTurn>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = all.get(&performance) {
            return (outcome.clone(), None);
        }
        let (teller, outcome) = watch::channel(None);
        all.insert(performance, outcome.clone());
        (outcome, Some(RebuildTurn { all: self.clone(), performance, teller: Some(teller) }))
    }
}

impl RebuildTurn {
    /// Publish the outcome. A request that comes later begins anew: the performance may have been lost again.
    fn end(mut self, outcome: Result<(), Arc<StoreError>>) {
        if let Some(teller) = self.leave() {
            teller.send_replace(Some(outcome));
        }
    }

    fn leave(&mut self) -> Option<watch::Sender<RebuildOutcome>> {
        let teller = self.teller.take()?;
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.performance);
        Some(teller)
    }
}

impl Drop for RebuildTurn {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The error of a task for which several requests wait.
fn shared(error: Arc<StoreError>) -> StoreError {
    match &*error {
        StoreError::Rebuilding => StoreError::Rebuilding,
        _ => StoreError::unavailable("redis", error),
    }
}
