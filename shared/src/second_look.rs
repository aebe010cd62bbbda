//! What the map refuses is now and then compared with the books, so that a seat that they say is free can always be had,
//! however the map came to be wrong.

use crate::{
    http::problem::chain,
    ports::{Books, Clock, HoldError},
    projector::Projector,
};
use domain::{PerformanceId, layout::SeatIndex, seat::SeatRecord};
use jiff::{SignedDuration, Timestamp};
use quick_cache::sync::Cache;
use std::sync::Arc;

/// A process looks at one performance no more often: most refusals are right.
const EVERY: SignedDuration = SignedDuration::from_secs(1);
/// Seats of one refusal that are looked at.
const SEATS_MAX: usize = 20;
/// Performances that are remembered.
const REMEMBERED_MAX: usize = 1_000;

/// Looks at refused seats in the books.
#[derive(Clone)]
pub struct SecondLook {
    books: Arc<dyn Books>,
    projector: Projector,
    clock: Arc<dyn Clock>,
    /// When each performance was looked at last.
    looked_at: Arc<Cache<PerformanceId, Timestamp>>,
}

impl SecondLook {
    /// In these books; what the map has wrong is repaired with the projector.
    #[must_use]
    pub fn new(books: Arc<dyn Books>, projector: Projector, clock: Arc<dyn Clock>) -> Self {
        Self { books, projector, clock, looked_at: Arc::new(Cache::new(REMEMBERED_MAX)) }
    }

    /// Whether it is worth asking for the seats once more: the books say that some of those in the way are free, and the
    /// map has been told. Books that do not answer leave the refusal as it is.
    pub async fn finds_free(&self, performance: PerformanceId, refusal: &HoldError) -> bool {
        let (HoldError::Held(seats) | HoldError::Sold(seats)) = refusal else { return false };
        if !self.is_time(performance) {
            return false;
        }
        let looked_at: Vec<SeatIndex> = seats.iter().copied().take(SEATS_MAX).collect();
        let records = match self.books.records_of(performance, &looked_at).await {
            Ok(records) => records,
            Err(error) => {
                tracing::warn!(error = chain(&error), "a refused hold was not compared with the books");
                return false;
            }
        };
        let now = self.clock.now();
        let free = |record: &SeatRecord| record.is_free(now);
        let found = records.iter().any(|(_, record)| record.as_ref().is_some_and(free));
        if found {
            self.projector.repair(performance, &records).await;
        }
        found
    }

    /// Two that ask at the same moment may both look: that does no harm.
    fn is_time(&self, performance: PerformanceId) -> bool {
        let now = self.clock.now();
        let lately = |at: Timestamp| (at - EVERY..at + EVERY).contains(&now);
        if self.looked_at.get(&performance).is_some_and(lately) {
            return false;
        }
        self.looked_at.insert(performance, now);
        true
    }
}
