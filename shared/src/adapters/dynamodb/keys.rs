//! Where everything is stored: the one place that makes keys.

use super::item::{Item, text};
use crate::ports::{ReplyKey, Shard};
use domain::{
    BookingId, HouseId, LayoutId, PerformanceId, ShowId, UserId, history::Interval, house::HouseVersion,
    id::SessionId, layout::SeatIndex, user::Email,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// How many parts a busy partition is spread over.
pub(super) const SHARDS: u8 = Shard::COUNT;

/// The three tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Everything without a table of its own.
    Main,
    /// The owner of each seat.
    Seats,
    /// Events that subscribers have yet to hear about.
    Outbox,
}

impl Table {
    pub(super) const ALL: [Self; 3] = [Self::Main, Self::Seats, Self::Outbox];

    /// The table's name after the prefix.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Seats => "seats",
            Self::Outbox => "outbox",
        }
    }
}

/// The key of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) table: Table,
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    fn main(pk: String, sk: impl Into<String>) -> Self {
        Self { table: Table::Main, pk, sk: sk.into() }
    }

    /// The item that reserves an address, with the account and its password's hash.
    pub(super) fn email(email: &Email) -> Self {
        Self::main(format!("EMAIL#{email}"), "EMAIL")
    }

    pub(super) fn user(user: UserId) -> Self {
        Self::main(format!("USER#{user}"), "USER")
    }

    pub(super) fn session(session: SessionId) -> Self {
        Self::main(format!("SESSION#{session}"), "SESSION")
    }

    pub(super) fn show(show: ShowId) -> Self {
        Self::main(format!("SHOW#{show}"), "SHOW")
    }

    /// The item that links a show to its organizer. Ids of shows sort in the order of their creation.
    pub(super) fn own_show(organizer: UserId, show: ShowId) -> Self {
        Self::main(own_shows(organizer), show.to_string())
    }

    pub(super) fn performance(performance: PerformanceId) -> Self {
        Self::main(format!("PERFORMANCE#{performance}"), "PERFORMANCE")
    }

    /// A change of a sale, in order of time. It has a partition of its own, so that permission to record a change implies
    /// none to replace a performance, and no permission to delete records is needed at all.
    pub(super) fn sale_change(performance: PerformanceId, at_us: i64) -> Self {
        Self::main(sale_changes(performance), format!("{at_us:020}"))
    }

    /// A sale as it was last seen in an interval.
    pub(super) fn look(performance: PerformanceId, interval: Interval, at: Timestamp) -> Self {
        Self::main(looks_of(performance, interval), look_at(interval, at))
    }

    /// A part of a layout, counted from 0.
    pub(super) fn layout(layout: LayoutId, part: usize) -> Self {
        let part = if part == 0 { "LAYOUT".to_owned() } else { format!("LAYOUT#{part}") };
        Self::main(format!("LAYOUT#{layout}"), part)
    }

    /// A version of a house. Versions sort by number.
    pub(super) fn house_version(house: HouseVersion) -> Self {
        Self::main(versions_of(house.house_id), format!("VERSION#{:010}", house.version))
    }

    /// The item that links a house to its organizer. Ids of houses sort in the order of their creation.
    pub(super) fn own_house(organizer: UserId, house: HouseId) -> Self {
        Self::main(own_houses(organizer), house.to_string())
    }

    pub(super) fn booking(booking: BookingId) -> Self {
        Self::main(format!("BOOKING#{booking}"), "BOOKING")
    }

    pub(super) fn payment(booking: BookingId, reference: &str) -> Self {
        Self::main(format!("BOOKING#{booking}"), format!("PAYMENT#{reference}"))
    }

    /// `entry` is `charge` or `refund`: a booking has each at most once.
    pub(super) fn ledger(booking: BookingId, entry: &str) -> Self {
        Self::main(format!("BOOKING#{booking}"), format!("LEDGER#{entry}"))
    }

    /// The count of one user's seats for one performance.
    pub(super) fn limit(performance: PerformanceId, user: UserId) -> Self {
        Self::main(format!("LIMIT#{performance}#{user}"), "LIMIT")
    }

    /// The client's text is hashed: it may be long and contain anything.
    pub(super) fn reply(reply: &ReplyKey) -> Self {
        let hashed = hex::encode(Sha256::digest(reply.key.as_bytes()));
        Self::main(format!("REPLY#{}#{}#{hashed}", reply.user, reply.operation), "REPLY")
    }

    pub(super) fn queue(performance: PerformanceId) -> Self {
        Self::main(format!("QUEUE#{performance}"), "QUEUE")
    }

    /// One block of a draw's roster, named by its first entry.
    pub(super) fn roster_block(performance: PerformanceId, first: u64) -> Self {
        Self::main(roster_of(performance), format!("{first:020}"))
    }

    /// A user whom a waiting room admitted.
    pub(super) fn inside(performance: PerformanceId, user: UserId) -> Self {
        Self::main(inside_shard(performance, shard_of(user.0)), user.to_string())
    }

    pub(super) fn seat(performance: PerformanceId, seat: SeatIndex) -> Self {
        let pk = seat_block(performance, seat.block());
        Self { table: Table::Seats, pk, sk: format!("S#{:05}", seat.0) }
    }

    /// `at_us` comes first, so that a reader of a shard sees events in the order of their time.
    pub(super) fn event(subject: Uuid, at_us: i64, what: impl fmt::Display) -> Self {
        Self::waiting(Shard::of(subject), &format!("{at_us:020}#{subject}#{what}"))
    }

    /// The entry at a place in a shard of the outbox.
    pub(super) fn waiting(shard: Shard, place: &str) -> Self {
        Self { table: Table::Outbox, pk: outbox_shard(shard), sk: place.to_owned() }
    }

    /// The lease on a shard of the outbox.
    pub(super) fn relay_lease(shard: Shard) -> Self {
        let number = shard.number();
        Self::main(format!("RELAY#{number:02}"), "LEASE")
    }

    /// The shard of the outbox that contains this key, if one does.
    pub(super) fn shard(&self) -> Option<Shard> {
        let number = self.pk.strip_prefix("OUTBOX#").filter(|_| self.table == Table::Outbox)?;
        number.parse().ok().and_then(Shard::new)
    }

    /// A key that is never used.
    pub(super) fn absent(table: Table) -> Self {
        Self { table, pk: "NOTHING".to_owned(), sk: "NOTHING".to_owned() }
    }

    /// The key's two attributes.
    pub(super) fn attributes(&self) -> Item {
        [("pk".to_owned(), text(&self.pk)), ("sk".to_owned(), text(&self.sk))].into()
    }
}

/// The partition with a sale's changes.
pub(super) fn sale_changes(performance: PerformanceId) -> String {
    format!("CHANGES#{performance}")
}

/// The partition with a sale's history at one interval.
pub(super) fn looks_of(performance: PerformanceId, interval: Interval) -> String {
    let minutes = interval.minutes();
    format!("HISTORY#{performance}#{minutes}")
}

/// The place of a moment's interval in that partition: intervals sort by time.
pub(super) fn look_at(interval: Interval, at: Timestamp) -> String {
    format!("{:012}", interval.begin_of(at))
}

/// The partition with an organizer's shows.
pub(super) fn own_shows(organizer: UserId) -> String {
    format!("ORGANIZER#{organizer}")
}

/// The partition with an organizer's houses.
pub(super) fn own_houses(organizer: UserId) -> String {
    format!("HOUSES#{organizer}")
}

/// The partition with the versions of a house.
pub(super) fn versions_of(house: HouseId) -> String {
    format!("HOUSE#{house}")
}

/// The partition of a shard of the outbox.
pub(super) fn outbox_shard(shard: Shard) -> String {
    let number = shard.number();
    format!("OUTBOX#{number:02}")
}

/// When the event at a place in the outbox was committed, in Unix microseconds.
pub(super) fn event_time_of(place: &str) -> Option<i64> {
    place.split_once('#')?.0.parse().ok()
}

/// The partition of one block of seats.
pub(super) fn seat_block(performance: PerformanceId, block: u32) -> String {
    format!("P#{performance}#{block}")
}

/// The partition with the roster of a draw.
pub(super) fn roster_of(performance: PerformanceId) -> String {
    format!("ROSTER#{performance}")
}

/// The first entry of a block, from a key made by [`Key::roster_block`].
pub(super) fn first_entry_of(sk: &str) -> Option<u64> {
    sk.parse().ok()
}

/// One shard of the users whom a waiting room admitted: all come and go within the same minutes.
pub(super) fn inside_shard(performance: PerformanceId, shard: u8) -> String {
    format!("INSIDE#{performance}#{shard:02}")
}

/// The seat in a key made by [`Key::seat`].
pub(super) fn seat_of(sk: &str) -> Option<SeatIndex> {
    sk.strip_prefix("S#")?.parse().ok().map(SeatIndex)
}

/// The booking in a key made by [`Key::booking`] or [`Key::payment`].
pub(super) fn booking_of(pk: &str) -> Option<BookingId> {
    pk.strip_prefix("BOOKING#")?.parse().ok()
}

/// The reference in a key made by [`Key::payment`].
pub(super) fn reference_of(sk: &str) -> Option<&str> {
    sk.strip_prefix("PAYMENT#")
}

/// The shard of a spread partition that an id belongs to. The id's last byte is random.
pub(super) fn shard_of(id: Uuid) -> u8 {
    Shard::of(id).number()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_yields_what_it_was_made_of() {
        let (performance, booking) = (PerformanceId(Uuid::from_u128(1)), BookingId(Uuid::from_u128(2)));
        let seat = Key::seat(performance, SeatIndex(99_999));
        assert_eq!((seat.pk.as_str().ends_with("#199"), seat_of(&seat.sk)), (true, Some(SeatIndex(99_999))));
        let payment = Key::payment(booking, "a#b");
        assert_eq!((booking_of(&payment.pk), reference_of(&payment.sk)), (Some(booking), Some("a#b")));
    }

    #[test]
    fn an_event_tells_its_shard_and_time() {
        let subject = Uuid::from_u128(0x25);
        let event = Key::event(subject, 1_800_000_000_123_456, "confirmed");
        assert_eq!(event.shard(), Shard::new(5));
        assert_eq!(event_time_of(&event.sk), Some(1_800_000_000_123_456));
        assert_eq!(Key::waiting(Shard::of(subject), &event.sk), event);
        assert_eq!(Key::absent(Table::Outbox).shard(), None);
    }

    #[test]
    fn blocks_of_a_roster_sort_as_their_entries_do() {
        let key = |first| Key::roster_block(PerformanceId(Uuid::nil()), first).sk;
        assert!(key(1) < key(201) && key(1_001) < key(u64::MAX));
        assert_eq!(first_entry_of(&key(201)), Some(201));
    }

    #[test]
    fn keys_of_seats_sort_as_the_seats_do() {
        let key = |index| Key::seat(PerformanceId(Uuid::nil()), SeatIndex(index)).sk;
        assert!(key(9) < key(10) && key(499) < key(12_000));
    }
}
