//! The waiting room of each performance.

use super::{
    RedisStore,
    steps::{self, Script, Step},
};
use crate::ports::{ClaimError, StoreError, WaitingRoom};
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    queue::{self, Flow, Place, PlaceState, RoomStatus, Session},
};
use std::time::Duration;
use tokio::time::sleep;

/// Numbers leased at a time: as many may be skipped when Redis is lost.
const NUMBERS_PER_LEASE: u64 = 200;
/// Who began a lease and did not finish it in this time is not waited for.
const LEASE_WITHIN_MS: u64 = 500;
/// How often a join looks whether another's lease has arrived, and how many times.
const LEASE_LOOK_EVERY: Duration = Duration::from_millis(20);
const JOINS_MAX: u32 = 100;
/// Longer than any admission lives: sessions are bounded by the settings.
const ADMISSION_MAX_MS: u64 = 7_200_000;
/// How often the progress of the calls is written down.
const SAVE_SERVING_EVERY_MS: i64 = 1_000;

#[async_trait]
impl WaitingRoom for RedisStore {
    async fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        restored: Option<u64>,
        flow: &Flow,
    ) -> Result<(Place, bool), StoreError> {
        for _ in 0..JOINS_MAX {
            let step = of_user(&steps::JOIN, performance, flow, user)
                .arg(restored.unwrap_or(0))
                .arg(LEASE_WITHIN_MS);
            let (state, number, serving, is_new): (String, u64, u64, bool) =
                self.run_of(performance, step).await?;
            match state.as_str() {
                "lease" => self.lease_numbers(performance).await?,
                "wait" => sleep(LEASE_LOOK_EVERY).await,
                state => return Ok((place(state, number, serving)?, is_new)),
            }
        }
        Err(StoreError::unavailable("redis", "no queue numbers were leased in time"))
    }

    async fn status(&self, performance: PerformanceId, flow: &Flow) -> Result<RoomStatus, StoreError> {
        let step = with_flow(&steps::STATUS, performance, flow);
        let (serving, issued, active) = self.run_of(performance, step).await?;
        self.save_serving(performance, serving).await;
        Ok(RoomStatus { serving, issued, active })
    }

    async fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        number: u64,
        flow: &Flow,
    ) -> Result<Place, StoreError> {
        let step = of_user(&steps::PLACE, performance, flow, user).arg(number);
        let (state, number, serving): (String, u64, u64) = self.run_of(performance, step).await?;
        self.save_serving(performance, serving).await;
        place(&state, number, serving)
    }

    async fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        number: u64,
        flow: &Flow,
    ) -> Result<(Session, bool), ClaimError> {
        let step = of_user(&steps::CLAIM, performance, flow, user).arg(number);
        let (state, number, serving, is_new, expires_at_ms, ends_at_ms): (String, u64, u64, bool, u64, u64) =
            self.run_of(performance, step).await?;
        self.save_serving(performance, serving).await;
        let place = place(&state, number, serving)?;
        match place.state {
            PlaceState::Admitted => Ok((Session { expires_at_ms, ends_at_ms }, is_new)),
            PlaceState::Waiting | PlaceState::Called => Err(ClaimError::NotYet(place)),
            PlaceState::Lapsed | PlaceState::Left => Err(ClaimError::Lapsed),
        }
    }

    async fn renew(
        &self,
        performance: PerformanceId,
        user: UserId,
        session: Session,
        flow: &Flow,
    ) -> Result<Option<Session>, StoreError> {
        let step = of_user(&steps::RENEW, performance, flow, user)
            .arg(session.expires_at_ms)
            .arg(session.ends_at_ms);
        let (goes_on, expires_at_ms, ends_at_ms): (bool, u64, u64) = self.run_of(performance, step).await?;
        Ok(goes_on.then_some(Session { expires_at_ms, ends_at_ms }))
    }

    async fn leave(&self, performance: PerformanceId, user: UserId) -> Result<(), StoreError> {
        let step =
            Step::of(&steps::LEAVE, performance).arg(user.0.as_bytes().as_slice()).arg(ADMISSION_MAX_MS);
        self.run_of(performance, step).await
    }
}

impl RedisStore {
    async fn lease_numbers(&self, performance: PerformanceId) -> Result<(), StoreError> {
        let highest = self.recovery().lease_numbers(performance, NUMBERS_PER_LEASE).await?;
        self.run_of(performance, Step::of(&steps::LEASE, performance).arg(highest)).await
    }

    /// So that a rebuild need not call everybody again. It fails quietly: the next look tries again.
    async fn save_serving(&self, performance: PerformanceId, serving: u64) {
        let now_ms = self.clock.now().as_millisecond();
        let (saved, saved_at_ms) = self.saved_serving.get(&performance).unwrap_or_default();
        if serving <= saved || now_ms < saved_at_ms + SAVE_SERVING_EVERY_MS {
            return;
        }
        self.saved_serving.insert(performance, (serving, now_ms));
        if let Err(error) = self.recovery().save_serving(performance, serving).await {
            self.saved_serving.insert(performance, (saved, now_ms));
            tracing::warn!(%performance, error = &error as &dyn std::error::Error, "serving was not saved");
        }
    }
}

fn with_flow(script: &'static Script, performance: PerformanceId, flow: &Flow) -> Step {
    Step::of(script, performance)
        .arg(flow.cap)
        .arg(flow.rate_per_min)
        .arg(u8::from(flow.calling))
        .arg(flow.call_window_ms)
        .arg(flow.session_ms)
        .arg(flow.heartbeat_ms)
}

fn of_user(script: &'static Script, performance: PerformanceId, flow: &Flow, user: UserId) -> Step {
    with_flow(script, performance, flow).arg(user.0.as_bytes().as_slice())
}

fn place(state: &str, number: u64, serving: u64) -> Result<Place, StoreError> {
    let state = match state {
        "waiting" => PlaceState::Waiting,
        "called" => PlaceState::Called,
        "admitted" => PlaceState::Admitted,
        "lapsed" => PlaceState::Lapsed,
        "left" => PlaceState::Left,
        other => {
            return Err(StoreError::Unreadable { store: "redis", what: format!("a place: {other}") });
        }
    };
    Ok(Place { number, state, ahead: queue::ahead(number, serving) })
}
