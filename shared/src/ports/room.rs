//! The waiting room and the limits on who may ask how often.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    queue::{Flow, Place, RoomStatus, Session},
};

/// The waiting room of each performance: `domain::queue::WaitingRoom`, made atomic on the store's own clock.
/// Nothing runs in the background: whoever asks makes the due step.
#[async_trait]
pub trait WaitingRoom: Send + Sync {
    /// Take the next number; the same user again gets the same number (and `false`). `restored` is the number of a
    /// signed ticket: it counts when the store has forgotten the user.
    async fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        restored: Option<u64>,
        flow: &Flow,
    ) -> Result<(Place, bool), StoreError>;
    /// What everybody may know; makes the due tick.
    async fn status(&self, performance: PerformanceId, flow: &Flow) -> Result<RoomStatus, StoreError>;
    /// Where the owner of a signed number stands; makes the due tick.
    async fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        number: u64,
        flow: &Flow,
    ) -> Result<Place, StoreError>;
    /// Go in when called; makes the due tick. Somebody inside gets the running session again (and `false`).
    async fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        number: u64,
        flow: &Flow,
    ) -> Result<(Session, bool), ClaimError>;
    /// A sign of life from inside. `session` is what the signed admission says: it counts when the store has forgotten
    /// the user. Nothing when the session is over.
    async fn renew(
        &self,
        performance: PerformanceId,
        user: UserId,
        session: Session,
        flow: &Flow,
    ) -> Result<Option<Session>, StoreError>;
    /// Give the place up, outside or inside. Doing it again changes nothing.
    async fn leave(&self, performance: PerformanceId, user: UserId) -> Result<(), StoreError>;
}

/// Why somebody did not get in.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// Not their turn.
    #[error("not called yet")]
    NotYet(Place),
    /// Missed their calls, left, or the session ended.
    #[error("the call has lapsed")]
    Lapsed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How often one key may do something, counted in one place for all instances (GCRA).
#[async_trait]
pub trait RateLimits: Send + Sync {
    /// Take `cost` of a key's allowance, all or nothing; 0 asks whether one could be taken.
    async fn take(&self, key: &str, limit: RateLimit, cost: u32) -> Result<Allowance, StoreError>;
}

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// In the long run.
    pub per_min: u32,
    /// At once.
    pub burst: u32,
}

impl RateLimit {
    /// So many a minute, and as many at once.
    #[must_use]
    pub const fn per_min(per_min: u32) -> Self {
        Self { per_min, burst: per_min }
    }
}

/// What a limit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Whether it was within the limit.
    pub allowed: bool,
    /// How many more may come at once.
    pub remaining: u32,
    /// When the next may come, if this one may not; milliseconds.
    pub retry_after_ms: u64,
    /// When all may come again; milliseconds.
    pub reset_after_ms: u64,
}
