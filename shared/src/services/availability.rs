//! How many seats are left, as far as a page needs it: the figures may be a second old, and are a guess rather than an
//! error while Redis does not answer.

use crate::{
    error::chain,
    ports::{SeatFigures, SeatLocks},
    telemetry::levels::see_seats,
};
use domain::{PerformanceId, seat::Left};
use futures_util::{StreamExt as _, stream};
use quick_cache::sync::Cache;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

const MAX_AGE: Duration = Duration::from_secs(1);
const REMEMBERED_MAX: usize = 4_000;
/// How long a page waits for performances that Redis has lost; they are rebuilt in any case.
const PATIENCE: Duration = Duration::from_millis(250);
/// How many lost performances are rebuilt for one page, and how many of them at once.
const LOST_MAX: usize = 500;
const AT_ONCE: usize = 8;

pub struct Availability(Arc<Remembered>);

struct Remembered {
    locks: Arc<dyn SeatLocks>,
    figures: Cache<PerformanceId, (SeatFigures, Instant)>,
    /// One task at a time rebuilds lost performances.
    turn: Arc<Semaphore>,
}

impl Availability {
    #[must_use]
    pub fn new(locks: Arc<dyn SeatLocks>) -> Self {
        let figures = Cache::new(REMEMBERED_MAX);
        Self(Arc::new(Remembered { locks, figures, turn: Arc::new(Semaphore::new(1)) }))
    }

    /// What is left of performances, in the same order; each comes with its number of seats for sale. Where Redis
    /// cannot tell, it is what was left when it last could, or all seats if it never could.
    pub async fn left(&self, performances: &[(PerformanceId, u32)]) -> Vec<Left> {
        let asked: Vec<_> = performances.iter().copied().filter(|(id, _)| !self.0.is_fresh(*id)).collect();
        if !asked.is_empty() {
            let lost = self.0.read(&asked).await;
            if !lost.is_empty() {
                self.0.bring_back(lost).await;
            }
        }
        performances.iter().map(|(id, for_sale)| self.0.last(*id).left_of(*for_sale)).collect()
    }
}

impl Remembered {
    fn is_fresh(&self, performance: PerformanceId) -> bool {
        self.figures.get(&performance).is_some_and(|(_, read_at)| read_at.elapsed() < MAX_AGE)
    }

    fn last(&self, performance: PerformanceId) -> SeatFigures {
        self.figures.get(&performance).map(|(figures, _)| figures).unwrap_or_default()
    }

    fn remember(&self, (performance, for_sale): (PerformanceId, u32), figures: SeatFigures) {
        see_seats(performance, &figures, for_sale);
        self.figures.insert(performance, (figures, Instant::now()));
    }

    /// Reads figures anew. Returns the performances that Redis has lost.
    async fn read(&self, performances: &[(PerformanceId, u32)]) -> Vec<(PerformanceId, u32)> {
        let ids: Vec<_> = performances.iter().map(|(id, _)| *id).collect();
        let found = self.locks.figures_of(&ids).await.unwrap_or_else(|error| {
            tracing::warn!(event = "seats.left_unknown", error = chain(&error), "seats left are not known");
            Vec::new()
        });
        let mut lost = Vec::new();
        for (performance, figures) in performances.iter().zip(found) {
            match figures {
                Some(figures) => self.remember(*performance, figures),
                None => lost.push(*performance),
            }
        }
        lost
    }

    /// Rebuilds performances in a task of its own, and waits for it a little. Those beyond [`LOST_MAX`] have their turn
    /// when the page is made again.
    async fn bring_back(self: &Arc<Self>, mut lost: Vec<(PerformanceId, u32)>) {
        let Ok(turn) = Arc::clone(&self.turn).try_acquire_owned() else { return };
        lost.truncate(LOST_MAX);
        let remembered = Arc::clone(self);
        let task = tokio::spawn(async move {
            let _turn = turn;
            let one = |performance| remembered.bring_one_back(performance);
            stream::iter(lost).for_each_concurrent(AT_ONCE, one).await;
        });
        // Done or not, the page shows what is known by then.
        let _ = timeout(PATIENCE, task).await;
    }

    async fn bring_one_back(&self, lost: (PerformanceId, u32)) {
        let (performance, _) = lost;
        match self.locks.figures(performance).await {
            Ok(figures) => self.remember(lost, figures),
            Err(error) => {
                tracing::warn!(event = "seats.left_unknown", %performance, error = chain(&error), "seats left are not known");
            }
        }
    }
}
