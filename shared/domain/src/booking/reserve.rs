//! How a booking begins: from a hold, at the prices of its performance.

use super::{BookedSeat, Booking, BookingState, StateChange, amount_of};
use crate::{
    BookingId,
    hold::Hold,
    layout::{Layout, SeatIndex},
    performance::Performance,
    show::ShowDetails,
};
use jiff::{SignedDuration, Timestamp};

/// A hold has a seat that its performance does not sell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the performance does not sell the seat at {}", .0.0)]
pub struct NotSold(pub SeatIndex);

impl Booking {
    /// The booking of held seats. It is reserved until it is paid, which may begin until `pay_window` is over; a free one is
    /// confirmed at once.
    ///
    /// What it costs is as the performance was published: the hold says which seats, and nothing of their prices.
    ///
    /// # Errors
    /// A seat that the performance does not sell.
    pub fn reserve(
        booking_id: BookingId,
        hold: &Hold,
        show: &ShowDetails,
        performance: &Performance,
        layout: &Layout,
        pay_window: SignedDuration,
        now: Timestamp,
    ) -> Result<Self, NotSold> {
        let seat = |index: &SeatIndex| performance.seat(*index, layout).ok_or(NotSold(*index));
        let seats: Vec<BookedSeat> = hold.seats.iter().map(seat).collect::<Result<_, _>>()?;
        let amount = amount_of(&seats);
        let state = if amount == 0 { BookingState::Confirmed } else { BookingState::Reserved };
        Ok(Self {
            booking_id,
            user_id: hold.user,
            performance_id: performance.performance_id,
            show_id: performance.show_id,
            title: show.title.clone(),
            venue: show.venue.clone(),
            starts_at: performance.starts_at,
            seats,
            amount,
            currency: performance.currency.clone(),
            state,
            fence: hold.fence,
            pay_by: now + pay_window,
            paid_with: None,
            refund: 0,
            fee: 0,
            history: vec![StateChange { state, at: now }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{booking::PAYMENT_GRACE_S, fixtures, hold::HoldId, show::Grade};
    use uuid::Uuid;

    const PAY_WINDOW: SignedDuration = SignedDuration::from_secs(600);

    fn reserve(seats: &[u32]) -> Result<Booking, NotSold> {
        let (show, performance, layout) = fixtures::house();
        let hold = Hold {
            hold_id: HoldId { performance: performance.performance_id, token: Uuid::nil() },
            user: fixtures::USER,
            seats: seats.iter().copied().map(SeatIndex).collect(),
            expires_at: fixtures::at(5),
            fence: 7,
        };
        let id = BookingId(Uuid::from_u128(9));
        Booking::reserve(id, &hold, &show, &performance, &layout, PAY_WINDOW, fixtures::at(1))
    }

    #[test]
    fn a_booking_costs_what_its_performance_was_published_with() {
        let booking = reserve(&[0, 2]).expect("for sale");
        let seats: Vec<_> = booking.seats.iter().map(|seat| (seat.seat.as_str(), seat.price)).collect();
        assert_eq!(seats, [("A-1-1", 500), ("A-1-3", 500)]);
        assert_eq!((booking.amount, booking.fence, booking.user_id), (1_000, 7, fixtures::USER));
        assert_eq!(booking.state, BookingState::Reserved);
        assert_eq!(booking.history, [StateChange { state: BookingState::Reserved, at: fixtures::at(1) }]);
        assert_eq!(booking.pay_by, fixtures::at(601));
        assert_eq!(booking.reserved_until(), fixtures::at(601 + PAYMENT_GRACE_S));
    }

    #[test]
    fn a_free_booking_is_confirmed_at_once_and_one_with_a_price_is_not() {
        let free = reserve(&[3, 4]).expect("for sale");
        assert_eq!((free.amount, free.state), (0, BookingState::Confirmed));
        assert_eq!(free.history, [StateChange { state: BookingState::Confirmed, at: fixtures::at(1) }]);
        let mixed = reserve(&[0, 3]).expect("for sale");
        assert_eq!((mixed.amount, mixed.state), (500, BookingState::Reserved));
    }

    #[test]
    fn no_seat_is_booked_that_the_performance_does_not_sell() {
        assert_eq!(reserve(&[0, 1]), Err(NotSold(SeatIndex(1))), "the house keeps it");
        assert_eq!(reserve(&[5]), Err(NotSold(SeatIndex(5))), "the layout has no such seat");
        let (_, performance, layout) = fixtures::house();
        let without = Performance { grades: vec![Grade { grade: "S".into(), price: 0 }], ..performance };
        assert_eq!(without.seat(SeatIndex(0), &layout), None, "the performance has no such grade");
    }
}
