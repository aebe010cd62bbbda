//! The books of the stories as a stand-in for the real ones: without faults, and each request takes no time. The suites
//! of the ports `QueueBooks` and `Recovery` run on them too, so that a story and production start from the same promises.

use crate::books::SimulatedBooks;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::{Block, Draw, Secret},
    layout::SeatIndex,
    queue::QueueMarks,
    seat::SeatRecord,
};
use jiff::Timestamp;
use room::{QueueBooks, Recovery, StoreError};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The books of all performances. Each performance has the same secret, and neither seats nor an end.
#[derive(Debug)]
pub struct StandInBooks {
    secret: Secret,
    all: Mutex<HashMap<PerformanceId, SimulatedBooks>>,
}

/// Empty books. All performances draw by this secret.
#[must_use]
pub fn books(secret: Secret) -> StandInBooks {
    StandInBooks { secret, all: Mutex::default() }
}

impl StandInBooks {
    fn of<T>(&self, performance: PerformanceId, does: impl FnOnce(&mut SimulatedBooks) -> T) -> T {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        does(all.entry(performance).or_insert_with(|| SimulatedBooks::new(self.secret)))
    }
}

#[async_trait]
impl QueueBooks for StandInBooks {
    async fn lease_numbers(
        &self,
        performance: PerformanceId,
        count: u64,
        full: Option<&Block>,
    ) -> Result<u64, StoreError> {
        Ok(self.of(performance, |books| books.lease_numbers(count, full)))
    }

    async fn lease_calls(&self, performance: PerformanceId, called_to: u64) -> Result<u64, StoreError> {
        Ok(self.of(performance, |books| books.lease_calls(called_to)))
    }

    async fn enter(
        &self,
        performance: PerformanceId,
        user: UserId,
        at_ms: u64,
        ends_at_ms: u64,
    ) -> Result<(), StoreError> {
        self.of(performance, |books| books.enter(user, at_ms, ends_at_ms));
        Ok(())
    }

    async fn depart(&self, performance: PerformanceId, user: UserId, at_ms: u64) -> Result<(), StoreError> {
        self.of(performance, |books| books.depart(user, at_ms));
        Ok(())
    }

    async fn inside(
        &self,
        performance: PerformanceId,
        now: Timestamp,
    ) -> Result<Vec<(UserId, u64)>, StoreError> {
        Ok(self.of(performance, |books| books.inside(ms(now))))
    }

    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError> {
        Ok(self.of(performance, |books| books.draw()))
    }

    async fn make_draw(
        &self,
        performance: PerformanceId,
        pool_size: u64,
        last: Option<&Block>,
    ) -> Result<Draw, StoreError> {
        Ok(self.of(performance, |books| books.make_draw(pool_size, last)))
    }

    async fn roster(&self, performance: PerformanceId) -> Result<Vec<Block>, StoreError> {
        Ok(self.of(performance, |books| books.roster()))
    }
}

#[async_trait]
impl Recovery for StandInBooks {
    async fn begin(
        &self,
        performance: PerformanceId,
        now: Timestamp,
        lease_s: i64,
    ) -> Result<Option<QueueMarks>, StoreError> {
        let lasts = u64::try_from(lease_s * 1_000).unwrap_or_default();
        Ok(self.of(performance, |books| books.begin(ms(now), lasts)))
    }

    async fn ends_at(&self, _: PerformanceId) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }

    async fn finish(&self, performance: PerformanceId, epoch: u64) -> Result<(), StoreError> {
        self.of(performance, |books| books.finish(epoch));
        Ok(())
    }

    async fn seats(&self, _: PerformanceId) -> Result<Vec<(SeatIndex, SeatRecord)>, StoreError> {
        Ok(Vec::new())
    }
}

/// A time of the machine's clock, milliseconds.
pub(crate) fn ms(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or_default()
}
