//! The calm screen: seat locks and what the map shows. None of it decides a sale.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    PerformanceId, UserId,
    best::Stretch,
    hold::{Hold, HoldId},
    layout::SeatIndex,
    seat::{SeatRecord, SeatState},
};

pub use domain::seat::SeatFigures;

/// Seat locks and the seat map of each performance. Every step is atomic and uses the store's own clock.
#[async_trait]
pub trait SeatLocks: Send + Sync {
    /// Lock seats, all or none.
    ///
    /// The same user asking for the same seats again gets the hold that they have, unchanged. A request that shares
    /// only some seats with the user's other holds replaces those holds and keeps the earliest of their expiries. A
    /// request under the name of a live hold gets that hold: sending it twice is harmless.
    async fn hold(&self, wanted: &HoldRequest) -> Result<Held, HoldError>;
    /// A live hold of this user.
    async fn find(&self, hold: HoldId, user: UserId) -> Result<Option<Hold>, StoreError>;
    /// Give the seats of a hold back; false when the user has no such hold.
    async fn release(&self, hold: HoldId, user: UserId) -> Result<bool, StoreError>;
    /// Just before a sale is written: make sure that every lock of the hold is still this user's and lives for at least
    /// `at_least_ms` more. Nothing when it is not.
    async fn extend(
        &self,
        hold: HoldId,
        user: UserId,
        admitted: AdmittedAs,
        at_least_ms: u64,
    ) -> Result<Option<Hold>, ExtendError>;
    /// Show what the books decided. Order does not matter and repeats are harmless: for each seat the change with the
    /// highest fence wins, and within one fence reserved < sold < available. The hold that the decision was made from,
    /// which is its user's with its fence, is dropped with its locks.
    ///
    /// A fence that this store has not given yet shows that it went back in time: it is rebuilt first.
    async fn project(&self, performance: PerformanceId, changes: &[Projection]) -> Result<(), StoreError>;
    /// The map: what changed since a version, where the log reaches back so far, or all of it. Never that of a process
    /// of the store that may have missed the last moment.
    async fn map(&self, performance: PerformanceId, since: Option<u64>) -> Result<MapRead, StoreError>;
    /// How many seats are held, reserved and sold.
    async fn figures(&self, performance: PerformanceId) -> Result<SeatFigures, StoreError>;
    /// The same of many performances, in one round trip for each [`FIGURES_PER_TRIP`]. Nothing for those that the store has
    /// lost or never had: they are brought back by the next step of their own.
    async fn figures_of(
        &self,
        performances: &[PerformanceId],
    ) -> Result<Vec<Option<SeatFigures>>, StoreError>;
}

/// Performances whose figures are read in one round trip: bounds how long the store's answers to others wait behind them.
pub const FIGURES_PER_TRIP: usize = 500;

/// What somebody wants to lock.
#[derive(Debug, Clone)]
pub struct HoldRequest {
    /// The name of the hold, if it is a new one.
    pub hold_id: HoldId,
    /// The buyer.
    pub user: UserId,
    /// By what the waiting room lets them.
    pub admitted: AdmittedAs,
    /// Which seats.
    pub seats: WantedSeats,
    /// How long it lasts, milliseconds.
    pub ttl_ms: u64,
    /// Live bookings and holds together.
    pub max_seats_per_user: u32,
}

/// By what a waiting room lets a buyer hold and book. A token proves that they went in; whether they are still inside the
/// store knows at the moment of the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdmittedAs {
    /// The sale has no waiting room.
    Anyone,
    /// One of those whom the room counts as inside now.
    Counted,
    /// Staff, whom the room does not count, until they leave.
    Staff,
}

/// Which seats to lock.
#[derive(Debug, Clone)]
pub enum WantedSeats {
    /// These, in layout order. Never empty.
    Named(Vec<SeatIndex>),
    /// Seats together, chosen by [`best_run`](domain::best::best_run) of what is free at that moment.
    Together {
        /// How many, at least 1.
        count: u32,
        /// Where to look, best row first, as the map had it.
        among: Vec<Stretch>,
        /// The version of that map.
        version: u64,
    },
}

/// A hold, and whether it is a new one.
#[derive(Debug, Clone)]
pub struct Held {
    /// The hold.
    pub hold: Hold,
    /// False when the user had it already.
    pub fresh: bool,
}

/// Why no seat was locked. Seats are those that stand in the way.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Others hold or reserved these.
    #[error("seats are held by others")]
    Held(Vec<SeatIndex>),
    /// These are sold.
    #[error("seats are sold")]
    Sold(Vec<SeatIndex>),
    /// None of the stretches has so many free seats together any more, or their map is too old to tell.
    #[error("no free seats together")]
    NoneTogether,
    /// Bookings and holds together would be too many.
    #[error("too many seats for one person")]
    LimitExceeded,
    /// The buyer is not inside any more.
    #[error("the buyer has left the waiting room")]
    Outside,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a hold was not even looked for.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// The buyer is not inside any more.
    #[error("the buyer has left the waiting room")]
    Outside,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the books say of one seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// Which seat.
    pub index: SeatIndex,
    /// Its record.
    pub record: SeatRecord,
    /// Who gave it back, where that is known.
    pub given_back_by: Option<UserId>,
}

/// A reading of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapRead {
    /// Everything that is not available.
    Full {
        /// Grows with every change.
        version: u64,
        /// Held, reserved and sold seats; all others are available (or not for sale, which only the layout knows).
        taken: Vec<(SeatIndex, SeatState)>,
    },
    /// What changed, oldest first.
    Changes {
        /// Grows with every change.
        version: u64,
        /// A seat may stand in it more than once: the last one counts.
        changes: Vec<(SeatIndex, SeatState)>,
    },
}
