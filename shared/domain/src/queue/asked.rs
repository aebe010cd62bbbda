//! What a step of the room answers, and what it says beside.

use super::{Place, Session};
use crate::UserId;

/// What a step cannot do by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// Lease numbers. `first` and `full` are the entries that are to be written to the roster with it, if there are any.
    Numbers {
        /// The first entry's position.
        first: u64,
        /// Who has them, one after another.
        full: Vec<UserId>,
    },
    /// Make the draw.
    Draw,
    /// Say which number this entry drew.
    NumberOf(u64),
    /// Wait for the numbers that another process leases.
    Wait,
    /// Nothing helps: the queue has given all its numbers.
    Nothing,
}

/// A step's answer, or what it wants first.
pub type StepResult<T> = Result<T, Wants>;

/// What a step that looked at the room says: also where it wants something first, the tick was made.
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
    /// When it was, by the machine's clock, milliseconds.
    pub at_ms: u64,
    /// Whether more could be called if calls were leased.
    pub calls: Calls,
    /// Those whose admission has just lapsed.
    pub departed: Vec<UserId>,
}

impl Notes {
    /// Of a moment at which nothing came of it.
    #[must_use]
    pub fn at(real_ms: u64) -> Self {
        Self { at_ms: real_ms, ..Self::default() }
    }
}

/// Whether more could be called if the books heard of it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Calls {
    /// No.
    #[default]
    Enough,
    /// Up to this number: the process that is told so leases them.
    Lease(u64),
    /// Another process leases them just now.
    Awaited,
}

/// Entries of the draw that follow one another and are not in the roster yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unwritten {
    /// The first entry's position.
    pub first: u64,
    /// Who has them, one after another.
    pub users: Vec<UserId>,
}

/// What a claim gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A session inside, and whether it has just begun.
    Inside(Session, bool),
    /// Not their turn, or the room is full.
    NotYet(Place),
    /// Missed their calls, left, or the session ended.
    Lapsed,
}
