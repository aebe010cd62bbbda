//! Where a page ends: a place in an order, which stays valid even if the show at that place is no longer listed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::http::Problem;
use std::cmp::Ordering;
use uuid::Uuid;

/// The longest cursor, in characters.
pub(crate) const CURSOR_MAX: usize = 512;

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) by: By,
    pub(crate) descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum By {
    Date,
    Title,
    Price,
}

/// A show's place in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) is_over: bool,
    pub(crate) key: Key,
    pub(crate) show_id: Uuid,
}

/// The value that a show is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Key {
    Date(Timestamp),
    Title(String),
    Price(u64),
}

impl Key {
    fn is_of(&self, by: By) -> bool {
        matches!(
            (self, by),
            (Self::Date(_), By::Date) | (Self::Title(_), By::Title) | (Self::Price(_), By::Price)
        )
    }
}

impl Order {
    /// Shows with a performance ahead come before those that are over, in every order. By date, the show nearest to now is
    /// the first of either group.
    pub(crate) fn compare(self, one: &Place, other: &Place) -> Ordering {
        let backwards = self.descending != (one.is_over && self.by == By::Date);
        let by_key = one.key.cmp(&other.key);
        let by_key = if backwards { by_key.reverse() } else { by_key };
        one.is_over.cmp(&other.is_over).then(by_key).then(one.show_id.cmp(&other.show_id))
    }

    /// The cursor of the page after this place.
    pub(crate) fn cursor(self, place: &Place) -> Option<String> {
        serde_json::to_vec(&(self, place)).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
    }

    /// Parses a cursor of this order.
    pub(crate) fn place(self, cursor: &str) -> Result<Place, Problem> {
        let json = Some(cursor).filter(|cursor| cursor.len() <= CURSOR_MAX);
        let json = json.and_then(|cursor| URL_SAFE_NO_PAD.decode(cursor).ok()).unwrap_or_default();
        let read = serde_json::from_slice(&json).ok();
        let is_ours = |(order, place): &(Self, Place)| *order == self && place.key.is_of(self.by);
        let place = read.filter(is_ours).map(|(_, place)| place);
        place.ok_or_else(|| Problem::field("cursor", "must be the next_cursor of a page of this list"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(is_over: bool, key: Key) -> Place {
        Place { is_over, key, show_id: Uuid::max() }
    }

    #[test]
    fn shows_that_are_over_come_last_and_near_ones_first() {
        let day =
            |day: i64, is_over| place(is_over, Key::Date(Timestamp::from_second(day).expect("in range")));
        let ahead_then_over = [day(5, false), day(9, false), day(4, true), day(1, true)];
        let sorted = |order: Order| {
            let mut places = vec![day(1, true), day(9, false), day(4, true), day(5, false)];
            places.sort_by(|one, other| order.compare(one, other));
            places
        };
        assert_eq!(sorted(Order { by: By::Date, descending: false }), ahead_then_over);
        let [a, b, c, d] = ahead_then_over;
        assert_eq!(sorted(Order { by: By::Date, descending: true }), [b, a, d, c]);
    }

    #[test]
    fn a_cursor_is_read_by_its_own_order_alone_and_within_its_documented_length() {
        let order = Order { by: By::Title, descending: true };
        let longest = place(true, Key::Title("\u{1F3AD}".repeat(crate::query::TITLE_KEY_MAX)));
        let cursor = order.cursor(&longest).expect("a cursor");
        assert!(cursor.len() <= CURSOR_MAX, "{}", cursor.len());
        assert_eq!(order.place(&cursor).expect("its own"), longest);
        for other in [Order { by: By::Title, descending: false }, Order { by: By::Date, descending: true }] {
            assert!(other.place(&cursor).is_err());
        }
        for cursor in ["", "x", "e30", &Uuid::max().to_string()] {
            assert!(order.place(cursor).is_err(), "{cursor}");
        }
    }
}
