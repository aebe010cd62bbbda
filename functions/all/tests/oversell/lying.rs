//! A Redis that lies: every lock is granted to every buyer, no seat is ever taken, and every hold is always valid.

use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    hold::{Hold, HoldId},
    layout::SeatIndex,
};
use jiff::Timestamp;
use shared::ports::{
    AdmittedAs, ExtendError, Held, HoldError, HoldRequest, MapRead, Projection, SeatFigures, SeatLocks,
    StoreError, WantedSeats,
};
use std::{collections::HashMap, sync::Mutex};

/// Remembers only what it promised.
#[derive(Default)]
pub(crate) struct LyingLocks(Mutex<State>);

#[derive(Default)]
struct State {
    fence: u64,
    holds: HashMap<HoldId, Hold>,
}

#[async_trait]
impl SeatLocks for LyingLocks {
    async fn hold(&self, wanted: &HoldRequest) -> Result<Held, HoldError> {
        let seats = match &wanted.seats {
            WantedSeats::Named(seats) => seats.clone(),
            WantedSeats::Together { count, among, .. } => {
                let first = among.first().ok_or(HoldError::NoneTogether)?.first;
                (first.0..first.0 + count).map(SeatIndex).collect()
            }
            WantedSeats::Entries { count, free, .. } => free.lowest(*count).ok_or(HoldError::NoneTogether)?,
        };
        let mut state = self.0.lock().expect("not poisoned");
        state.fence += 1;
        let hold = Hold {
            hold_id: wanted.hold_id,
            user: wanted.user,
            seats,
            expires_at: Timestamp::MAX,
            fence: state.fence,
        };
        state.holds.insert(hold.hold_id, hold.clone());
        Ok(Held { hold, fresh: true })
    }

    async fn find(&self, hold: HoldId, _: UserId) -> Result<Option<Hold>, StoreError> {
        Ok(self.0.lock().expect("not poisoned").holds.get(&hold).cloned())
    }

    async fn release(&self, _: HoldId, _: UserId) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn extend(
        &self,
        hold: HoldId,
        user: UserId,
        _: AdmittedAs,
        _: u64,
    ) -> Result<Option<Hold>, ExtendError> {
        Ok(self.find(hold, user).await?)
    }

    async fn project(&self, _: PerformanceId, _: &[Projection]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn map(&self, _: PerformanceId, _: Option<u64>) -> Result<MapRead, StoreError> {
        Ok(MapRead::Full { version: 1, taken: vec![] })
    }

    async fn figures(&self, _: PerformanceId) -> Result<SeatFigures, StoreError> {
        Ok(SeatFigures::default())
    }

    async fn figures_of(
        &self,
        performances: &[PerformanceId],
    ) -> Result<Vec<Option<SeatFigures>>, StoreError> {
        Ok(vec![Some(SeatFigures::default()); performances.len()])
    }
}
