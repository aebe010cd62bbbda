//! A booking and its money: reserved → confirmed → cancelled, or reserved → expired. There is no other way.

mod reserve;
mod seats;

pub use reserve::NotSold;
pub use seats::{NotTaken, SeatRecords};

use crate::{
    BookingId, PerformanceId, ShowId, UserId,
    layout::{Layout, PlaceKind, Row, SeatIndex},
    money::Currency,
    seat::{Ownership, SeatId, SeatRecord},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long the seats stay reserved after `pay_by`. It is longer than a payment may take, so that expiry never overtakes
/// a payment that began in time, however slow the provider is.
pub const PAYMENT_GRACE_S: i64 = 60;

/// Seats that one buyer reserved together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// The booking's id.
    pub booking_id: BookingId,
    /// The buyer.
    pub user_id: UserId,
    /// The performance that the seats are for.
    pub performance_id: PerformanceId,
    /// The show of that performance.
    pub show_id: ShowId,
    /// The show's title at the time of booking.
    pub title: String,
    /// The venue at the time of booking.
    pub venue: String,
    /// When the performance starts.
    pub starts_at: Timestamp,
    /// The booked seats, in layout order.
    pub seats: Vec<BookedSeat>,
    /// The sum of the prices, in minor units.
    pub amount: u64,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// The current state.
    pub state: BookingState,
    /// The fence of the hold that the booking was made from.
    pub fence: u64,
    /// The payment deadline. A payment that begins later is refused.
    pub pay_by: Timestamp,
    /// The reference of the payment that confirmed it.
    pub paid_with: Option<String>,
    /// What was refunded on cancellation, in minor units.
    pub refund: u64,
    /// What was kept on cancellation, in minor units.
    pub fee: u64,
    /// When the booking entered each of its states, oldest first.
    pub history: Vec<StateChange>,
}

/// A seat with the price that it was booked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedSeat {
    /// The seat's name.
    pub seat: SeatId,
    /// The seat's place in the layout.
    pub index: SeatIndex,
    /// The seat's grade.
    pub grade: String,
    /// The price in minor units.
    pub price: u64,
    /// What kind of place it is.
    #[serde(default, skip_serializing_if = "BookedKind::is_seat")]
    pub kind: BookedKind,
    /// The entrance that leads to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<String>,
    /// A word to the buyer, such as what is in the way of the view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What kind of place was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookedKind {
    /// A seat in a row.
    #[default]
    Seat,
    /// A standing place. Its number is that of entry.
    Standing,
    /// Room for a wheelchair.
    Wheelchair,
    /// The seat of who comes with the person in the wheelchair.
    Companion,
    /// A seat from which part of the stage cannot be seen.
    RestrictedView,
}

impl BookedKind {
    /// What kind of place a layout has at an index.
    #[must_use]
    pub fn of(index: SeatIndex, layout: &Layout) -> Self {
        match layout.kind_of(index) {
            Some(PlaceKind::Wheelchair) => Self::Wheelchair,
            Some(PlaceKind::Companion) => Self::Companion,
            Some(PlaceKind::RestrictedView) => Self::RestrictedView,
            Some(PlaceKind::House) | None => {
                let is_standing = layout.row_of(index).is_some_and(Row::is_standing);
                if is_standing { Self::Standing } else { Self::Seat }
            }
        }
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_seat(&self) -> bool {
        *self == Self::Seat
    }
}

/// What seats cost together, in minor units.
#[must_use]
pub fn amount_of(seats: &[BookedSeat]) -> u64 {
    seats.iter().map(|seat| seat.price).sum()
}

/// The states of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    /// Waiting for payment.
    Reserved,
    /// Paid, or free.
    Confirmed,
    /// Cancelled by the buyer.
    Cancelled,
    /// Not paid in time.
    Expired,
}

impl BookingState {
    /// The name that the contract uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// One line of a booking's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateChange {
    /// The state that was entered.
    pub state: BookingState,
    /// When it was entered.
    pub at: Timestamp,
}

/// Why a booking did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BookingRefusal {
    /// The booking is not in the state that the change starts from.
    #[error("the booking is {}", .0.as_str())]
    State(BookingState),
    /// The payment window is over.
    #[error("the payment window is over")]
    PayWindowOver,
    /// The performance has started.
    #[error("the performance has started")]
    Started,
    /// It is too early to expire it.
    #[error("the payment window is still open")]
    StillPayable,
}

impl Booking {
    /// Returns when the seats stop being kept for this booking: `pay_by` plus the grace.
    #[must_use]
    pub fn reserved_until(&self) -> Timestamp {
        self.pay_by + SignedDuration::from_secs(PAYMENT_GRACE_S)
    }

    /// Checks that a payment may begin now.
    ///
    /// # Errors
    /// The booking is not reserved, or its payment window is over.
    pub fn check_payable(&self, now: Timestamp) -> Result<(), BookingRefusal> {
        self.check_state(BookingState::Reserved)?;
        if now > self.pay_by { Err(BookingRefusal::PayWindowOver) } else { Ok(()) }
    }

    /// Whether a payment that began in time may still be completed. Until then the seats are kept for it.
    #[must_use]
    pub fn awaits_payment(&self, now: Timestamp) -> bool {
        self.state == BookingState::Reserved && now < self.reserved_until()
    }

    /// Confirms the booking: the payment was authorised, or there is nothing to pay.
    ///
    /// # Errors
    /// The booking is not reserved.
    pub fn confirm(&self, paid_with: Option<String>, now: Timestamp) -> Result<Self, BookingRefusal> {
        self.check_state(BookingState::Reserved)?;
        Ok(Self { paid_with, ..self.moved_to(BookingState::Confirmed, now) })
    }

    /// Cancels the booking for the buyer. An unpaid booking costs nothing and may be cancelled at any time.
    ///
    /// # Errors
    /// The booking is already over, or it is paid and the performance has started.
    pub fn cancel(&self, fee: u64, now: Timestamp) -> Result<Self, BookingRefusal> {
        let (refund, fee) = match self.state {
            BookingState::Reserved => (0, 0),
            BookingState::Confirmed if now >= self.starts_at => return Err(BookingRefusal::Started),
            BookingState::Confirmed => (self.amount.saturating_sub(fee), fee.min(self.amount)),
            over => return Err(BookingRefusal::State(over)),
        };
        Ok(Self { refund, fee, ..self.moved_to(BookingState::Cancelled, now) })
    }

    /// Expires a booking that was not paid in time.
    ///
    /// # Errors
    /// The booking is not reserved, or its seats are still kept for it.
    pub fn expire(&self, now: Timestamp) -> Result<Self, BookingRefusal> {
        self.check_state(BookingState::Reserved)?;
        if now < self.reserved_until() {
            return Err(BookingRefusal::StillPayable);
        }
        Ok(self.moved_to(BookingState::Expired, now))
    }

    /// What each of its seats' records says once the booking is as it is now.
    #[must_use]
    pub fn seat_record(&self) -> SeatRecord {
        let (booking, user) = (self.booking_id, self.user_id);
        let ownership = match self.state {
            BookingState::Reserved => Ownership::Reserved { booking, user, until: self.reserved_until() },
            BookingState::Confirmed => Ownership::Sold { booking, user },
            BookingState::Cancelled | BookingState::Expired => Ownership::Available,
        };
        SeatRecord { ownership, fence: self.fence }
    }

    fn check_state(&self, wanted: BookingState) -> Result<(), BookingRefusal> {
        if self.state == wanted { Ok(()) } else { Err(BookingRefusal::State(self.state)) }
    }

    fn moved_to(&self, state: BookingState, at: Timestamp) -> Self {
        let mut after = Self { state, ..self.clone() };
        after.history.push(StateChange { state, at });
        after
    }
}

/// One attempt to pay for a booking. The provider knows it by its reference, so that asking twice charges once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Unique for the booking and the request that asked for it.
    pub reference: String,
    /// The booking to pay for.
    pub booking_id: BookingId,
    /// The amount in minor units.
    pub amount: u64,
    /// The currency of the amount.
    pub currency: Currency,
    /// What the provider should do next.
    pub goal: PaymentGoal,
}

/// What should become of a payment. `Taken`, `GivenBack` and `Declined` are final. The request itself or the sweep works
/// on the others, whichever comes first, until one of these is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentGoal {
    /// The provider was asked and its answer is not known yet. If this lasts too long, the money must be given back.
    Authorize,
    /// The seats are sold: capture the money.
    Take,
    /// The money was captured.
    Taken,
    /// There is no seat for the money, or the booking was cancelled: void the payment, or refund this much.
    GiveBack {
        /// Minor units to refund if the money was already captured. An authorisation is voided whole.
        refund: u64,
    },
    /// The payment was to be given back, and the provider did not know it. The order may still be on its way, so the
    /// payment is looked up again a few times.
    WrittenOff {
        /// The refund that was due, in minor units.
        refund: u64,
        /// How often the payment was looked up since.
        looks: u8,
    },
    /// Given back; nothing but the fee is kept.
    GivenBack,
    /// The provider declined the payment.
    Declined,
}

/// When to look up a payment that was written off: seconds after the previous look. If the order arrives after the last
/// look, it is up to the provider to report it.
pub const LOOKED_FOR_AFTER_S: [i64; 4] = [60, 600, 3_600, 86_400];

impl PaymentGoal {
    /// The next goal of a payment that was to be given back and that the provider does not know, and the seconds until it
    /// is looked up. The last look ends it.
    #[must_use]
    pub fn not_found(self) -> (Self, i64) {
        let (refund, looks) = match self {
            Self::GiveBack { refund } => (refund, 0),
            Self::WrittenOff { refund, looks } => (refund, looks.saturating_add(1)),
            other => return (other, 0),
        };
        let next = LOOKED_FOR_AFTER_S.get(usize::from(looks));
        next.map_or((Self::GivenBack, 0), |after_s| (Self::WrittenOff { refund, looks }, *after_s))
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Taken | Self::GivenBack | Self::Declined)
    }
}

#[cfg(test)]
mod fixture {
    use super::*;
    use crate::fixtures::at;
    use uuid::Uuid;

    pub(super) fn reserved() -> Booking {
        Booking {
            booking_id: BookingId(Uuid::nil()),
            user_id: UserId(Uuid::nil()),
            performance_id: PerformanceId(Uuid::nil()),
            show_id: ShowId(Uuid::nil()),
            title: "t".into(),
            venue: "v".into(),
            starts_at: at(1_000),
            seats: vec![],
            amount: 500,
            currency: Currency::parse("KRW").expect("valid"),
            state: BookingState::Reserved,
            fence: 1,
            pay_by: at(100),
            paid_with: None,
            refund: 0,
            fee: 0,
            history: vec![StateChange { state: BookingState::Reserved, at: at(0) }],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        BookingState::{Cancelled, Confirmed, Expired, Reserved},
        fixture::reserved,
        *,
    };
    use crate::fixtures::at;
    use proptest::prelude::*;

    #[test]
    fn a_payment_begun_in_time_has_its_grace_before_the_seats_go() {
        let booking = reserved();
        assert_eq!(booking.check_payable(at(100)), Ok(()));
        assert_eq!(booking.check_payable(at(101)), Err(BookingRefusal::PayWindowOver));
        assert_eq!(booking.expire(at(100 + PAYMENT_GRACE_S - 1)), Err(BookingRefusal::StillPayable));
        assert!(booking.expire(at(100 + PAYMENT_GRACE_S)).is_ok());
    }

    #[test]
    fn cancelling_refunds_what_was_paid_less_the_fee() {
        let unpaid = reserved().cancel(50, at(1)).expect("cancellable");
        assert_eq!((unpaid.refund, unpaid.fee), (0, 0));
        let paid = reserved().confirm(Some("p".into()), at(1)).expect("payable");
        let cancelled = paid.cancel(50, at(2)).expect("cancellable");
        assert_eq!((cancelled.refund, cancelled.fee), (450, 50));
        assert_eq!(cancelled.cancel(50, at(3)), Err(BookingRefusal::State(BookingState::Cancelled)));
        assert_eq!(paid.cancel(50, at(1_000)), Err(BookingRefusal::Started));
        assert!(reserved().cancel(50, at(1_000)).is_ok(), "an unpaid booking may be cancelled at any time");
    }

    #[test]
    fn a_payment_that_the_provider_does_not_know_is_looked_up_a_few_times() {
        let mut goal = PaymentGoal::GiveBack { refund: 450 };
        for (looks, wanted_s) in (0..).zip(LOOKED_FOR_AFTER_S) {
            let (next, after_s) = goal.not_found();
            assert_eq!((next, after_s), (PaymentGoal::WrittenOff { refund: 450, looks }, wanted_s));
            assert!(!next.is_settled());
            goal = next;
        }
        assert_eq!(goal.not_found().0, PaymentGoal::GivenBack);
        assert_eq!(PaymentGoal::Declined.not_found().0, PaymentGoal::Declined);
    }

    #[test]
    fn a_payment_begun_in_time_is_awaited_as_long_as_the_seats_are_kept() {
        let booking = reserved();
        assert!(booking.awaits_payment(at(100 + PAYMENT_GRACE_S - 1)));
        assert!(!booking.awaits_payment(at(100 + PAYMENT_GRACE_S)));
        assert!(!booking.confirm(None, at(1)).expect("payable").awaits_payment(at(2)));
    }

    #[test]
    fn the_seats_of_a_booking_go_the_way_of_its_states() {
        let (booking, now) = (reserved(), at(1));
        let (id, user, until) = (booking.booking_id, booking.user_id, booking.reserved_until());
        let taken = SeatRecord::reserve(None, id, user, until, booking.fence, now).expect("free");
        assert_eq!(booking.seat_record(), taken);
        let confirmed = booking.confirm(None, now).expect("payable");
        assert_eq!(confirmed.seat_record(), taken.confirm(id).expect("mine"));
        let over = [confirmed.cancel(0, now), booking.cancel(0, now), booking.expire(until)];
        for over in over {
            assert_eq!(over.expect("in time").seat_record(), taken.release(id).expect("mine"));
        }
    }

    proptest! {
        /// Whatever is tried, in whatever order, a booking only ever takes its two ways.
        #[test]
        fn only_the_two_ways_lead_through_a_booking(events in prop::collection::vec((0..3u8, 0..1_200i64), 1..30)) {
            let mut booking = reserved();
            for (event, s) in events {
                let after = match event {
                    0 => booking.confirm(None, at(s)),
                    1 => booking.cancel(0, at(s)),
                    _ => booking.expire(at(s)),
                };
                booking = after.unwrap_or(booking);
            }
            let way: Vec<_> = booking.history.iter().map(|change| change.state).collect();
            let ways: [&[_]; 5] = [&[Reserved], &[Reserved, Confirmed], &[Reserved, Expired], &[Reserved, Cancelled], &[Reserved, Confirmed, Cancelled]];
            prop_assert!(ways.contains(&way.as_slice()), "{:?}", way);
            prop_assert!(booking.refund + booking.fee <= booking.amount);
        }
    }
}
