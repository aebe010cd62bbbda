//! A house of an organizer's library: a seat plan that many performances use. Each change makes a new version, and a version
//! never changes: performances keep the one that they were made with.

use crate::{
    HouseId, Invalid, LayoutId, UserId,
    layout::{Layout, LayoutPlan, PlacePlan, Point, SectionPlan, ShapePlan, bounded},
    plain,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most characters of a house's name.
pub const HOUSE_NAME_MAX: usize = 200;
/// The most versions of one house.
pub const VERSIONS_MAX: u32 = 10_000;

/// One version of a house. Its plan is the layout that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct House {
    /// The house's id, the same for all versions.
    pub house_id: HouseId,
    /// The organizer whose library it is in.
    pub organizer_id: UserId,
    /// Its name, in this version.
    pub name: String,
    /// Counts the versions from 1.
    pub version: u32,
    /// Its plan.
    pub layout_id: LayoutId,
    /// The number of places.
    pub seat_count: u32,
    /// The number of places for sale.
    pub for_sale_count: u32,
    /// The number of sections.
    pub section_count: u32,
    /// A digest of its name and plan: the same again is no new version.
    pub digest: String,
    /// When the house was made.
    pub created_at: Timestamp,
    /// When this version was made.
    pub updated_at: Timestamp,
}

/// A version of a house, as a performance remembers which one it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseVersion {
    /// The house.
    pub house_id: HouseId,
    /// Which of its versions.
    pub version: u32,
}

/// What an organizer sends: a plan with a name.
#[derive(Debug, Clone, Deserialize)]
pub struct HousePlan {
    /// The name.
    pub name: String,
    /// As [`LayoutPlan::sections`].
    #[serde(deserialize_with = "bounded::sections")]
    pub sections: Vec<SectionPlan>,
    /// As [`LayoutPlan::stage`].
    #[serde(default, deserialize_with = "bounded::shapes")]
    pub stage: Vec<ShapePlan>,
    /// As [`LayoutPlan::decorations`].
    #[serde(default, deserialize_with = "bounded::shapes")]
    pub decorations: Vec<ShapePlan>,
    /// As [`LayoutPlan::focus`].
    #[serde(default)]
    pub focus: Option<Point>,
    /// As [`LayoutPlan::places`].
    #[serde(default, deserialize_with = "bounded::places")]
    pub places: BTreeMap<String, PlacePlan>,
}

impl HousePlan {
    /// The name, as it was sent, and the plan.
    #[must_use]
    pub fn split(self) -> (String, LayoutPlan) {
        let Self { name, sections, stage, decorations, focus, places } = self;
        (name, LayoutPlan { sections, stage, decorations, focus, places })
    }
}

/// What an organizer draws: a name and a checked plan.
#[derive(Debug, Clone)]
pub struct HouseDrawing {
    /// The name.
    pub name: String,
    /// The plan.
    pub layout: Layout,
    /// A digest of both.
    pub digest: String,
}

impl House {
    /// The first version of a new house.
    #[must_use]
    pub fn first(
        house_id: HouseId,
        organizer_id: UserId,
        layout_id: LayoutId,
        drawing: &HouseDrawing,
        now: Timestamp,
    ) -> Self {
        Self {
            house_id,
            organizer_id,
            name: drawing.name.clone(),
            version: 1,
            layout_id,
            seat_count: drawing.layout.seat_count(),
            for_sale_count: drawing.layout.for_sale_count(),
            section_count: count(drawing.layout.plan().sections.len()),
            digest: drawing.digest.clone(),
            created_at: now,
            updated_at: now,
        }
    }

    /// The version after this one.
    ///
    /// # Errors
    /// It is the last that a house may have.
    pub fn next(&self, layout_id: LayoutId, drawing: &HouseDrawing, now: Timestamp) -> Result<Self, Invalid> {
        let first = Self::first(self.house_id, self.organizer_id, layout_id, drawing, now);
        if self.version >= VERSIONS_MAX {
            return Err(Invalid::because(format!("must have at most {VERSIONS_MAX} versions")));
        }
        Ok(Self { version: self.version + 1, created_at: self.created_at, ..first })
    }

    /// Whether it is this drawing.
    #[must_use]
    pub fn is(&self, drawing: &HouseDrawing) -> bool {
        self.digest == drawing.digest
    }

    /// Which version of which house it is.
    #[must_use]
    pub fn named(&self) -> HouseVersion {
        HouseVersion { house_id: self.house_id, version: self.version }
    }
}

/// A house's name, plain.
///
/// # Errors
/// It is empty, too long, or contains control characters.
pub fn house_name(raw: &str) -> Result<String, Invalid> {
    plain::line(raw, 1, HOUSE_NAME_MAX)
}

fn count<T>(things: T) -> u32
where
    u32: TryFrom<T>,
{
    u32::try_from(things).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{USER, at, house};
    use uuid::Uuid;

    fn drawing(digest: &str) -> HouseDrawing {
        let (_, _, layout) = house();
        HouseDrawing { name: "Hall".into(), layout, digest: digest.into() }
    }

    #[test]
    fn a_version_counts_on_and_keeps_the_houses_beginning() {
        let id = HouseId(Uuid::from_u128(1));
        let layout = |number| LayoutId(Uuid::from_u128(number));
        let first = House::first(id, USER, layout(1), &drawing("a"), at(1));
        assert_eq!(
            (first.version, first.seat_count, first.for_sale_count, first.section_count),
            (1, 5, 4, 2)
        );
        let second = first.next(layout(2), &drawing("b"), at(2)).expect("a second");
        assert_eq!((second.version, second.layout_id), (2, layout(2)));
        assert_eq!((second.created_at, second.updated_at), (at(1), at(2)));
        assert!(second.is(&drawing("b")) && !second.is(&drawing("a")));
        let last = House { version: VERSIONS_MAX, ..second };
        assert!(last.next(layout(3), &drawing("c"), at(3)).is_err());
    }

    #[test]
    fn a_name_is_one_plain_line() {
        assert_eq!(house_name(" 콘서트\t홀\u{200B} ").as_deref(), Ok("콘서트 홀"));
        assert!(house_name(" ").is_err() && house_name(&"가".repeat(HOUSE_NAME_MAX + 1)).is_err());
    }
}
