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
    /// Write a new booking, its seats and the user's count for the performance as `Booking::take_seats` says (≤
    /// `max_seats_per_user`), the answer that a repeat gets, and one outbox event. A repeat is stopped by the completion's claim.
    async fn reserve(
        &self,
        booking: &Booking,
        max_seats_per_user: u32,
        now: Timestamp,
        completion: &Completion,
    ) -> Result<(), ReserveError>;
    /// Write a booking's next state, made by `Booking::{confirm, cancel, expire}` from `before`: the booking must still be
    /// in the state of `before`, and its seats change as `Booking::move_seats` says. Seats given back also
    /// lower the user's count. With it, if given: the payment's next goal, and the answer that a repeat gets. One outbox event.
    async fn change(&self, change: &BookingChange<'_>) -> Result<(), ChangeError>;
    /// What the books have of these seats now; nothing for a seat that was never touched.
    async fn records_of(
        &self,
        performance: PerformanceId,
        seats: &[SeatIndex],
    ) -> Result<Vec<(SeatIndex, Option<SeatRecord>)>, StoreError>;
    /// A booking.
    async fn booking(&self, booking: BookingId) -> Result<Option<Booking>, StoreError>;
    /// A user's bookings, newest first, at most `limit`, older than the one at `after`; and whether there are more.
    async fn bookings_of(
        &self,
        user: UserId,
        limit: usize,
        after: Option<BookingId>,
    ) -> Result<(Vec<Booking>, bool), StoreError>;
    /// Remember a payment before the provider is asked, to be looked after from `due_at`. The same reference again
    /// gives the payment as it stands; one that is still to be authorised is then left alone until the new `due_at`.
    async fn open_payment(&self, payment: &Payment, due_at: Timestamp) -> Result<Payment, StoreError>;
    /// A payment.
    async fn payment(&self, booking: BookingId, reference: &str) -> Result<Option<Payment>, StoreError>;
    /// Move a payment from the goal that it has in `payment` to another; false when it has moved on meanwhile.
    /// Unless the new goal is settled, it is looked after again from `due_at`.
    async fn move_payment(
        &self,
        payment: &Payment,
        goal: PaymentGoal,
        due_at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// The same for a payment that waits since before `now`: false also when a request has taken it up again meanwhile.
    async fn move_due_payment(
        &self,
        payment: &Payment,
        goal: PaymentGoal,
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// What waits for somebody's hand since before `now`, at most `limit`.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError>;
    /// When the first of what is not due yet will be; nothing while nothing waits.
    async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError>;
}

/// One step of a booking.
#[derive(Debug)]
pub struct BookingChange<'a> {
    /// As it was read.
    pub before: &'a Booking,
    /// As it shall be.
    pub after: &'a Booking,
    /// The payment that goes with it, as it was read, and its next goal.
    pub payment: Option<(&'a Payment, PaymentGoal)>,
    /// What a repeat of the request is answered, if a request asked for it.
    pub completion: Option<&'a Completion>,
    /// When.
    pub now: Timestamp,
}

/// Something that waits for the sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// A reservation that may have to expire.
    Reservation(BookingId),
    /// A payment that is not settled.
    Payment(BookingId, String),
}

/// Why nothing was reserved.
#[derive(Debug, thiserror::Error)]
pub enum ReserveError {
    /// These seats are another's, or a newer lock was used on them; with what the books say of each.
    #[error("seats are taken")]
    Taken(Vec<(SeatIndex, Option<SeatRecord>)>),
    /// The user has as many seats as allowed. Where the same lock was used already, and is among those seats, it is
    /// [`Taken`](Self::Taken) that says so.
    #[error("too many seats for one person")]
    LimitExceeded,
    /// The request's claim was taken over by a repeat of it.
    #[error("a repeat of the request took over")]
    Superseded,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a booking did not change.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// It, its payment or its seats are not as they were read: read again and decide anew.
    #[error("the booking changed meanwhile")]
    Changed,
    /// The request's claim was taken over by a repeat of it.
    #[error("a repeat of the request took over")]
    Superseded,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
