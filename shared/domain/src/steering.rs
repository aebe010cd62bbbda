//! The organizer's control of a sale: what may change while it runs, and what the record keeps of a change.

use crate::{
    Invalid, UserId,
    sale::{BYPASS_MAX, CHALLENGE_BITS_MAX, Sale, SaleControl, Staff},
};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

/// The changes that an organizer requests, or has made, to a sale. Absent fields stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Steering {
    /// How many may be inside at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    /// How many are called per minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_per_min: Option<u32>,
    /// Paused, closed, or following its times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<SaleControl>,
    /// The whole list of staff who skip the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bypass: Option<Vec<Staff>>,
    /// The difficulty of the proof of work in leading zero bits; 0 asks for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_bits: Option<u8>,
    /// From when wheelchair places are sold like all others.
    #[serde(default, deserialize_with = "ReleaseAt::said", skip_serializing_if = "Option::is_none")]
    pub accessible_release_at: Option<ReleaseAt>,
}

/// A moment, or never. As JSON never is null, which says more than a field that is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReleaseAt(pub Option<Timestamp>);

impl ReleaseAt {
    /// Reads a field that is not absent: null, too, says something.
    ///
    /// # Errors
    /// It is no time.
    pub fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(deserializer).map(Some)
    }
}

/// A change of a sale, as the record keeps it for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleChange {
    /// When the change was made.
    pub at: Timestamp,
    /// The organizer or admin who made it.
    pub by: UserId,
    /// The fields that changed, with their old values.
    pub before: Steering,
    /// The same fields with their new values.
    pub after: Steering,
}

impl Steering {
    /// Returns the sale with the requested changes.
    ///
    /// # Errors
    /// Names the field that is out of bounds, and says why.
    pub fn apply(&self, sale: &Sale) -> Result<Sale, (&'static str, Invalid)> {
        let mut steered = sale.clone();
        steered.cap = self.cap.unwrap_or(sale.cap);
        steered.rate_per_min = self.rate_per_min.unwrap_or(sale.rate_per_min);
        steered.control = self.state.unwrap_or(sale.control);
        steered.door.challenge_bits = self.challenge_bits.unwrap_or(sale.door.challenge_bits);
        if let Some(ReleaseAt(at)) = self.accessible_release_at {
            steered.accessible_release_at = at;
        }
        steered.check_release()?;
        if let Some(bypass) = &self.bypass {
            steered.door.bypass = without_repeats(bypass);
        }
        Sale::check_flow(steered.cap, steered.rate_per_min)?;
        if steered.door.challenge_bits > CHALLENGE_BITS_MAX {
            let why = Invalid::because(format!("must be 0 to {CHALLENGE_BITS_MAX}"));
            return Err(("challenge_bits", why));
        }
        if steered.door.bypass.len() > BYPASS_MAX {
            return Err(("bypass", Invalid::because(format!("must be at most {BYPASS_MAX} people"))));
        }
        Ok(steered)
    }

    /// The fields that differ, as the second sale has them.
    fn difference(from: &Sale, to: &Sale) -> Self {
        Self {
            cap: changed(&from.cap, &to.cap),
            rate_per_min: changed(&from.rate_per_min, &to.rate_per_min),
            state: changed(&from.control, &to.control),
            bypass: changed(&from.door.bypass, &to.door.bypass),
            challenge_bits: changed(&from.door.challenge_bits, &to.door.challenge_bits),
            accessible_release_at: changed(&from.accessible_release_at, &to.accessible_release_at)
                .map(ReleaseAt),
        }
    }
}

impl SaleChange {
    /// What the record keeps of a change from one state of a sale to another.
    #[must_use]
    pub fn between(before: &Sale, after: &Sale, by: UserId, at: Timestamp) -> Self {
        let (was, is) = (Steering::difference(after, before), Steering::difference(before, after));
        Self { at, by, before: was, after: is }
    }
}

fn changed<T: PartialEq + Clone>(from: &T, to: &T) -> Option<T> {
    (from != to).then(|| to.clone())
}

/// Removes repeated accounts, but keeps an address that only a later mention carries.
fn without_repeats(staff: &[Staff]) -> Vec<Staff> {
    let mut once: Vec<Staff> = Vec::new();
    for one in staff {
        match once.iter_mut().find(|known| known.user_id == one.user_id) {
            Some(known) => known.email = known.email.take().or_else(|| one.email.clone()),
            None => once.push(one.clone()),
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sale::{CAP_MAX, JoinPolicy, SaleMode},
        user::Email,
    };
    use uuid::Uuid;

    fn sale() -> Sale {
        Sale {
            opens_at: Timestamp::UNIX_EPOCH,
            closes_at: Timestamp::MAX,
            late_entry: false,
            accessible_release_at: None,
            mode: SaleMode::Queue,
            cap: 5,
            rate_per_min: 60,
            control: SaleControl::Open,
            door: JoinPolicy::default(),
        }
    }

    fn staff(number: u128) -> Staff {
        let email = Email::parse(&format!("{number}@yemae.test")).expect("valid");
        Staff { user_id: UserId(Uuid::from_u128(number)), email: Some(email) }
    }

    #[test]
    fn absent_fields_stay_as_they_are() {
        assert_eq!(Steering::default().apply(&sale()), Ok(sale()));
        let steering = Steering { cap: Some(9), state: Some(SaleControl::Paused), ..Steering::default() };
        let expected = Sale { cap: 9, control: SaleControl::Paused, ..sale() };
        assert_eq!(steering.apply(&sale()), Ok(expected));
    }

    #[test]
    fn the_list_of_staff_is_replaced_whole_and_names_each_account_once() {
        let list = |numbers: &[u128]| Some(numbers.iter().copied().map(staff).collect());
        let first = Steering { bypass: list(&[1, 2, 1]), ..Steering::default() };
        let once = first.apply(&sale()).expect("valid");
        assert_eq!(once.door.bypass, [staff(1), staff(2)]);
        let unnamed = |staff: Staff| Staff { email: None, ..staff };
        let again = Steering { bypass: Some(vec![unnamed(staff(1)), staff(1)]), ..Steering::default() };
        assert_eq!(again.apply(&sale()).expect("valid").door.bypass, [staff(1)], "the address is kept");
        let second = Steering { bypass: list(&[3]), ..Steering::default() };
        assert_eq!(second.apply(&once).expect("valid").door.bypass, [staff(3)]);
    }

    #[test]
    fn the_release_of_wheelchair_places_is_moved_and_taken_back() {
        let at = Timestamp::constant(100, 0);
        let release = |at| Steering { accessible_release_at: Some(ReleaseAt(at)), ..Steering::default() };
        let released = release(Some(at)).apply(&sale()).expect("valid");
        assert_eq!(released.accessible_release_at, Some(at));
        assert_eq!(Steering::default().apply(&released), Ok(released.clone()), "absent: as it was");
        assert_eq!(release(None).apply(&released), Ok(sale()));
        let refused = release(Some(Timestamp::MAX)).apply(&sale()).expect_err("it closes before");
        assert_eq!(refused.0, "accessible_release_at");
        for (steering, json) in
            [(release(None), r#"{"accessible_release_at":null}"#), (Steering::default(), "{}")]
        {
            assert_eq!(serde_json::to_string(&steering).expect("JSON"), json);
            assert_eq!(serde_json::from_str::<Steering>(json).expect("a change"), steering);
        }
        let change = SaleChange::between(&released, &sale(), UserId(Uuid::nil()), at);
        assert_eq!((change.before, change.after), (release(Some(at)), release(None)));
    }

    #[test]
    fn everything_has_a_bound() {
        let many: Vec<_> = (0..=BYPASS_MAX as u128).map(staff).collect();
        for (steering, field) in [
            (Steering { cap: Some(CAP_MAX + 1), ..Steering::default() }, "cap"),
            (Steering { rate_per_min: Some(0), ..Steering::default() }, "rate_per_min"),
            (
                Steering { challenge_bits: Some(CHALLENGE_BITS_MAX + 1), ..Steering::default() },
                "challenge_bits",
            ),
            (Steering { bypass: Some(many.clone()), ..Steering::default() }, "bypass"),
        ] {
            assert_eq!(steering.apply(&sale()).expect_err("refused").0, field);
        }
        let full = Steering { bypass: Some(many[1..].to_vec()), ..Steering::default() };
        assert!(full.apply(&sale()).is_ok());
    }

    #[test]
    fn the_record_keeps_what_changed_and_nothing_else() {
        let after = Sale { cap: 9, ..sale() };
        let change = SaleChange::between(&sale(), &after, UserId(Uuid::nil()), Timestamp::UNIX_EPOCH);
        assert_eq!(change.before, Steering { cap: Some(5), ..Steering::default() });
        assert_eq!(change.after, Steering { cap: Some(9), ..Steering::default() });
        let door = JoinPolicy { bypass: vec![staff(1)], challenge_bits: 8, ..JoinPolicy::default() };
        let after = Sale { door, control: SaleControl::Closed, ..sale() };
        let change = SaleChange::between(&sale(), &after, UserId(Uuid::nil()), Timestamp::UNIX_EPOCH);
        assert_eq!(change.after.apply(&sale()), Ok(after.clone()));
        assert_eq!(change.before.apply(&after), Ok(sale()));
    }
}
