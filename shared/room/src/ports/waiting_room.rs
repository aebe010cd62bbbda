//! The waiting room, as the functions see it.

use crate::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::Draw,
    queue::{Flow, Hasty, Place, RoomStatus, Session, Standing},
};

/// The waiting room of each performance: `domain::queue::RoomModel`, made atomic on the store's own clock.
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

impl From<Hasty> for PlaceError {
    fn from(Hasty { retry_after_ms, interval_ms }: Hasty) -> Self {
        Self::Hasty { retry_after_ms, interval_ms }
    }
}
