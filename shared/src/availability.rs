//! How many seats are left, as far as a page needs to know it: some seconds old, and without an answer rather than
//! with a broken page when Redis is away.

use crate::{
    fresh::Fresh,
    ports::{SeatFigures, SeatLocks, StoreError},
};
use domain::PerformanceId;
use std::{sync::Arc, time::Duration};

const MAX_AGE: Duration = Duration::from_secs(1);
const REMEMBERED_MAX: usize = 2_000;

/// Remembered figures.
pub struct Availability {
    locks: Arc<dyn SeatLocks>,
    figures: Fresh<PerformanceId, SeatFigures>,
}

/// What is left of a performance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Seats that could be held now.
    pub now: u64,
    /// Whether any seat is not reserved or sold: held ones may come back.
    pub any: bool,
}

impl Availability {
    /// Nothing read yet.
    #[must_use]
    pub fn new(locks: Arc<dyn SeatLocks>) -> Self {
        Self { locks, figures: Fresh::new(REMEMBERED_MAX, MAX_AGE) }
    }

    /// What is left of so many seats for sale; all of them when nobody can tell.
    pub async fn left(&self, performance: PerformanceId, for_sale: u32) -> Left {
        let figures = self.figures.get(&performance, |_| self.locks.figures(performance)).await;
        let figures = figures.unwrap_or_else(|error: StoreError| {
            tracing::warn!(error = crate::http::problem::chain(&error), "seats left are not known");
            SeatFigures::default()
        });
        let gone = figures.reserved + figures.sold;
        Left { now: u64::from(for_sale).saturating_sub(gone + figures.held), any: u64::from(for_sale) > gone }
    }
}
