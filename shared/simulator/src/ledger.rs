//! The ports `QueueBooks` and `Recovery`, on books that are never lost. Their answers may get lost, and mistakes can be
//! built in.

use crate::{
    flaw::Flaw,
    stand_in::ms,
    time::{Shared, Takes},
};
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::{Block, Draw},
    layout::SeatIndex,
    queue::QueueMarks,
    seat::{Ownership, SeatRecord},
};
use jiff::Timestamp;
use room::{QueueBooks, Recovery, StoreError};

/// The books, as a process reaches them.
pub(crate) struct SimulatedLedger(pub(crate) Shared);

fn answered<T>(done: Option<T>) -> Result<T, StoreError> {
    done.ok_or_else(|| StoreError::unavailable("books", "no answer came"))
}

#[async_trait]
impl QueueBooks for SimulatedLedger {
    async fn lease_numbers(
        &self,
        _: PerformanceId,
        count: u64,
        full: Option<&Block>,
    ) -> Result<u64, StoreError> {
        answered(self.0.write(Takes::Step, |world| world.books.lease_numbers(count, full)).await)
    }

    async fn lease_calls(&self, _: PerformanceId, called_to: u64) -> Result<u64, StoreError> {
        answered(self.0.write(Takes::Step, |world| world.books.lease_calls(called_to)).await)
    }

    async fn enter(
        &self,
        _: PerformanceId,
        user: UserId,
        at_ms: u64,
        ends_at_ms: u64,
    ) -> Result<(), StoreError> {
        let enter = self.0.write(Takes::Step, |world| world.books.enter(user, at_ms, ends_at_ms));
        answered(enter.await)
    }

    async fn depart(&self, _: PerformanceId, user: UserId, at_ms: u64) -> Result<(), StoreError> {
        answered(self.0.write(Takes::Step, |world| world.books.depart(user, at_ms)).await)
    }

    async fn inside(&self, _: PerformanceId, now: Timestamp) -> Result<Vec<(UserId, u64)>, StoreError> {
        let read = self.0.write(Takes::RebuildStep, |world| {
            let inside = world.books.inside(ms(now));
            let is_known = world.redis.flaw != Some(Flaw::InsideForgotten);
            if is_known { inside } else { Vec::new() }
        });
        answered(read.await)
    }

    async fn draw(&self, _: PerformanceId) -> Result<Option<Draw>, StoreError> {
        answered(self.0.write(Takes::Step, |world| world.books.draw()).await)
    }

    async fn make_draw(
        &self,
        _: PerformanceId,
        pool_size: u64,
        last: Option<&Block>,
    ) -> Result<Draw, StoreError> {
        let make = self.0.write(Takes::Step, |world| {
            let draw = world.books.make_draw(pool_size, last);
            let gathering = world.visit().map_or(world.flow.gathering, |visit| visit.flow.gathering);
            let kept = world.check.draw_made(&world.books, gathering);
            world.keeps(kept);
            draw
        });
        answered(make.await)
    }

    async fn roster(&self, _: PerformanceId) -> Result<Vec<Block>, StoreError> {
        answered(self.0.write(Takes::Step, |world| world.books.roster()).await)
    }
}

#[async_trait]
impl Recovery for SimulatedLedger {
    async fn begin(
        &self,
        _: PerformanceId,
        now: Timestamp,
        lease_s: i64,
    ) -> Result<Option<QueueMarks>, StoreError> {
        let lasts = u64::try_from(lease_s * 1_000).unwrap_or_default();
        let begin = self.0.write(Takes::RebuildStep, |world| {
            let marks = world.books.begin(ms(now), lasts)?;
            let then = world.visit().and_then(|visit| visit.marks_then);
            Some(match world.redis.flaw {
                Some(Flaw::MarksReadEarly) => QueueMarks { epoch: marks.epoch, ..then.unwrap_or(marks) },
                Some(Flaw::CallsForgotten) => QueueMarks { called_to: 0, ..marks },
                Some(Flaw::NumbersForgotten) => QueueMarks { leased_to: marks.called_to, ..marks },
                _ => marks,
            })
        });
        answered(begin.await)
    }

    async fn ends_at(&self, _: PerformanceId) -> Result<Option<Timestamp>, StoreError> {
        answered(self.0.write(Takes::RebuildStep, |_| None).await)
    }

    async fn finish(&self, _: PerformanceId, epoch: u64) -> Result<(), StoreError> {
        answered(self.0.write(Takes::RebuildStep, |world| world.books.finish(epoch)).await)
    }

    async fn seats(&self, _: PerformanceId) -> Result<Vec<(SeatIndex, SeatRecord)>, StoreError> {
        let seat = (SeatIndex(0), SeatRecord { ownership: Ownership::Available, fence: 1 });
        answered(self.0.write(Takes::RebuildStep, |_| vec![seat]).await)
    }
}
