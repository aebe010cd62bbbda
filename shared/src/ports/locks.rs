//! The fast view of a sale: seat locks and what the map shows. None of it decides a sale.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    best::Stretch,
    entry::FreeEntries,
    hold::{Hold, HoldId},
    layout::SeatIndex,
    seat::{SeatRecord, SeatState},
};
use std::ops::Range;

pub use domain::seat::SeatFigures;

/// Seat locks and the seat map of each performance. Every step is atomic and uses the store's own clock.
#[async_trait]
pub trait SeatLocks: Send + Sync {
    /// Locks seats, all or none.
    ///
    /// If the same user asks for the same seats again, the existing hold is returned unchanged. A request that shares only
    /// some seats with the user's other holds replaces those holds and keeps the earliest of their expiries. A request
    /// that names a live hold gets that hold, so sending it twice is harmless.
    async fn hold(&self, wanted: &HoldRequest) -> Result<Held, HoldError>;
    /// Returns a live hold of this user.
    async fn find(&self, hold: HoldId, user: UserId) -> Result<Option<Hold>, StoreError>;
    /// Releases the seats of a hold; false if the user has no such hold.
    async fn release(&self, hold: HoldId, user: UserId) -> Result<bool, StoreError>;
    /// Called just before a sale is written: makes sure that every lock of the hold is still this user's and lives for at
    /// least `at_least_ms` more. `None` if it is not.
    async fn extend(
        &self,
        hold: HoldId,
        user: UserId,
        admitted: AdmittedAs,
        at_least_ms: u64,
    ) -> Result<Option<Hold>, ExtendError>;
    /// Shows what the books decided. Order does not matter and repeats are harmless: for each seat the change with the
    /// highest fence wins, and within one fence reserved < sold < available. The hold behind the decision (the one of its
    /// user with its fence) is dropped together with its locks.
    ///
    /// A fence that this store has not issued yet proves that the store went back in time: it is rebuilt first.
    async fn project(&self, performance: PerformanceId, changes: &[Projection]) -> Result<(), StoreError>;
    /// Reads the map: the changes since a version if the log reaches back that far, else all of it. It never comes from a
    /// store process that may have missed the last moment.
    async fn map(&self, performance: PerformanceId, since: Option<u64>) -> Result<MapRead, StoreError>;
    /// Returns how many seats are held, reserved and sold.
    async fn figures(&self, performance: PerformanceId) -> Result<SeatFigures, StoreError>;
    /// The same for many performances, in one round trip per [`FIGURES_PER_TRIP`]. `None` for those that the store has
    /// lost or never had: their own next step restores them.
    async fn figures_of(
        &self,
        performances: &[PerformanceId],
    ) -> Result<Vec<Option<SeatFigures>>, StoreError>;
}

/// How many performances are read in one round trip. It bounds how long the store's other callers wait behind them.
pub const FIGURES_PER_TRIP: usize = 500;

/// A buyer's wish to lock seats.
#[derive(Debug, Clone)]
pub struct HoldRequest {
    /// The name of the hold if a new one is made.
    pub hold_id: HoldId,
    /// The buyer.
    pub user: UserId,
    /// What lets the buyer in.
    pub admitted: AdmittedAs,
    /// The seats to lock.
    pub seats: WantedSeats,
    /// How long the hold lasts, in milliseconds.
    pub ttl_ms: u64,
    /// The most seats of the user, live bookings and holds together.
    pub max_seats_per_user: u32,
}

/// What entitles a buyer to hold and book. A token proves that the buyer went in; whether they are still inside, the store
/// knows at the moment of the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdmittedAs {
    /// The sale has no waiting room.
    Anyone,
    /// The room counts the buyer as inside now.
    Counted,
    /// The buyer is staff, whom the room does not count, until they leave.
    Staff,
}

/// Which seats to lock.
#[derive(Debug, Clone)]
pub enum WantedSeats {
    /// These seats, in layout order. Never empty.
    Named(Vec<SeatIndex>),
    /// Seats together, chosen by [`best_run`](domain::best::best_run) from what is free at that moment.
    Together {
        /// The number of seats, at least 1.
        count: u32,
        /// Where to look, best row first, according to the map.
        among: Vec<Stretch>,
        /// The version of that map.
        version: u64,
    },
    /// Standing places, chosen by [`FreeEntries::lowest`] from what is free at that moment.
    Entries {
        /// The number of places, at least 1.
        count: u32,
        /// All places of the standing area.
        area: Range<u32>,
        /// Where to look, according to the map.
        free: FreeEntries,
        /// The version of that map.
        version: u64,
    },
}

/// A hold, and whether it is a new one.
#[derive(Debug, Clone)]
pub struct Held {
    /// The hold.
    pub hold: Hold,
    /// False if the user already had it.
    pub fresh: bool,
}

/// Why no seat was locked. Seats in a variant are those that stand in the way.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Other buyers hold or have reserved these.
    #[error("seats are held by others")]
    Held(Vec<SeatIndex>),
    /// These are sold.
    #[error("seats are sold")]
    Sold(Vec<SeatIndex>),
    /// None of the places to choose from has room for this many any more, or their map is too old to tell.
    #[error("no room where to choose from")]
    NoneTogether,
    /// Bookings and holds together would exceed the limit.
    #[error("too many seats for one person")]
    LimitExceeded,
    /// The buyer is no longer inside.
    #[error("the buyer has left the waiting room")]
    Outside,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a hold was not looked up at all.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// The buyer is no longer inside.
    #[error("the buyer has left the waiting room")]
    Outside,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the books record of one seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// The seat's place in the layout.
    pub index: SeatIndex,
    /// The seat's record.
    pub record: SeatRecord,
    /// The buyer who gave it back, if known.
    pub given_back_by: Option<UserId>,
}

/// A reading of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapRead {
    /// All seats that are not available.
    Full {
        /// The map's version, which grows with every change.
        version: u64,
        /// Held, reserved and sold seats. All others are available, or not for sale, which only the layout knows.
        taken: Vec<(SeatIndex, SeatState)>,
    },
    /// What changed, oldest first.
    Changes {
        /// The map's version, which grows with every change.
        version: u64,
        /// The changes. If a seat appears more than once, the last one counts.
        changes: Vec<(SeatIndex, SeatState)>,
    },
}
