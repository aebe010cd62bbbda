//! The waiting room and the limits on who may ask how often.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::Draw,
    queue::{Flow, Place, RoomStatus, Session, Standing},
};

/// The waiting room of each performance: `domain::queue::WaitingRoom`, made atomic on the store's own clock.
/// Nothing runs in the background: whoever asks makes the due step.
#[async_trait]
pub trait WaitingRoom: Send + Sync {
    /// Take the next number, or an entry of the draw; the same user again gets the same (and `false`). `held` is what a
    /// signed ticket says: it counts when the store has forgotten the user.
    async fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> Result<(Place, bool), JoinError>;
    /// What everybody may know; makes the due tick.
    async fn status(&self, performance: PerformanceId, flow: &Flow) -> Result<RoomStatus, StoreError>;
    /// Where the owner of a ticket stands; makes the due tick.
    async fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Result<Place, PlaceError>;
    /// Go in when called; makes the due tick. Somebody inside gets the running session again (and `false`).
    async fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Result<(Session, bool), ClaimError>;
    /// A sign of life from inside. Nothing when the session is over.
    async fn renew(
        &self,
        performance: PerformanceId,
        user: UserId,
        flow: &Flow,
    ) -> Result<Option<Session>, StoreError>;
    /// Give the place up, outside or inside. Doing it again changes nothing, also once the user has joined anew: `held` says
    /// which place it is.
    async fn leave(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
    ) -> Result<(), StoreError>;
    /// Staff go in, show that they are there, or go: they have no number and take no place. Returns whether they are
    /// inside now.
    async fn staff(
        &self,
        performance: PerformanceId,
        user: UserId,
        does: StaffStep,
    ) -> Result<bool, StoreError>;
    /// Holds or bookings are failing: call half as fast, and recover slowly. Again within two seconds, or where the
    /// store knows nothing of the room: nothing.
    async fn brake(&self, performance: PerformanceId) -> Result<(), StoreError>;
    /// The draw, once it was made.
    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError>;
}

/// What staff do at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffStep {
    /// Go in, also after they left.
    Enter,
    /// Show a sign of life.
    Renew,
    /// Go.
    Leave,
}

/// Why somebody could not join.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// All numbers of the queue are given.
    #[error("the queue is full")]
    Full,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why somebody was not told their place.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// They ask much more often than they were told to.
    #[error("asked again {retry_after_ms} ms too early")]
    Hasty {
        /// When they may ask again.
        retry_after_ms: u64,
        /// How far apart two looks have to be in the long run.
        interval_ms: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why somebody did not get in.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// Not their turn, or the room is full.
    #[error("not yet")]
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
    /// Give back what was taken. More than was taken is never given.
    async fn give_back(&self, key: &str, limit: RateLimit, cost: u32) -> Result<(), StoreError>;
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
