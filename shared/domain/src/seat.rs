//! One seat: its name, what the map shows of it, and the rule by which it changes hands.

mod figures;

pub use figures::{Left, SeatFigures};

use crate::{BookingId, Invalid, UserId};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, ops::Range};

/// The most characters of a seat's name: as many as a layout can give one.
pub const NAME_MAX: usize = 64;

/// The name of a place: `{section}-{row}-{number}`, such as `A-12-7`. The number may be a word (`A-12-왼쪽`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SeatId {
    name: String,
    row_len: usize,
}

impl SeatId {
    /// Parses a place's name. Whether the place exists is for the layout to say.
    ///
    /// # Errors
    /// The text is not of the form section-row-number, or is longer than [`NAME_MAX`].
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let malformed = || Invalid::because("must be section-row-number, such as A-12-7");
        let (row_name, label) = raw.rsplit_once('-').ok_or_else(malformed)?;
        let is_long = raw.chars().nth(NAME_MAX).is_some();
        if is_long || row_name.matches('-').count() != 1 || label.is_empty() {
            return Err(malformed());
        }
        Ok(Self { row_len: row_name.len(), name: raw.to_owned() })
    }

    /// A place of a layout: section and row, as `row_name` returns them, and the number.
    pub(crate) fn in_row(row_name: &str, label: &str) -> Self {
        Self { name: format!("{row_name}-{label}"), row_len: row_name.len() }
    }

    /// Section and row, such as `A-12`.
    #[must_use]
    pub fn row_name(&self) -> &str {
        self.name.get(..self.row_len).unwrap_or_default()
    }

    /// The number in the row, or its other label.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.get(self.row_len + 1..).unwrap_or_default()
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl TryFrom<String> for SeatId {
    type Error = Invalid;
    fn try_from(raw: String) -> Result<Self, Invalid> {
        Self::parse(&raw)
    }
}

impl From<SeatId> for String {
    fn from(seat: SeatId) -> Self {
        seat.name
    }
}

impl fmt::Display for SeatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What the map shows of a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum SeatState {
    /// Every buyer may hold it.
    Available = 0,
    /// A buyer holds or has reserved it; it may come back.
    Held = 1,
    /// It is paid for.
    Sold = 2,
    /// The house keeps it.
    NotForSale = 3,
}

/// The lower bit of each of the 32 states in a word.
const LOW_BITS: u64 = 0x5555_5555_5555_5555;

/// The states of all seats of a performance: 2 bits each, lowest bits first, in layout order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatStates {
    bytes: Vec<u8>,
    seat_count: u32,
}

impl SeatStates {
    /// All seats available.
    #[must_use]
    pub fn available(seat_count: u32) -> Self {
        Self { bytes: vec![0; (seat_count as usize).div_ceil(4)], seat_count }
    }

    /// The number of seats.
    #[must_use]
    pub fn seat_count(&self) -> u32 {
        self.seat_count
    }

    /// Sets the state of one seat. An index outside the layout changes nothing.
    pub fn set(&mut self, index: u32, state: SeatState) {
        if index >= self.seat_count {
            return;
        }
        let shift = (index % 4) * 2;
        if let Some(byte) = self.bytes.get_mut((index / 4) as usize) {
            *byte = (*byte & !(0b11 << shift)) | ((state as u8) << shift);
        }
    }

    /// The state of one seat. Outside the layout nothing is for sale.
    #[must_use]
    pub fn get(&self, index: u32) -> SeatState {
        let byte = self.bytes.get((index / 4) as usize).copied().filter(|_| index < self.seat_count);
        match byte.map(|byte| (byte >> ((index % 4) * 2)) & 0b11) {
            Some(0) => SeatState::Available,
            Some(1) => SeatState::Held,
            Some(2) => SeatState::Sold,
            _ => SeatState::NotForSale,
        }
    }

    /// The runs of available seats in a range, each as long as possible. It looks at 32 seats at a time.
    pub fn free_runs(&self, range: Range<u32>) -> impl Iterator<Item = Range<u32>> {
        let (mut at, end) = (range.start, range.end.min(self.seat_count));
        std::iter::from_fn(move || {
            let start = self.first(at..end, true)?;
            at = self.first(start..end, false).unwrap_or(end);
            Some(start..at)
        })
    }

    /// The first seat of a range that is available, or that is not.
    fn first(&self, range: Range<u32>, is_available: bool) -> Option<u32> {
        let mut at = range.start;
        while at < range.end {
            let word = self.word(at / 32);
            let taken = (word | (word >> 1)) & LOW_BITS;
            let wanted = (if is_available { taken ^ LOW_BITS } else { taken }) >> (at % 32 * 2);
            if wanted != 0 {
                return Some(at + wanted.trailing_zeros() / 2).filter(|found| *found < range.end);
            }
            at = (at / 32 + 1) * 32;
        }
        None
    }

    /// The states of 32 seats.
    fn word(&self, number: u32) -> u64 {
        let rest = self.bytes.get(number as usize * 8..).unwrap_or_default();
        let whole = rest.first_chunk().copied();
        u64::from_le_bytes(whole.unwrap_or_else(|| {
            let mut last = [0; 8];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            last
        }))
    }

    /// The packed states in Base64, as the contract carries them.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }
}

/// Who owns a seat, as the store that decides sales knows it. A seat without a record is available: it was never touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRecord {
    /// The current owner, if there is one.
    pub ownership: Ownership,
    /// The fence of the last successful write. A write of an older hold is refused.
    pub fence: u64,
}

/// The three states of a seat in the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ownership {
    /// The seat came back after a cancellation or an unpaid reservation.
    Available,
    /// The seat waits for payment.
    Reserved {
        /// The booking that reserved it.
        booking: BookingId,
        /// The buyer.
        user: UserId,
        /// When another booking may take it.
        until: Timestamp,
    },
    /// The seat is paid for.
    Sold {
        /// The booking that bought it.
        booking: BookingId,
        /// The buyer.
        user: UserId,
    },
}

/// Why a seat does not change hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeatRefusal {
    /// Another booking has the seat.
    #[error("the seat belongs to another booking")]
    Taken,
    /// A newer hold was already used.
    #[error("the lock is older than the seat's last change")]
    StaleFence,
    /// The booking does not have the seat, or no longer does.
    #[error("the seat is not this booking's")]
    NotMine,
}

/// The rule by which a seat changes hands. [`reserve`](Self::reserve), [`confirm`](Self::confirm) and [`release`](Self::release)
/// say it; what runs it are the condition expressions of `shared/src/adapters/dynamodb/seats.rs` (`take`, `sell`, `release`), since
/// only the store can compare and write in one step. `shared/tests/contract/conditions.rs` tries every kind of record and every
/// event on both.
impl SeatRecord {
    /// The booking and the buyer that own the seat; `None` if it is available.
    #[must_use]
    pub fn owner(&self) -> Option<(BookingId, UserId)> {
        match self.ownership {
            Ownership::Reserved { booking, user, .. } | Ownership::Sold { booking, user } => {
                Some((booking, user))
            }
            Ownership::Available => None,
        }
    }

    /// Reserves the seat for a booking. The seat must be available or its reservation expired, and no newer hold used.
    ///
    /// # Errors
    /// [`SeatRefusal::Taken`] or [`SeatRefusal::StaleFence`].
    pub fn reserve(
        before: Option<&Self>,
        booking: BookingId,
        user: UserId,
        until: Timestamp,
        fence: u64,
        now: Timestamp,
    ) -> Result<Self, SeatRefusal> {
        if let Some(before) = before {
            if !before.is_free(now) {
                return Err(SeatRefusal::Taken);
            }
            if before.fence >= fence {
                return Err(SeatRefusal::StaleFence);
            }
        }
        Ok(Self { ownership: Ownership::Reserved { booking, user, until }, fence })
    }

    /// Whether a new booking may take the seat.
    #[must_use]
    pub fn is_free(&self, now: Timestamp) -> bool {
        match self.ownership {
            Ownership::Available => true,
            Ownership::Reserved { until, .. } => until <= now,
            Ownership::Sold { .. } => false,
        }
    }

    /// Sells what this booking reserved. An expired reservation can still be paid as long as no other booking took it.
    ///
    /// # Errors
    /// [`SeatRefusal::NotMine`].
    pub fn confirm(&self, mine: BookingId) -> Result<Self, SeatRefusal> {
        match self.ownership {
            Ownership::Reserved { booking, user, .. } if booking == mine => {
                Ok(Self { ownership: Ownership::Sold { booking, user }, fence: self.fence })
            }
            _ => Err(SeatRefusal::NotMine),
        }
    }

    /// Releases what this booking reserved or bought.
    ///
    /// # Errors
    /// [`SeatRefusal::NotMine`].
    pub fn release(&self, mine: BookingId) -> Result<Self, SeatRefusal> {
        match self.ownership {
            Ownership::Reserved { booking, .. } | Ownership::Sold { booking, .. } if booking == mine => {
                Ok(Self { ownership: Ownership::Available, fence: self.fence })
            }
            _ => Err(SeatRefusal::NotMine),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn a_seat_name_has_section_row_and_number() {
        let seat = SeatId::parse("1층-가-12").expect("valid");
        assert_eq!((seat.row_name(), seat.label()), ("1층-가", "12"));
        for raw in ["", "A", "A-1", "A-1-", "A-1-2-3"] {
            assert!(SeatId::parse(raw).is_err(), "{raw:?} was accepted");
        }
    }

    #[test]
    fn the_length_of_a_name_is_counted_in_characters() {
        let longest = format!("{}-1-1", "가".repeat(NAME_MAX - 4));
        assert_eq!(SeatId::parse(&longest).map(String::from), Ok(longest.clone()));
        assert!(SeatId::parse(&format!("가{longest}")).is_err());
    }

    #[test]
    fn states_are_packed_lowest_bits_first() {
        let mut states = SeatStates::available(5);
        states.set(1, SeatState::Held);
        states.set(3, SeatState::NotForSale);
        states.set(4, SeatState::Sold);
        assert_eq!(states.bytes, [0b1100_0100, 0b10]);
        assert_eq!(states.to_base64(), "xAI=");
    }

    #[derive(Debug, Clone)]
    enum Event {
        Reserve { booking: u128, fence: u64, pay_s: i64 },
        Confirm { booking: u128 },
        Release { booking: u128 },
        Wait { s: i64 },
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            (0..4u128, 0..50u64, 0..30i64).prop_map(|(booking, fence, pay_s)| Event::Reserve {
                booking,
                fence,
                pay_s
            }),
            (0..4u128).prop_map(|booking| Event::Confirm { booking }),
            (0..4u128).prop_map(|booking| Event::Release { booking }),
            (0..20i64).prop_map(|s| Event::Wait { s }),
        ]
    }

    proptest! {
        #[test]
        fn packing_keeps_every_state(states in prop::collection::vec(0..4u8, 1..200)) {
            let mut packed = SeatStates::available(u32::try_from(states.len()).expect("small"));
            let all = [SeatState::Available, SeatState::Held, SeatState::Sold, SeatState::NotForSale];
            for (index, state) in (0..).zip(&states) {
                packed.set(index, all[*state as usize]);
            }
            for (index, state) in (0..).zip(&states) {
                prop_assert_eq!(packed.get(index) as u8, *state);
            }
        }

        #[test]
        fn free_runs_are_what_one_sees_seat_by_seat(
            states in prop::collection::vec(prop_oneof![6 => Just(0), 1 => 0..4u8], 1..200),
            from in 0..200u32,
            to in 0..250u32,
        ) {
            let count = u32::try_from(states.len()).expect("small");
            let mut packed = SeatStates::available(count);
            let all = [SeatState::Available, SeatState::Held, SeatState::Sold, SeatState::NotForSale];
            for (index, state) in (0..).zip(&states) {
                packed.set(index, all[*state as usize]);
            }
            let mut runs: Vec<Range<u32>> = Vec::new();
            for seat in (from..to.min(count)).filter(|seat| packed.get(*seat) == SeatState::Available) {
                match runs.last_mut() {
                    Some(run) if run.end == seat => run.end += 1,
                    _ => runs.push(seat..seat + 1),
                }
            }
            prop_assert_eq!(packed.free_runs(from..to).collect::<Vec<_>>(), runs);
        }

        /// A sold seat leaves its booking only by that booking's own release, and fences never go back.
        #[test]
        fn no_order_of_events_sells_a_seat_twice(events in prop::collection::vec(event(), 1..200)) {
            let user = UserId(Uuid::nil());
            let (mut now, mut seat): (_, Option<SeatRecord>) = (Timestamp::UNIX_EPOCH, None);
            for event in events {
                let before = seat.clone();
                let after = match &event {
                    Event::Wait { s } => {
                        now += jiff::SignedDuration::from_secs(*s);
                        continue;
                    }
                    Event::Reserve { booking, fence, pay_s } => {
                        let until = now + jiff::SignedDuration::from_secs(*pay_s);
                        SeatRecord::reserve(seat.as_ref(), BookingId(Uuid::from_u128(*booking)), user, until, *fence, now)
                    }
                    Event::Confirm { booking } => seat.as_ref().ok_or(SeatRefusal::NotMine).and_then(|s| s.confirm(BookingId(Uuid::from_u128(*booking)))),
                    Event::Release { booking } => seat.as_ref().ok_or(SeatRefusal::NotMine).and_then(|s| s.release(BookingId(Uuid::from_u128(*booking)))),
                };
                let Ok(after) = after else { continue };
                if let Some(before) = before {
                    prop_assert!(after.fence >= before.fence);
                    if let Ownership::Sold { booking: owner, .. } = before.ownership {
                        let Event::Release { booking } = event else { panic!("a sold seat was changed by {event:?}") };
                        prop_assert_eq!(owner, BookingId(Uuid::from_u128(booking)));
                    }
                }
                seat = Some(after);
            }
        }
    }
}
