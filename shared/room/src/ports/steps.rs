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

/// The rule of [`domain::queue::RoomModel`], run by a store: each method is one atomic step on the store's own clock,
/// bounded, and harmless to repeat. A performance that the store has lost, or of which it may have missed the last
/// moment, answers [`StepError::Lost`]; only the steps of a rebuild work then.
pub trait RoomSteps: Send + Sync + 'static {
    /// Take the next number or entry, or keep the one that is still good (`false`).
    fn join(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Option<Standing>,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<StepResult<(Place, bool)>>> + Send;
    /// Make the due tick and say what everyone may know.
    fn status(
        &self,
        performance: PerformanceId,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<Looked<RoomStatus>>> + Send;
    /// Make the due tick, unless others do, and say where the owner of a ticket stands.
    fn place(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<Looked<Result<Place, Hasty>>>> + Send;
    /// Make the due tick and go in when called.
    fn claim(
        &self,
        performance: PerformanceId,
        user: UserId,
        held: Standing,
        flow: &Flow,
    ) -> impl Future<Output = Stepped<Looked<Claimed>>> + Send;
    /// Whether a person is inside, in the epoch in which they were let in.
    fn confirm(
        &self,
        performance: PerformanceId,
        user: UserId,
        epoch: u64,
    ) -> impl Future<Output = Stepped<bool>> + Send;
    /// A sign of life from inside. Nothing when the session is over.
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
    /// Numbers up to `leased_to` were leased, and entries up to `written_to` (0: none) are in the roster.
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
    /// Before the draw: from here on no entry is given.
    fn freeze(&self, performance: PerformanceId) -> impl Future<Output = Stepped<Frozen>> + Send;
    /// The draw was made among so many entries.
    fn drawn(&self, performance: PerformanceId, pool_size: u64) -> impl Future<Output = Stepped<()>> + Send;

    /// Begin a rebuild: from here on nothing is given before it is done. Nothing to do once the performance is back.
    fn begin_rebuild(
        &self,
        performance: PerformanceId,
    ) -> impl Future<Output = Result<Option<Loss>, StoreError>> + Send;
    /// Hear again what the books say of some seats.
    fn restore_seats(
        &self,
        performance: PerformanceId,
        seats: &[(SeatIndex, SeatRecord)],
    ) -> impl Future<Output = Result<Restored, StoreError>> + Send;
    /// Hear again who is inside, each with the end of their session; milliseconds.
    fn restore_inside(
        &self,
        performance: PerformanceId,
        loss: &str,
        inside: &[(UserId, u64)],
    ) -> impl Future<Output = Result<Restored, StoreError>> + Send;
    /// The last step of a rebuild: the performance is back, as far as the marks say, until it expires.
    fn reopen(
        &self,
        performance: PerformanceId,
        loss: &str,
        marks: &QueueMarks,
        expires_at: Timestamp,
    ) -> impl Future<Output = Result<Restored, StoreError>> + Send;
}

/// What a claim gave, and in which epoch of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    /// What it gave.
    pub given: Given,
    /// Grows with each rebuild.
    pub epoch: u64,
}

/// What a person who leaves gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// The books may have them as inside.
    pub may_be_inside: bool,
    /// When they left, by the store's clock, milliseconds.
    pub at_ms: u64,
}

/// A roster that is about to be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// How many entries were given.
    pub pool_size: u64,
    /// Those that are not in the roster yet.
    pub unwritten: Unwritten,
}

/// What was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Which loss it is: later steps of its rebuild work for this one alone.
    pub name: String,
    /// Entries that the store still has and the roster has not.
    pub unwritten: Unwritten,
}

/// What became of a step of a rebuild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// It is done.
    Done,
    /// The performance was back before it.
    Back,
    /// The loss is over and there was another since, or the store is another one.
    Outrun,
}
