//! The waiting room, as the functions see it.

use crate::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    draw::Draw,
    queue::{Flow, Hasty, Place, RoomStatus, Session, Standing},
};

/// The waiting room of each performance: `domain::queue::RoomModel`, made atomic on the store's own clock.
/// Nothing runs in the background: each request makes the due step.
#[async_trait]
pub trait WaitingRoom: Send + Sync {
    /// Take the next number, or an entry of the draw. A user who has one that is still good gets it again (and
    /// `false`).
    /// `held` is what a signed ticket says: it counts when the store has forgotten it.
    async fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> Result<(Place, bool), JoinError>;
    /// The public figures; makes the due tick.
    async fn status(&self, performance: PerformanceId, flow: &Flow) -> Result<RoomStatus, StoreError>;
    /// Where the owner of a ticket stands; makes the due tick.
    async fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Result<Place, PlaceError>;
    /// Go in if called; makes the due tick. A user who is inside gets the running session again (and `false`).
    async fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> Result<(Session, bool), ClaimError>;
    /// A sign of life from inside. Returns nothing if the session is over.
    async fn renew(
        &self,
        performance: PerformanceId,
        user: UserId,
        flow: &Flow,
    ) -> Result<Option<Session>, StoreError>;
    /// Give the place up, outside or inside. A repeat changes nothing, even after the user has joined anew: `held` says
    /// which place is meant.
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
    /// Holds or bookings are failing: call half as fast, and recover slowly. It changes nothing within two seconds of
    /// the last time, or where the store does not have the room.
    async fn brake(&self, performance: PerformanceId) -> Result<(), StoreError>;
    /// The draw, if it has been made.
    async fn draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError>;
}

/// What staff do at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffStep {
    /// Go in, also after leaving.
    Enter,
    /// Give a sign of life.
    Renew,
    /// Leave.
    Leave,
}

/// Why a user could not join.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// All numbers of the queue are given.
    #[error("the queue is full")]
    Full,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a user was not told their place.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The client asks much more often than it was told to.
    #[error("asked again {retry_after_ms} ms too early")]
    Hasty {
        /// How long until it may ask again.
        retry_after_ms: u64,
        /// How far apart its requests have to be in the long run.
        interval_ms: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a claim did not let a user in.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// It is not their turn, or the room is full.
    #[error("not yet")]
    NotYet(Place),
    /// They missed their calls, left, or their session has ended.
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
