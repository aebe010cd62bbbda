//! Where a page ends: a place in an order, which stays valid even if the show at that place is no longer listed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt, str::FromStr};
use uuid::Uuid;

/// A place in an order, as clients carry it: opaque.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor(pub(crate) SortOrder, pub(crate) ListPosition);

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct SortOrder {
    pub(crate) by: By,
    pub(crate) descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum By {
    Date,
    Title,
    Price,
}

/// A show's place in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct ListPosition {
    pub(crate) is_over: bool,
    pub(crate) key: SortKey,
    pub(crate) show_id: Uuid,
}

/// The value that a show is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum SortKey {
    Date(Timestamp),
    Title(String),
    Price(u64),
}

impl SortKey {
    fn is_of(&self, by: By) -> bool {
        matches!(
            (self, by),
            (Self::Date(_), By::Date) | (Self::Title(_), By::Title) | (Self::Price(_), By::Price)
        )
    }
}

impl SortOrder {
    /// Shows with a performance ahead come before those that are over, in every order. By date, the show nearest to now is
    /// the first of either group.
    pub(crate) fn compare(self, one: &ListPosition, other: &ListPosition) -> Ordering {
        let backwards = self.descending != (one.is_over && self.by == By::Date);
        let by_key = one.key.cmp(&other.key);
        let by_key = if backwards { by_key.reverse() } else { by_key };
        one.is_over.cmp(&other.is_over).then(by_key).then(one.show_id.cmp(&other.show_id))
    }
}

impl Cursor {
    /// Its place, if it is one of this order.
    pub(crate) fn place_in(self, order: SortOrder) -> Option<ListPosition> {
        let Self(of, place) = self;
        Some(place).filter(|place| of == order && place.key.is_of(order.by))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

/// Not a text that a cursor ever had.
#[derive(Debug)]
pub(crate) struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(raw: &str) -> Result<Self, NotACursor> {
        let json = URL_SAFE_NO_PAD.decode(raw).map_err(|_| NotACursor)?;
        serde_json::from_slice(&json).map_err(|_| NotACursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::http::page::CURSOR_MAX;

    fn place(is_over: bool, key: SortKey) -> ListPosition {
        ListPosition { is_over, key, show_id: Uuid::max() }
    }

    #[test]
    fn shows_that_are_over_come_last_and_near_ones_first() {
        let day =
            |day: i64, is_over| place(is_over, SortKey::Date(Timestamp::from_second(day).expect("in range")));
        let ahead_then_over = [day(5, false), day(9, false), day(4, true), day(1, true)];
        let sorted = |order: SortOrder| {
            let mut places = vec![day(1, true), day(9, false), day(4, true), day(5, false)];
            places.sort_by(|one, other| order.compare(one, other));
            places
        };
        assert_eq!(sorted(SortOrder { by: By::Date, descending: false }), ahead_then_over);
        let [a, b, c, d] = ahead_then_over;
        assert_eq!(sorted(SortOrder { by: By::Date, descending: true }), [b, a, d, c]);
    }

    #[test]
    fn a_cursor_is_read_by_its_own_order_alone_and_within_its_documented_length() {
        let order = SortOrder { by: By::Title, descending: true };
        let longest = place(true, SortKey::Title("\u{1F3AD}".repeat(crate::query::TITLE_KEY_MAX)));
        let cursor = Cursor(order, longest.clone()).to_string();
        assert!(cursor.len() <= CURSOR_MAX, "{}", cursor.len());
        let place_in = |order| cursor.parse::<Cursor>().expect("a cursor").place_in(order);
        assert_eq!(place_in(order).expect("its own"), longest);
        for other in
            [SortOrder { by: By::Title, descending: false }, SortOrder { by: By::Date, descending: true }]
        {
            assert!(place_in(other).is_none());
        }
        for cursor in ["", "x", "e30", &Uuid::max().to_string()] {
            assert!(cursor.parse::<Cursor>().is_err(), "{cursor}");
        }
        let mixed = Cursor(SortOrder { by: By::Price, ..order }, longest);
        assert_eq!(mixed.place_in(SortOrder { by: By::Price, ..order }), None, "a title is no price");
    }
}
