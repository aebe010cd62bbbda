//! Seats: `domain::seat::SeatRecord` as items, and its rules as conditions. `shared/tests/contract/conditions.rs` tries every
//! kind of record and every event on both.

use super::{
    item::{self, Item, micros, number},
    keys::{self, Key},
    write::Write,
};
use crate::ports::StoreError;
use domain::{
    BookingId, UserId,
    booking::{BookedSeat, Booking},
    layout::SeatIndex,
    seat::{Ownership, SeatRecord},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct SeatItem {
    #[serde(flatten)]
    owner: Owner,
    fence: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "state")]
enum Owner {
    #[serde(rename = "A")]
    Available,
    #[serde(rename = "R")]
    Reserved { booking_id: BookingId, user_id: UserId, until_us: i64 },
    #[serde(rename = "S")]
    Sold { booking_id: BookingId, user_id: UserId },
}

impl From<SeatRecord> for SeatItem {
    fn from(record: SeatRecord) -> Self {
        let owner = match record.ownership {
            Ownership::Available => Owner::Available,
            Ownership::Reserved { booking: booking_id, user: user_id, until } => {
                Owner::Reserved { booking_id, user_id, until_us: until.as_microsecond() }
            }
            Ownership::Sold { booking: booking_id, user: user_id } => Owner::Sold { booking_id, user_id },
        };
        Self { owner, fence: record.fence }
    }
}

/// `SeatRecord::reserve`, and for a booking that is confirmed at once also `SeatRecord::confirm`.
pub(super) fn take(booking: &Booking, seat: &BookedSeat, now: Timestamp) -> Result<Write, StoreError> {
    let taken = item::from_struct(&SeatItem::from(booking.seat_record()))?;
    Ok(Write::put(Key::seat(booking.performance_id, seat.index), taken)
        .only_if(
            "attribute_not_exists(#pk) OR (#fence < :fence AND \
             (#state = :available OR (#state = :reserved AND #until_us <= :now)))",
        )
        .with(":fence", number(booking.fence))
        .with(":now", micros(now))
        .with_text(":available", "A")
        .with_text(":reserved", "R"))
}

/// `SeatRecord::confirm`. No change reaches a seat that is sold to its booking already: the charge in the ledger refuses it first.
pub(super) fn sell(booking: &Booking, seat: &BookedSeat) -> Write {
    Write::update(Key::seat(booking.performance_id, seat.index), "SET #state = :sold REMOVE #until_us")
        .only_if("#state = :reserved AND #booking_id = :mine")
        .with_text(":reserved", "R")
        .with_text(":sold", "S")
        .with_text(":mine", booking.booking_id)
}

/// `SeatRecord::release`. A released seat has no booking, so its state need not be checked.
pub(super) fn release(booking: &Booking, seat: &BookedSeat) -> Write {
    let forget = "SET #state = :available REMOVE #booking_id, #user_id, #until_us";
    Write::update(Key::seat(booking.performance_id, seat.index), forget)
        .only_if("#booking_id = :mine")
        .with_text(":available", "A")
        .with_text(":mine", booking.booking_id)
}

/// A seat and its record.
pub(super) fn read(item: Item) -> Result<(SeatIndex, SeatRecord), StoreError> {
    let index = item::text_of(&item, "sk").and_then(keys::seat_of);
    let index = index.ok_or_else(|| item::unreadable("a seat without its index"))?;
    Ok((index, record(item)?))
}

/// A seat's record.
pub(super) fn record(item: Item) -> Result<SeatRecord, StoreError> {
    let SeatItem { owner, fence } = item::to_struct(item)?;
    let ownership = match owner {
        Owner::Available => Ownership::Available,
        Owner::Sold { booking_id: booking, user_id: user } => Ownership::Sold { booking, user },
        Owner::Reserved { booking_id: booking, user_id: user, until_us } => {
            Ownership::Reserved { booking, user, until: item::at_micros(until_us)? }
        }
    };
    Ok(SeatRecord { ownership, fence })
}
