//! A seat plan as an organizer draws it and as it is stored: sections with their place in the house, rows of seats, standing
//! areas, and what is around them. Lengths are metres, angles degrees; y grows away from the stage.

use super::{
    bounded,
    geometry::{AISLE, DEPTH, PITCH},
    measure::{Degrees, Metres},
};
use crate::plain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A plan. Everything but the sections may be missing: sections without a place are laid out
/// [automatically](super::automatic).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LayoutPlan {
    /// The sections, in the order in which their places are counted.
    #[serde(deserialize_with = "bounded::sections")]
    pub sections: Vec<SectionPlan>,
    /// The outlines of the stage or the field.
    #[serde(default, deserialize_with = "bounded::shapes", skip_serializing_if = "Vec::is_empty")]
    pub stage: Vec<ShapePlan>,
    /// What else stands in the house: walls, doors, words.
    #[serde(default, deserialize_with = "bounded::shapes", skip_serializing_if = "Vec::is_empty")]
    pub decorations: Vec<ShapePlan>,
    /// What everybody looks at. The best seats are those near it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<Point>,
    /// What is special about single places, by their names.
    #[serde(default, deserialize_with = "bounded::places", skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, PlacePlan>,
}

/// A part of the house.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SectionPlan {
    /// The section's name, unique in the layout.
    pub section: String,
    /// The grade of its places, where a row or a place has no other.
    pub grade: String,
    /// Whether its buyers sit or stand.
    #[serde(default, skip_serializing_if = "SectionKind::is_seats")]
    pub kind: SectionKind,
    /// Where the middle of its first row stands; for a standing area, the origin of its outline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Point>,
    /// How far it is turned about that point, clockwise. Unturned, its rows face towards smaller y.
    #[serde(default, skip_serializing_if = "Degrees::is_zero")]
    pub turn_deg: Degrees,
    /// The radius of its first row, around a point in front of it. A negative one bends the rows the other way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve_m: Option<Metres>,
    /// Its rows, each behind the one before. A standing area has none.
    #[serde(default, deserialize_with = "bounded::rows", skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowPlan>,
    /// The outline of a standing area, relative to its origin.
    #[serde(default, deserialize_with = "bounded::corners", skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<Corner>,
    /// How many stand in a standing area: their entry numbers are 1 to this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The entrance that leads to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<String>,
}

/// How the buyers of a section take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// On numbered seats in rows.
    #[default]
    Seats,
    /// On their feet. They go in by the order of their entry numbers.
    Standing,
}

impl SectionKind {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    fn is_seats(&self) -> bool {
        *self == Self::Seats
    }
}

/// A row of seats, counted from left to right as its section is drawn unturned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RowPlan {
    /// The row's name, unique in the section.
    pub row: String,
    /// How many seats the row has.
    pub seats: u32,
    /// What the seats are called; 1, 2, 3 … if nothing else is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<Numbering>,
    /// The grade of its seats, if it is not the section's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// The distance from seat to seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch_m: Option<Metres>,
    /// How far the middle of the row is to the right of the section's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_m: Option<Metres>,
    /// The distance to the row in front.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth_m: Option<Metres>,
    /// After how many seats, from the left, an aisle leads through the row. Seats beside an aisle are not together.
    #[serde(default, deserialize_with = "bounded::seats", skip_serializing_if = "Vec::is_empty")]
    pub aisles: Vec<u32>,
    /// Places in the row, from 1, of seats that the house keeps. They are shown and never sold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_for_sale: Vec<u32>,
}

/// What the seats of a row are called, from left to right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Numbering {
    /// By counting: odd or even numbers have a step of 2, descending ones a negative step.
    Counted {
        /// The number of the leftmost seat.
        first: u32,
        /// From each number to the next.
        step: i32,
    },
    /// One by one.
    Labels(Vec<String>),
}

/// What is special about one place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlacePlan {
    /// Its grade, if it is not the row's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// What kind of place it is, if it is not a seat like all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PlaceKind>,
    /// The wheelchair place beside which its companion sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub companion_of: Option<String>,
    /// A word to the buyer, such as what is in the way of the view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a performance says of single places in a house of the library, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Overrides(#[serde(deserialize_with = "bounded::places")] pub BTreeMap<String, PlacePlan>);

/// Places that are not like all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// Room for a wheelchair.
    Wheelchair,
    /// For who comes with the person in the wheelchair.
    Companion,
    /// Part of the stage cannot be seen from it.
    RestrictedView,
    /// Kept by the house: shown and never sold.
    House,
}

/// Something drawn: an outline or a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShapePlan {
    /// What it is.
    pub kind: ShapeKind,
    /// The origin of its outline, or the middle of its word.
    #[serde(default)]
    pub at: Point,
    /// Its corners, relative to its origin.
    #[serde(default, deserialize_with = "bounded::corners", skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<Corner>,
    /// What is written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What a shape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShapeKind {
    /// Where it is played.
    Stage,
    /// A field of play, or a floor without places.
    Field,
    /// A wall.
    Wall,
    /// A door.
    Door,
    /// A word.
    Text,
}

/// A point of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Point {
    /// To the right, as one looks at the stage.
    pub x: Metres,
    /// Away from the stage.
    pub y: Metres,
}

/// A corner of an outline: x and y.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Corner(pub Metres, pub Metres);

impl LayoutPlan {
    /// A plan of these sections and nothing more.
    #[must_use]
    pub fn of(sections: Vec<SectionPlan>) -> Self {
        Self { sections, ..Self::default() }
    }

    /// Returns the plan with plain names: names that look alike are equal. Plans stored before this rule stay as they are.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for section in &mut self.sections {
            section.tidy();
        }
        for shape in self.stage.iter_mut().chain(&mut self.decorations) {
            tidy_if_any(&mut shape.text);
        }
        let tidied = |(name, mut place): (String, PlacePlan)| {
            tidy_if_any(&mut place.grade);
            tidy_if_any(&mut place.companion_of);
            tidy_if_any(&mut place.note);
            (plain::tidied(&name), place)
        };
        self.places = self.places.into_iter().map(tidied).collect();
        self
    }

    /// The same house with other words about single places: what a performance changes in a house of the library. What it
    /// does not speak of stays: a place that the house keeps is not sold because its performance gives it a note.
    #[must_use]
    pub fn overridden(mut self, by: Overrides) -> Self {
        for (name, place) in by.0 {
            self.places.entry(plain::tidied(&name)).or_default().change(place);
        }
        self
    }
}

impl PlacePlan {
    fn change(&mut self, to: Self) {
        let Self { grade, kind, companion_of, note } = to;
        self.grade = grade.or(self.grade.take());
        // A place of another kind is no longer the companion's of the one that it was beside.
        if kind.is_some() {
            (self.kind, self.companion_of) = (kind, companion_of);
        } else {
            self.companion_of = companion_of.or(self.companion_of.take());
        }
        self.note = note.or(self.note.take());
    }
}

impl RowPlan {
    pub(super) fn pitch(&self) -> Metres {
        self.pitch_m.unwrap_or(PITCH)
    }

    pub(super) fn depth(&self) -> Metres {
        self.depth_m.unwrap_or(DEPTH)
    }

    /// From its first seat to its last, aisles included.
    pub(super) fn length(&self) -> Metres {
        let aisles = u32::try_from(self.aisles.len()).unwrap_or(u32::MAX);
        self.pitch() * self.seats.saturating_sub(1) + AISLE * aisles
    }
}

impl SectionPlan {
    fn tidy(&mut self) {
        self.section = plain::tidied(&self.section);
        self.grade = plain::tidied(&self.grade);
        tidy_if_any(&mut self.entrance);
        for row in &mut self.rows {
            row.row = plain::tidied(&row.row);
            tidy_if_any(&mut row.grade);
            if let Some(Numbering::Labels(labels)) = &mut row.numbers {
                for label in labels {
                    *label = plain::tidied(label);
                }
            }
        }
    }
}

fn tidy_if_any(text: &mut Option<String>) {
    if let Some(text) = text {
        *text = plain::tidied(text);
    }
}
