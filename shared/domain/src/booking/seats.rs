//! How the seats of a booking change hands with it: all at once, or none.
//!
//! This is the rule. What makes each step in one transaction is `adapters/dynamodb/books.rs`, by the conditions of its writes,
//! and the contract suite holds those to what is said here.

use super::{Booking, BookingState};
use crate::{
    layout::SeatIndex,
    seat::{SeatRecord, SeatRefusal},
};
use jiff::Timestamp;

/// What the books have of some seats; nothing for a seat that was never touched.
pub type SeatRecords = Vec<(SeatIndex, Option<SeatRecord>)>;

/// Why a booking did not get its seats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// These seats are another's, or a newer hold was used on them.
    #[error("seats are taken")]
    Taken(SeatRecords),
    /// The user would have more seats than allowed.
    #[error("too many seats for one person")]
    LimitExceeded,
}

impl Booking {
    /// What its seats become when it is made, given what the books have of them, how many seats its user has in live bookings of
    /// the performance, and how many they may have.
    ///
    /// # Errors
    /// One reason, by [`Self::why_not_taken`].
    pub fn take_seats(
        &self,
        before: &[(SeatIndex, Option<SeatRecord>)],
        user_has: u32,
        user_max: u32,
        now: Timestamp,
    ) -> Result<Vec<(SeatIndex, SeatRecord)>, NotTaken> {
        let (mut reserved, mut taken) = (Vec::new(), Vec::new());
        for (index, record) in before {
            match self.take_seat(record.as_ref(), now) {
                Ok(after) => reserved.push((*index, after)),
                Err(_) => taken.push((*index, record.clone())),
            }
        }
        let wanted = u32::try_from(before.len()).unwrap_or(u32::MAX);
        let is_over_limit = user_has.saturating_add(wanted) > user_max;
        self.why_not_taken(is_over_limit, taken).map_or(Ok(reserved), Err)
    }

    /// The one reason that the buyer is told, given the seats that stand in the way; nothing where nothing does.
    ///
    /// The limit is the buyer's own doing, so it comes before others' seats. But a limit that this very lock has reached, used by
    /// another request, is not what stands in the way: then it is the seats.
    #[must_use]
    pub fn why_not_taken(&self, is_over_limit: bool, taken: SeatRecords) -> Option<NotTaken> {
        let is_used = taken.iter().flat_map(|(_, record)| record).any(|record| record.fence == self.fence);
        if is_over_limit && !is_used {
            return Some(NotTaken::LimitExceeded);
        }
        (!taken.is_empty()).then_some(NotTaken::Taken(taken))
    }

    fn take_seat(&self, before: Option<&SeatRecord>, now: Timestamp) -> Result<SeatRecord, SeatRefusal> {
        let (id, until) = (self.booking_id, self.reserved_until());
        let reserved = SeatRecord::reserve(before, id, self.user_id, until, self.fence, now)?;
        if self.state == BookingState::Confirmed { reserved.confirm(id) } else { Ok(reserved) }
    }

    /// What its seats become when it comes into the state of `after`, given what the books have of them: only those that change.
    ///
    /// # Errors
    /// A seat that is not the booking's any more: then nothing changes. It does not stand in the way of giving a reservation up:
    /// others may have it since it ran out, and the rest is given back without it.
    pub fn move_seats(
        &self,
        after: &Self,
        before: &[(SeatIndex, Option<SeatRecord>)],
    ) -> Result<Vec<(SeatIndex, SeatRecord)>, SeatRefusal> {
        let sells = after.state == BookingState::Confirmed;
        let gives_up = self.gives_up_as(after);
        let mut moved = Vec::new();
        for (index, record) in before {
            let record = record.as_ref().ok_or(SeatRefusal::NotMine);
            let id = self.booking_id;
            match record.and_then(|record| if sells { record.confirm(id) } else { record.release(id) }) {
                Ok(record) => moved.push((*index, record)),
                Err(_) if gives_up => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(moved)
    }

    /// Whether coming into the state of `after` gives a reservation up: it is cancelled or expires.
    #[must_use]
    pub fn gives_up_as(&self, after: &Self) -> bool {
        self.state == BookingState::Reserved && after.state != BookingState::Confirmed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BookingId, booking::fixture, fixtures::at, seat::Ownership};
    use uuid::Uuid;

    fn booking(id: u128, fence: u64) -> Booking {
        Booking { booking_id: BookingId(Uuid::from_u128(id)), fence, ..fixture::reserved() }
    }

    fn free(seats: u32) -> SeatRecords {
        (0..seats).map(|index| (SeatIndex(index), None)).collect()
    }

    fn had(seats: Vec<(SeatIndex, SeatRecord)>) -> SeatRecords {
        seats.into_iter().map(|(index, record)| (index, Some(record))).collect()
    }

    #[test]
    fn all_seats_are_taken_or_none() {
        let first = booking(1, 1);
        let taken = first.take_seats(&free(2), 0, 4, at(0)).expect("free seats");
        assert!(taken.iter().all(|(_, record)| *record == first.seat_record()));
        let third = (SeatIndex(2), None);
        let before = [had(taken.clone()), vec![third]].concat();
        let refused = booking(2, 2).take_seats(&before, 0, 4, at(1));
        assert_eq!(refused, Err(NotTaken::Taken(had(taken))), "only those in the way are named");
    }

    #[test]
    fn a_free_booking_has_its_seats_sold_at_once() {
        let free_of_charge = booking(1, 1).confirm(None, at(0)).expect("reserved");
        let sold = free_of_charge.take_seats(&free(1), 0, 4, at(0)).expect("a free seat");
        assert!(matches!(sold[0].1.ownership, Ownership::Sold { .. }));
    }

    #[test]
    fn the_limit_counts_all_seats_of_a_person_and_comes_first() {
        assert!(booking(1, 1).take_seats(&free(2), 2, 4, at(0)).is_ok());
        assert_eq!(booking(1, 1).take_seats(&free(2), 3, 4, at(0)), Err(NotTaken::LimitExceeded));
        let taken = had(booking(1, 1).take_seats(&free(2), 0, 4, at(0)).expect("free seats"));
        assert_eq!(booking(2, 2).take_seats(&taken, 3, 4, at(1)), Err(NotTaken::LimitExceeded));
        let same_lock = booking(2, 1).take_seats(&taken, 3, 4, at(1));
        assert_eq!(same_lock, Err(NotTaken::Taken(taken)), "the lock was used, and that is why");
    }

    #[test]
    fn what_others_took_over_is_no_hindrance_to_giving_up_and_is_to_everything_else() {
        let first = booking(1, 1);
        let mine = had(first.take_seats(&free(2), 0, 4, at(0)).expect("free seats"));
        let after = first.reserved_until();
        let theirs = booking(2, 2).take_seats(&mine[..1], 0, 4, after).expect("it ran out");
        let now = [had(theirs), mine[1..].to_vec()].concat();

        let confirmed = first.confirm(None, after).expect("reserved");
        assert_eq!(first.move_seats(&confirmed, &now), Err(SeatRefusal::NotMine));
        let expired = first.expire(after).expect("its time is over");
        let released = SeatRecord { ownership: Ownership::Available, fence: 1 };
        assert_eq!(first.move_seats(&expired, &now), Ok(vec![(SeatIndex(1), released)]));
        let cancelled = confirmed.cancel(0, after).expect("before it starts");
        assert_eq!(confirmed.move_seats(&cancelled, &now), Err(SeatRefusal::NotMine));
    }

    #[test]
    fn a_booking_sells_and_gives_back_all_of_its_seats() {
        let first = booking(1, 1);
        let mine = had(first.take_seats(&free(2), 0, 4, at(0)).expect("free seats"));
        let paid = first.confirm(None, at(1)).expect("reserved");
        let sold = first.move_seats(&paid, &mine).expect("mine");
        assert!(sold.len() == 2 && sold.iter().all(|(_, record)| *record == paid.seat_record()));
        let cancelled = paid.cancel(0, at(2)).expect("before it starts");
        let back = paid.move_seats(&cancelled, &had(sold)).expect("mine");
        assert!(back.len() == 2 && back.iter().all(|(_, record)| *record == cancelled.seat_record()));
    }
}
