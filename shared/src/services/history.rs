//! Looks at sales that run, and writes their history: one look a minute.

use crate::{
    error::chain,
    ports::{Programme, SaleHistory, StoreError, Tallies},
};
use domain::{
    PerformanceId,
    history::{Entrance, Interval, KEPT_DAYS, SaleMinute},
};
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::time::timeout;

/// As many shows as the list of shows has at most.
const SHOWS_MAX: usize = 2_000;
/// How many sales one call looks at. If more run, they take turns, and their points are further apart.
const SALES_MAX: usize = 500;
const AT_ONCE: usize = 8;
/// How long one call may take; what it has not reached by then is left to the next minute.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks at sales, at most once a minute and process. Any number of processes may: a look replaces an earlier one of the
/// same minute.
#[derive(Clone)]
pub struct SaleRecorder {
    programme: Arc<dyn Programme>,
    tallies: Arc<dyn Tallies>,
    history: Arc<dyn SaleHistory>,
    /// The minute after the last that this process has written.
    next_minute: Arc<AtomicU64>,
}

impl SaleRecorder {
    #[must_use]
    pub fn new(
        programme: Arc<dyn Programme>,
        tallies: Arc<dyn Tallies>,
        history: Arc<dyn SaleHistory>,
    ) -> Self {
        Self { programme, tallies, history, next_minute: Arc::default() }
    }

    /// Write this minute's look at each sale that runs. A failure leaves a gap in the history of one sale, or of all, and
    /// is logged: it holds up nothing else.
    pub async fn record(&self, now: Timestamp) {
        let minute = Interval::Minute.begin_of(now);
        // A clock that was set back far is believed.
        if self.next_minute.swap(minute + 1, Ordering::Relaxed) == minute + 1 {
            return;
        }
        match timeout(PATIENCE, self.record_all(minute, now)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => log_gap(&chain(&error), None),
            Err(_elapsed) => log_gap("looking at the sales took too long", None),
        }
    }

    /// What a look at this moment would write: it goes on from the last one that was written.
    ///
    /// # Errors
    /// A store is not available.
    pub async fn see(
        &self,
        performance: PerformanceId,
        entrance: Entrance,
        now: Timestamp,
    ) -> Result<SaleMinute, StoreError> {
        let tally = self.tallies.tally(performance).await?;
        let previous = self.history.last(performance, now).await?;
        Ok(SaleMinute::after(previous.as_ref(), &tally, entrance, now))
    }

    async fn record_all(&self, minute: u64, now: Timestamp) -> Result<(), StoreError> {
        let sales = self.running(minute, now).await?;
        let look = |sale| async move { self.look(sale, now).await };
        let looks: Vec<_> = stream::iter(sales).map(look).buffer_unordered(AT_ONCE).collect().await;
        let of = looks.len();
        let failures: Vec<_> = looks.into_iter().filter_map(Result::err).collect();
        if let Some(first) = failures.first() {
            log_gap(&chain(first), Some((failures.len(), of)));
        }
        Ok(())
    }

    async fn running(&self, minute: u64, now: Timestamp) -> Result<Vec<PerformanceId>, StoreError> {
        let shows = self.programme.published_shows(SHOWS_MAX).await?;
        let performances = shows.iter().flat_map(|show| &show.performances);
        let running: Vec<PerformanceId> = performances
            .filter(|(_, one)| one.published && one.sale.makes_history(one.starts_at, now))
            .map(|(id, _)| *id)
            .collect();
        Ok(turn_of(minute, running))
    }

    async fn look(&self, performance: PerformanceId, now: Timestamp) -> Result<(), StoreError> {
        // The list of shows leaves the staff out.
        let Some(sale) = self.programme.performance(performance).await?.map(|whole| whole.sale) else {
            return Ok(());
        };
        let look = self.see(performance, sale.entrance(), now).await?;
        self.history.record(performance, &look, now + SignedDuration::from_hours(24 * KEPT_DAYS)).await
    }
}

/// `failed` of so many sales have the gap; without it all have.
fn log_gap(error: &str, failed: Option<(usize, usize)>) {
    let (failed, of) = failed.unzip();
    tracing::error!(event = "history.gap", error, failed, of, "the history of sales has a gap");
}

/// The sales whose turn it is, if there are too many for one call.
fn turn_of<T>(minute: u64, mut sales: Vec<T>) -> Vec<T> {
    if sales.len() > SALES_MAX {
        let turns = u64::try_from(sales.len().div_ceil(SALES_MAX)).unwrap_or(1);
        let skipped = usize::try_from(minute % turns).unwrap_or_default() * SALES_MAX;
        sales.drain(..skipped);
        sales.truncate(SALES_MAX);
    }
    sales
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sale_has_its_turn() {
        assert_eq!(turn_of(7, vec![1, 2, 3]), [1, 2, 3]);
        let all: Vec<_> = (0..1_200).collect();
        let turns: Vec<_> = (30..33).map(|minute| turn_of(minute, all.clone())).collect();
        assert!(turns.iter().all(|turn| turn.len() <= SALES_MAX));
        assert_eq!(turns.concat(), all);
    }
}
