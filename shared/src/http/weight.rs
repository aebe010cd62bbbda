//! How much memory a JSON text would take as a tree of values, told without making the tree: a text of `[{"a":0},…]` grows
//! eightyfold.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use std::fmt;

/// The bytes that a text takes as a [`serde_json::Value`], roughly and rather too many.
pub(super) struct Weight(pub(super) usize);

/// A value, in a list or by itself. Lists double while they grow.
const VALUE: usize = 2 * size_of::<serde_json::Value>();
/// A node of a map has room for 11 fields.
const NODE: usize = 640;
const FIELDS_OF_NODE: usize = 6;

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Weigher)
    }
}

struct Weigher;

impl<'de> Visitor<'de> for Weigher {
    type Value = Weight;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Weight, E> {
        Ok(Weight(VALUE))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Weight, E> {
        Ok(Weight(VALUE))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Weight, E> {
        Ok(Weight(VALUE))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Weight, E> {
        Ok(Weight(VALUE))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Weight, E> {
        Ok(Weight(VALUE))
    }

    fn visit_str<E>(self, text: &str) -> Result<Weight, E> {
        Ok(Weight(VALUE + text.len()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Weight, A::Error> {
        let mut whole = VALUE;
        while let Some(Weight(item)) = list.next_element()? {
            whole = whole.saturating_add(item);
        }
        Ok(Weight(whole))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Weight, A::Error> {
        let (mut whole, mut fields) = (VALUE, 0);
        while let Some((Weight(name), Weight(field))) = map.next_entry()? {
            if fields % FIELDS_OF_NODE == 0 {
                whole = whole.saturating_add(NODE);
            }
            fields += 1;
            whole = whole.saturating_add(name).saturating_add(field);
        }
        Ok(Weight(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(text: &str) -> Option<usize> {
        serde_json::from_str(text).ok().map(|Weight(weight)| weight)
    }

    #[test]
    fn small_objects_weigh_much_and_no_text_is_made_a_tree() {
        assert_eq!(weight("[1, null, true, -2.5]"), Some(5 * VALUE));
        assert!(weight(r#"{"a":0}"#) > Some(NODE));
        let objects = format!("[{}]", vec![r#"{"a":0}"#; 1_000].join(","));
        assert!(weight(&objects) > Some(1_000 * NODE));
        for malformed in ["", "{", "[1,]", "{\"a\":1", &"[".repeat(200)] {
            assert_eq!(weight(malformed), None, "{malformed}");
        }
    }
}
