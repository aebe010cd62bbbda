//! The atomic steps of a room, one method each.

use crate::{StaffStep, StepError, StoreError};
use domain::{
    PerformanceId, UserId,
    layout::SeatIndex,
    queue::{
        Flow, Given, Hasty, Looked, Place, QueueMarks, RoomStatus, Session, Standing, StepResult, Unwritten,
    },
    seat::SeatRecord,
};
use jiff::Timestamp;

/// What a step answers.
pub type Stepped<T> = Result<T, StepError>;

/// The rule of [`domain::queue::RoomModel`], run by a store. Each method is one atomic step on the store's own clock,
/// bounded, and harmless to repeat. If the store has lost the performance, or may have missed its last moment, a step
/// answers [`StepError::Lost`]; only the steps of a rebuild work then.
pub trait RoomSteps: Send + Sync + 'static {
    /// Take the next number or entry (`true`), or keep the one that is still good (`false`).
    fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<StepResult<(Place, bool)>>> + Send;
    /// Make the due tick and return the public figures.
    fn status(
        &self,
        performance: PerformanceId,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<Looked<RoomStatus>>> + Send;
    /// Make the due tick, unless others do, and return where the owner of a ticket stands.
    fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<Looked<Result<Place, Hasty>>>> + Send;
    /// Make the due tick, and go in if called.
    fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<Looked<Claimed>>> + Send;
    /// Whether a user is still inside, and the room still in the epoch in which they were let in.
    fn confirm(
        &self,
        performance: PerformanceId,
        user: UserId,
        epoch: u64,
    ) -> impl Future<Output = Stepped<bool>> + Send;
    /// A sign of life from inside. Returns nothing if the session is over.
    fn renew(
        &self,
        performance: PerformanceId,
        user: UserId,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<Option<Session>>> + Send;
    /// Give the place up, outside or inside.
    fn leave(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
    ) -> impl Future<Output = Stepped<Departure>> + Send;
    /// Staff go in, show that they are there, or go. Returns whether they are inside now.
    fn staff(
        &self,
        performance: PerformanceId,
        user: UserId,
        does: StaffStep,
    ) -> impl Future<Output = Stepped<bool>> + Send;
    /// Call half as fast, and recover slowly.
    fn brake(&self, performance: PerformanceId) -> impl Future<Output = Stepped<()>> + Send;
    /// Numbers up to `leased_to` were leased, and entries up to `written_to` (0: none) were written to the roster.
    fn numbers_leased(
        &self,
        performance: PerformanceId,
        leased_to: u64,
        written_to: u64,
    ) -> impl Future<Output = Stepped<()>> + Send;
    /// Calls up to this number were leased.
    fn calls_leased(
        &self,
        performance: PerformanceId,
        called_to: u64,
    ) -> impl Future<Output = Stepped<()>> + Send;
    /// Stop giving entries: the draw is about to be made.
    fn freeze(&self, performance: PerformanceId) -> impl Future<Output = Stepped<Frozen>> + Send;
    /// The draw was made among `pool_size` entries.
    fn drawn(&self, performance: PerformanceId, pool_size: u64) -> impl Future<Output = Stepped<()>> + Send;

    /// Begin a rebuild: from here on nothing is given until it is done. Returns nothing if the performance is back.
    fn begin_rebuild(
        &self,
        performance: PerformanceId,
    ) -> impl Future<Output = Result<Option<Loss>, StoreError>> + Send;
    /// Restore what the books say of some seats.
    fn restore_seats(
        &self,
        performance: PerformanceId,
        seats: &[(SeatIndex, SeatRecord)],
    ) -> impl Future<Output = Result<Restored, StoreError>> + Send;
    /// Restore people inside, each with the end of their session, milliseconds. An empty list only asks whether the
    /// loss goes on.
    fn restore_inside(
        &self,
        performance: PerformanceId,
        loss: &str,
        inside: &[(UserId, u64)],
    ) -> impl Future<Output = Result<Restored, StoreError>> + Send;
    /// The last step of a rebuild: the performance is back, from the marks on, until it expires.
    fn reopen(
        &self,
        performance: PerformanceId,
        loss: &str,
        marks: &QueueMarks,
        expires_at: Timestamp,
    ) -> impl Future<Output = Result<Restored, StoreError>> + Send;
}

/// What a claim gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    /// A session, a place, or nothing.
    pub given: Given,
    /// The epoch of the room in which a session was given; it grows with each rebuild.
    pub epoch: u64,
}

/// What a departure gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// Whether the books may have the user as inside.
    pub may_be_inside: bool,
    /// When they left, by the store's clock, milliseconds.
    pub at_ms: u64,
}

/// A roster that is about to be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// How many entries were given.
    pub pool_size: u64,
    /// The entries that are not in the roster yet.
    pub unwritten: Unwritten,
}

/// A loss of one performance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Names the loss: later steps of the rebuild work for this loss only.
    pub name: String,
    /// Entries that the store still has and the roster lacks.
    pub unwritten: Unwritten,
}

/// What became of a step of a rebuild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// The step was done.
    Done,
    /// There was nothing to do: the performance is back already.
    Back,
    /// This loss is over: the performance was lost again since, or another server has taken over.
    Outrun,
}
