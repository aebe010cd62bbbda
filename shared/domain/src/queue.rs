//! The waiting room: a counter, not a sorted list.
//!
//! Joining takes the next number; one number, `serving`, moves up; a position is a subtraction that everybody can do
//! for themselves. [`RoomModel`] is the model and states the rule; the scripts of the store run it, each step atomic on
//! the store's own clock, and the contract suite tells the same stories to both.

mod asked;
mod deadlines;
mod room;
mod speed;
mod wait;

pub use asked::{Calls, Given, Looked, Notes, StepResult, Unwritten, Wants};
pub use deadlines::Deadlines;
pub use room::RoomModel;
pub use speed::{
    BRAKE_EVERY_MS, BURST_MS, CALL_COST, CALLS_PER_TICK_MAX, CLAIM_RATE_LEAST, CLAIM_RATE_ONE, DELAY_WEIGHT,
    MEASURE_MS, PATIENCE_DELAYS, PATIENCE_LEAST_MS, RATE_WEIGHT, RECOVERY_MS, Speed,
};
pub use wait::{
    Hasty, POLL_BURST, POLL_EASE, POLL_FAR_MS, POLL_NEAR_MS, POLL_SLACK_MS, POLL_STEP_MS, ahead, eta_s,
    jittered, poll_after_ms, poll_allowed,
};

use serde::{Deserialize, Serialize};

/// The room's clock runs only while somebody looks: however long nobody did, it moves on by so much at the most. So
/// an outage or a jump of the machine's clock costs nobody their call or their session. It is longer than any of those
/// who are there is silent, and shorter than what is left of a session that is kept alive.
pub const GAP_MAX_MS: u64 = 30_000;
/// The longest that an admission lives without a sign of life.
pub const HEARTBEAT_MAX_MS: u64 = 60_000;
/// Who is so far from the front and looks at their place leaves the tick to others, if somebody looked within
/// [`LOOKED_LATELY_MS`]: so the back of a crowd costs little.
pub const FAR_FROM_FRONT: u64 = 100;
/// See [`FAR_FROM_FRONT`].
pub const LOOKED_LATELY_MS: u64 = 100;
/// A process that began a lease and did not finish it in this time is not waited for.
pub const LEASE_WITHIN_MS: u64 = 500;
/// The most numbers leased from the books at a time.
pub const NUMBERS_PER_LEASE: u64 = 200;
/// The fewest.
pub const NUMBERS_PER_LEASE_LEAST: u64 = 20;
/// After a loss nobody is called or let in for so long: time for those who were called before it to show themselves, so
/// that nobody overtakes them.
pub const SETTLE_MS: u64 = 2_000;
/// Who may have been called in the last moment before a loss is called once more, for so long.
pub const RECALL_MS: u64 = 60_000;
/// The most numbers that one queue gives.
pub const NUMBERS_MAX: u64 = 10_000_000;

/// How many numbers to lease when so many were given: as many may be skipped when Redis is lost, and are called in
/// vain, which a small room would feel.
#[must_use]
pub fn numbers_per_lease(issued: u64) -> u64 {
    (issued / 10).clamp(NUMBERS_PER_LEASE_LEAST, NUMBERS_PER_LEASE)
}

/// How a room is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// How many may be inside at once.
    pub cap: u32,
    /// How many are called a minute.
    pub rate_per_min: u32,
    /// False while the sale is paused, closed or not open yet: nobody new is called.
    pub calling: bool,
    /// True while the organizer has stopped the sale for a moment: nobody's time runs out.
    pub paused: bool,
    /// How long a call waits for its answer, milliseconds.
    pub call_window_ms: u64,
    /// How long a session may last, milliseconds.
    pub session_ms: u64,
    /// How long an admission lives without a sign of life, milliseconds.
    pub heartbeat_ms: u64,
    /// Whether people gather for a draw.
    pub gathering: Gathering,
}

/// Whether people gather for a draw before the sale opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gathering {
    /// They do not: numbers are given in the order of joining.
    #[default]
    Never,
    /// They do now: joining gives an entry, and no number yet.
    Now,
    /// The sale has opened: the draw is due, unless it was made.
    Over,
}

/// What somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A position in the roster of the draw, from 1.
    Entry(u64),
    /// A number in the queue, from 1.
    Number(u64),
}

impl Standing {
    /// The number, once there is one.
    #[must_use]
    pub fn number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Entry(_) => None,
        }
    }

    /// The number or entry.
    #[must_use]
    pub fn position(self) -> u64 {
        match self {
            Self::Number(position) | Self::Entry(position) => position,
        }
    }
}

/// Where one person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// In the pool from which the order is drawn when the sale opens.
    Prequeue,
    /// Not their turn yet.
    Waiting,
    /// Their turn: to be claimed within the call window. It stays so while they claim and wait at a full room's door.
    Called,
    /// Inside.
    Admitted,
    /// Missed both calls, or the session ended: joining again gives a number at the tail.
    Lapsed,
    /// Gave the place up.
    Left,
}

/// One person's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Their number, or their entry in the draw.
    pub standing: Standing,
    /// Where they stand.
    pub state: PlaceState,
    /// Numbers before theirs that are not yet called.
    pub ahead: u64,
    /// How many are called a minute, as measured; 0 while there is nothing to measure.
    pub called_per_min: u64,
}

/// What everybody may know of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoomStatus {
    /// The highest number called so far.
    pub serving: u64,
    /// The highest number given so far.
    pub issued: u64,
    /// How many are inside.
    pub active: u64,
    /// How many are called a minute, as measured; 0 while there is nothing to measure.
    pub called_per_min: u64,
}

/// A session inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The admission ends then unless it is renewed, milliseconds.
    pub expires_at_ms: u64,
    /// It cannot be renewed beyond, milliseconds.
    pub ends_at_ms: u64,
}

/// What the books remember of a queue: each is written before anything is done by it, so that none is ever behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueMarks {
    /// Grows with each rebuild; 1 for the first.
    pub epoch: u64,
    /// The highest number leased: none above it was ever given.
    pub leased_to: u64,
    /// The highest number that may have been called.
    pub called_to: u64,
    /// How many entries were drawn, once they were.
    pub pool_size: Option<u64>,
}

impl QueueMarks {
    /// Whether these are of the first rebuild. Before it no step of the queue, of a lock or of a booking was possible, so
    /// there is nothing to restore.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.epoch <= 1
    }
}
