//! The waiting room: a counter, not a sorted list.
//!
//! Joining takes the next number; one number, `serving`, moves up; how many are ahead is a subtraction that each client
//! can do for itself. [`RoomModel`] is the model and states the rule. The scripts of the store run it, each step atomic
//! on the store's own clock, and the contract suite tells the same stories to both.

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
    DOUBLINGS_MAX, MEASURE_MS, PATIENCE_DELAYS, PATIENCE_LEAST_MS, RATE_WEIGHT, RECOVERY_MS, Speed,
};
pub use wait::{
    Hasty, POLL_BURST, POLL_EASE, POLL_FAR_MS, POLL_NEAR_MS, POLL_SLACK_MS, POLL_STEP_MS, ahead, eta_s,
    jittered, poll_after_ms, poll_allowance_ms, poll_allowed,
};

use serde::{Deserialize, Serialize};

/// The room's clock advances only when a client looks, by at most this much. An outage or a clock jump therefore costs no
/// buyer a call or a session. It is longer than the silence of any client that is still there, and shorter than what is
/// left of an admission that is renewed in time.
pub const GAP_MAX_MS: u64 = 30_000;
/// The longest that an admission lives without a sign of life.
pub const HEARTBEAT_MAX_MS: u64 = 60_000;
/// More than the clocks of two machines differ.
pub const CLOCKS_DIFFER_MS: u64 = 10_000;
/// How long it is kept that staff have left: as long as an admission that was issued before may live.
pub const STAFF_GONE_MS: u64 = HEARTBEAT_MAX_MS + CLOCKS_DIFFER_MS;
/// A buyer further from the front than this leaves the tick to others if there was a look within [`LOOKED_LATELY_MS`], so
/// that the back of a crowd costs little.
pub const FAR_FROM_FRONT: u64 = 100;
/// How recent that look must be, in milliseconds.
pub const LOOKED_LATELY_MS: u64 = 100;
/// How long others wait for a process that has begun a lease.
pub const LEASE_WITHIN_MS: u64 = 500;
/// The most numbers leased from the books at a time.
pub const NUMBERS_PER_LEASE: u64 = 200;
/// The fewest numbers leased at a time.
pub const NUMBERS_PER_LEASE_LEAST: u64 = 20;
/// After a loss no buyer is called or admitted for this long, so that those called before it come first.
pub const SETTLE_MS: u64 = 2_000;
/// How long a buyer who may have been called just before a loss may be called once more.
pub const RECALL_MS: u64 = 60_000;
/// The most lapsed members that one step drops from a set: bounds the store's work.
pub const LAPSED_MAX: usize = 1_000;
/// The most numbers that one queue gives.
pub const NUMBERS_MAX: u64 = 10_000_000;

/// The size of the next lease, when `issued` numbers were given. A loss of Redis can skip a whole lease, which a small
/// room would feel.
#[must_use]
pub fn numbers_per_lease(issued: u64) -> u64 {
    (issued / 10).clamp(NUMBERS_PER_LEASE_LEAST, NUMBERS_PER_LEASE)
}

/// How a room is run now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// How many may be inside at once.
    pub cap: u32,
    /// How many are called a minute.
    pub rate_per_min: u32,
    /// False while the sale is paused, closed or not open yet: no new buyers are called.
    pub calling: bool,
    /// True while the organizer has paused the sale: the room's clock stands still, so no call or session runs out.
    pub paused: bool,
    /// How long a call stands, milliseconds.
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
    /// No: numbers are given in the order of joining.
    #[default]
    Never,
    /// Yes, now: joining gives an entry, and no number yet.
    Now,
    /// They did, and the sale has opened: the draw is due, unless it was made.
    Over,
}

/// What an account holds: a number, or before the draw an entry.
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

    /// The place in the queue or in the roster.
    #[must_use]
    pub fn position(self) -> u64 {
        match self {
            Self::Number(position) | Self::Entry(position) => position,
        }
    }
}

/// The state of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// In the pool from which the order is drawn when the sale opens.
    Prequeue,
    /// Not their turn yet.
    Waiting,
    /// Their turn: to be claimed within the call window. It stays so while they wait at a full room's door and go on
    /// claiming.
    Called,
    /// Inside the room.
    Admitted,
    /// Missed both calls, or the session ended: joining again gives a number at the tail.
    Lapsed,
    /// Gave the place up.
    Left,
}

/// Where one account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Their number, or their entry in the draw.
    pub standing: Standing,
    /// What they wait for, or whether they are in.
    pub state: PlaceState,
    /// Numbers before theirs that are not yet called.
    pub ahead: u64,
    /// How many are called a minute, as measured; 0 while there is nothing to measure.
    pub called_per_min: u64,
}

/// The public figures of a room.
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
    /// How many were called and have not come yet.
    pub called: u64,
    /// Those among them who missed a call and were called once more.
    pub called_again: u64,
    /// How many of a million calls are answered in time, as the room has learned.
    pub claim_rate: u64,
}

/// A session inside the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// When the admission ends unless it is renewed, in milliseconds.
    pub expires_at_ms: u64,
    /// When the session ends, in milliseconds; no renewal goes beyond it.
    pub ends_at_ms: u64,
}

/// What the books remember of a queue. Each mark is written before the room acts on it, so that none is ever behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueMarks {
    /// Grows with each rebuild, from 1.
    pub epoch: u64,
    /// The highest number leased: no number above it was ever given.
    pub leased_to: u64,
    /// The highest number that may have been called.
    pub called_to: u64,
    /// How many entries were drawn; nothing before the draw.
    pub pool_size: Option<u64>,
}

impl QueueMarks {
    /// Whether this is the first rebuild. Before it no step of the queue, of a lock or of a booking was possible, so
    /// there is nothing to restore.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.epoch <= 1
    }
}
