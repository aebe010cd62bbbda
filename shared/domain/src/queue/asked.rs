//! What a step of the room answers.

use super::{Place, Session};
use crate::UserId;

/// What the process has to do before the step can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// Lease numbers, and in the same write put these entries into the roster, if there are any.
    Numbers(Unwritten),
    /// Make the draw.
    Draw,
    /// Find the number that this entry drew.
    NumberOf(u64),
    /// Wait: another process is leasing numbers.
    Wait,
    /// Nothing: the queue has given all its numbers.
    Nothing,
}

/// A step's answer, or what it wants first.
pub type StepResult<T> = Result<T, Wants>;

/// What a step that makes the due tick returns. The tick may have been made even where the answer is that something is
/// wanted first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked<T> {
    /// The answer.
    pub answer: StepResult<T>,
    /// What came of the tick.
    pub notes: Notes,
}

/// What came of a tick.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes {
    /// When the step was made, by the store's clock, milliseconds.
    pub at_ms: u64,
    /// Whether more could be called if calls were leased first.
    pub calls: Calls,
    /// The users whose admission has just lapsed.
    pub departed: Vec<UserId>,
}

impl Notes {
    /// Notes of a step that made no tick.
    #[must_use]
    pub fn at(real_ms: u64) -> Self {
        Self { at_ms: real_ms, ..Self::default() }
    }
}

/// Whether more could be called if calls were leased first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Calls {
    /// No more can be called.
    #[default]
    Enough,
    /// More can be called, up to this number: the process that gets this answer leases the calls.
    Lease(u64),
    /// Yes, and another process is leasing them.
    Awaited,
}

/// Consecutive entries of the draw that are not in the roster yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unwritten {
    /// The first entry's position.
    pub first: u64,
    /// The users who have them, one after another.
    pub users: Vec<UserId>,
}

/// What a claim gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A session, and whether it has just begun.
    Inside(Session, bool),
    /// A place: it is not their turn, or the room is full.
    NotYet(Place),
    /// Nothing: they missed their calls, left, or their session has ended.
    Lapsed,
}
