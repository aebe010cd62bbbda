//! The books: what decides every sale. Each method is one transaction, all or nothing.

use super::{Completion, StoreError};
use async_trait::async_trait;
use domain::{
    BookingId, PerformanceId, UserId,
    booking::{Booking, Payment, PaymentGoal},
    layout::SeatIndex,
    seat::SeatRecord,
};
use jiff::Timestamp;

/// Seats, bookings, payments and per-user limits.
#[async_trait]
pub trait Books: Send + Sync {
    /// Writes a new booking, its seats and the user's count for the performance (at most `max_seats_per_user`) as
    /// `Booking::take_seats` says, the answer that a repeat gets, and one outbox event. The completion's claim stops a repeat.
    async fn reserve(
        &self,
        booking: &Booking,
        max_seats_per_user: u32,
        now: Timestamp,
        completion: &Completion,
    ) -> Result<(), ReserveError>;
    /// Writes a booking's next state, made by `Booking::{confirm, cancel, expire}` from `before`. The booking must still be
    /// in the state of `before`, and its seats change as `Booking::move_seats` says. Seats given back leave the
    /// user's count. Written with it: the payment's next goal and the answer that a repeat gets, if given, and one outbox event.
    async fn change(&self, change: &BookingChange<'_>) -> Result<(), ChangeError>;
    /// What the books record of these seats now; `None` for a seat that was never touched.
    async fn records_of(
        &self,
        performance: PerformanceId,
        seats: &[SeatIndex],
    ) -> Result<Vec<(SeatIndex, Option<SeatRecord>)>, StoreError>;
    /// Returns a booking.
    async fn booking(&self, booking: BookingId) -> Result<Option<Booking>, StoreError>;
    /// A user's bookings, newest first, at most `limit`, older than the one at `after`; and whether there are more.
    async fn bookings_of(
        &self,
        user: UserId,
        limit: usize,
        after: Option<BookingId>,
    ) -> Result<(Vec<Booking>, bool), StoreError>;
    /// Records a payment before the provider is asked; the sweep takes it up from `due_at`. The same reference again
    /// returns the payment as it stands. If that is still to be authorised, the sweep waits until the new `due_at`.
    async fn open_payment(&self, payment: &Payment, due_at: Timestamp) -> Result<Payment, StoreError>;
    /// Returns a payment of a booking.
    async fn payment(&self, booking: BookingId, reference: &str) -> Result<Option<Payment>, StoreError>;
    /// Moves a payment from the goal that it has in `payment` to another; false if it has moved on in the meantime.
    /// Unless the new goal is settled, the sweep takes it up again from `due_at`.
    async fn move_payment(
        &self,
        payment: &Payment,
        goal: PaymentGoal,
        due_at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// The same for a payment that was due before `now`; also false if a request has taken it up again in the meantime.
    async fn move_due_payment(
        &self,
        payment: &Payment,
        goal: PaymentGoal,
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Notes that the provider was silent about a payment; false if that stands there already.
    async fn note_silence(&self, payment: &Payment) -> Result<bool, StoreError>;
    /// What has been due since before `now`, each with since when, the oldest first, at most `limit`.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<(Timestamp, Due)>, StoreError>;
    /// When the first of what is not due yet will be; `None` if nothing waits.
    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError>;
}

/// One change of state of a booking.
#[derive(Debug)]
pub struct BookingChange<'a> {
    /// The booking as it was read.
    pub before: &'a Booking,
    /// The booking as it should become.
    pub after: &'a Booking,
    /// The payment that belongs to the change, as it was read, and its next goal.
    pub payment: Option<(&'a Payment, PaymentGoal)>,
    /// The answer that a repeat of the request gets, if a request caused the change.
    pub completion: Option<&'a Completion>,
    /// The time of the change.
    pub now: Timestamp,
}

/// What waits for the sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// A reservation that may have to expire.
    Reservation(BookingId),
    /// A payment that is not settled.
    Payment(BookingId, String),
}

/// Why no seat was reserved.
#[derive(Debug, thiserror::Error)]
pub enum ReserveError {
    /// Other bookings have these seats, or a newer hold was used on them. Comes with what the books record of each.
    #[error("seats are taken")]
    Taken(Vec<(SeatIndex, Option<SeatRecord>)>),
    /// The user has as many seats as allowed. If this same hold was used before and its seats are among those, the error
    /// is [`Taken`](Self::Taken) instead.
    #[error("too many seats for one person")]
    LimitExceeded,
    /// A repeat of the request took over its claim.
    #[error("a repeat of the request took over")]
    Superseded,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a booking did not change.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The booking, its payment or its seats are not as they were read. Read again and decide anew.
    #[error("the booking changed meanwhile")]
    Changed,
    /// A repeat of the request took over its claim.
    #[error("a repeat of the request took over")]
    Superseded,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
