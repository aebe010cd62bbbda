//! A seat plan that can be sold: its places, and the one order in which all of them are counted.
//!
//! A place has a name that people read (`A-12-7`: section, row, number) and an index (0, 1, 2 … in layout order) that
//! bitmaps and maps use. A layout never changes, so both always mean the same place.

mod apart;
mod automatic;
pub(crate) mod bounded;
mod check;
mod drawn;
mod geometry;
mod measure;
mod outline;
mod plan;
mod rank;
mod row;

pub use geometry::SeatPosition;
pub use measure::{Degrees, Metres};
pub use plan::{
    Corner, LayoutPlan, Numbering, Overrides, PlaceKind, PlacePlan, Point, RowPlan, SectionKind, SectionPlan,
    ShapeKind, ShapePlan,
};
pub use row::{ENTRY, Row};

use crate::{
    plain,
    seat::{NAME_MAX, SeatId},
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The most places of one layout: enough for the largest stadiums.
pub const SEATS_MAX: u32 = 100_000;
/// The most sections of one layout.
pub const SECTIONS_MAX: usize = 500;
/// The most rows of all sections together, standing areas included.
pub const ROWS_MAX: usize = 10_000;
/// The most seats of one row.
pub const ROW_SEATS_MAX: u32 = 1_000;
/// The highest number of a seat.
pub const NUMBER_MAX: u32 = 99_999;
/// The most characters of a section's name, of a row's, and of a seat's label.
pub const PART_NAME_MAX: usize = 20;
/// The most shapes around the sections.
pub const SHAPES_MAX: usize = 500;
/// The most corners of one outline.
pub const CORNERS_MAX: usize = 200;
/// The most characters of a note about a place.
pub const NOTE_MAX: usize = 100;
/// How many places share one block, which is one partition of the seat table, so that no sale sits on a single partition.
pub const BLOCK_SEATS: u32 = 500;

// Every place of a layout that is accepted has a name that can be parsed.
const _: () = assert!(3 * PART_NAME_MAX + "--".len() <= NAME_MAX && SEATS_MAX <= 100_000);

/// The position of a place in layout order, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeatIndex(pub u32);

impl SeatIndex {
    /// The block, a partition of the seat table, that stores the place.
    #[must_use]
    pub fn block(self) -> u32 {
        self.0 / BLOCK_SEATS
    }
}

/// A checked layout. It finds a place by name or by index.
#[derive(Debug, Clone)]
pub struct Layout {
    plan: LayoutPlan,
    rows: Vec<Row>,
    by_name: HashMap<String, usize>,
    special: HashMap<SeatIndex, PlacePlan>,
    companions: HashMap<SeatIndex, SeatIndex>,
    not_for_sale: HashSet<SeatIndex>,
    seat_count: u32,
    /// The rows of seats by their numbers, best first.
    ranked: Vec<usize>,
}

impl Layout {
    fn of_nothing() -> Self {
        Self {
            plan: LayoutPlan::default(),
            rows: Vec::new(),
            by_name: HashMap::new(),
            special: HashMap::new(),
            companions: HashMap::new(),
            not_for_sale: HashSet::new(),
            seat_count: 0,
            ranked: Vec::new(),
        }
    }

    /// The plan that the layout was made from.
    #[must_use]
    pub fn plan(&self) -> &LayoutPlan {
        &self.plan
    }

    /// All rows in layout order; a standing area is one row.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The number of places, including those not for sale: the length of a seat map.
    #[must_use]
    pub fn seat_count(&self) -> u32 {
        self.seat_count
    }

    /// The number of places for sale.
    #[must_use]
    pub fn for_sale_count(&self) -> u32 {
        self.seat_count.saturating_sub(u32::try_from(self.not_for_sale.len()).unwrap_or(u32::MAX))
    }

    /// The grades of its places; a grade may appear more than once.
    pub fn grades(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter().map(|row| row.grade.as_str());
        rows.chain(self.special.values().filter_map(|place| place.grade.as_deref()))
    }

    /// Where a grade stands in the plan, in words: at a place, a row or a section. The first that has it.
    #[must_use]
    pub fn place_of_grade(&self, grade: &str) -> Option<String> {
        let plan = &self.plan;
        let place = plan.places.iter().find(|(_, place)| place.grade.as_deref() == Some(grade));
        let section = || {
            let of_section = |section: &&SectionPlan| section.grade == grade;
            plan.sections.iter().find(of_section).map(|section| format!("section {}", section.section))
        };
        let row = || {
            let row = self.rows.iter().find(|row| row.grade == grade);
            row.map(|row| format!("row {}", row.name()))
        };
        place.map(|(name, _)| format!("seat {name}")).or_else(section).or_else(row)
    }

    /// The grades of places for sale; a grade may appear more than once.
    pub fn grades_for_sale(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().flat_map(|row| self.grades_for_sale_in(row))
    }

    fn grades_for_sale_in<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a str> {
        let mut last = None;
        let sold = row.indexes().map(SeatIndex).filter(|index| self.is_for_sale(*index));
        let grades = sold.map(move |index| self.own_grade(index).unwrap_or(&row.grade));
        grades.filter(move |grade| last.replace(*grade) != Some(*grade))
    }

    /// The grade of a place.
    #[must_use]
    pub fn grade_of(&self, index: SeatIndex) -> Option<&str> {
        let row = self.row_of(index)?;
        Some(self.own_grade(index).unwrap_or(&row.grade))
    }

    fn own_grade(&self, index: SeatIndex) -> Option<&str> {
        self.special.get(&index)?.grade.as_deref()
    }

    /// What kind of place it is, if it is not like all others.
    #[must_use]
    pub fn kind_of(&self, index: SeatIndex) -> Option<PlaceKind> {
        if self.not_for_sale.contains(&index) {
            Some(PlaceKind::House)
        } else {
            self.special.get(&index)?.kind
        }
    }

    /// The wheelchair place that a companion's place belongs to.
    #[must_use]
    pub fn companion_of(&self, index: SeatIndex) -> Option<SeatIndex> {
        self.companions.get(&index).copied()
    }

    /// What is special about single places.
    pub fn special(&self) -> impl Iterator<Item = (SeatIndex, &PlacePlan)> {
        self.special.iter().map(|(index, place)| (*index, place))
    }

    /// Finds a place's index and grade; `None` if the layout has no such place. How the characters of the name are composed
    /// does not matter.
    #[must_use]
    pub fn find(&self, seat: &SeatId) -> Option<(SeatIndex, &str)> {
        let named = self.by_name.get(seat.row_name());
        let named = named.or_else(|| self.by_name.get(&plain::composed(seat.row_name())));
        let row = self.rows.get(*named?)?;
        let index = row.find(seat.label()).or_else(|| row.find(&plain::composed(seat.label())))?;
        Some((index, self.own_grade(index).unwrap_or(&row.grade)))
    }

    /// The row that contains an index.
    #[must_use]
    pub fn row_of(&self, index: SeatIndex) -> Option<&Row> {
        self.rows.get(self.row_index(index)?)
    }

    fn row_index(&self, index: SeatIndex) -> Option<usize> {
        let after = self.rows.partition_point(|row| row.first_index <= index.0);
        after.checked_sub(1).filter(|_| index.0 < self.seat_count)
    }

    /// The name of the place at an index.
    #[must_use]
    pub fn name_of(&self, index: SeatIndex) -> Option<SeatId> {
        let row = self.row_of(index)?;
        Some(SeatId::in_row(&row.name(), &row.label(index)?))
    }

    /// Whether the place is for sale, not kept by the house.
    #[must_use]
    pub fn is_for_sale(&self, index: SeatIndex) -> bool {
        index.0 < self.seat_count && !self.not_for_sale.contains(&index)
    }

    /// Every place that the house keeps.
    pub fn not_for_sale(&self) -> impl Iterator<Item = SeatIndex> {
        self.not_for_sale.iter().copied()
    }

    /// What everybody looks at, in metres: as the plan says, or else the middle of its stage, or of the front of its seats.
    #[must_use]
    pub fn focus(&self) -> (f64, f64) {
        let plan = &self.plan;
        let of = |point: Point| (point.x.get(), point.y.get());
        plan.focus.map(of).or_else(|| middle_of(&plan.stage)).unwrap_or_else(|| self.front())
    }

    /// The middle of the seats from left to right, at the front.
    fn front(&self) -> (f64, f64) {
        let ends = self.rows.iter().flat_map(|row| [row.first_index, row.first_index + row.seats - 1]);
        let seats = ends.filter_map(|index| self.row_of(SeatIndex(index))?.position(SeatIndex(index)));
        let (mut left, mut right, mut front) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY);
        for seat in seats {
            (left, right, front) = (left.min(seat.x), right.max(seat.x), front.min(seat.y));
        }
        if left.is_finite() { (f64::midpoint(left, right), front) } else { (0.0, 0.0) }
    }
}

/// The middle of the box around all outlines.
fn middle_of(shapes: &[ShapePlan]) -> Option<(f64, f64)> {
    let corner = |at: Point, corner: &Corner| (at.x.get() + corner.0.get(), at.y.get() + corner.1.get());
    let mut corners =
        shapes.iter().flat_map(|shape| shape.outline.iter().map(move |to| corner(shape.at, to)));
    let first = corners.next()?;
    let (low, high) = corners.fold((first, first), |(low, high), (x, y)| {
        ((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y)))
    });
    Some((f64::midpoint(low.0, high.0), f64::midpoint(low.1, high.1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(rows: &[(&str, &str, u32)]) -> LayoutPlan {
        let mut plan = LayoutPlan::default();
        for (section, row, seats) in rows {
            let row = RowPlan { row: (*row).into(), seats: *seats, ..RowPlan::default() };
            match plan.sections.iter_mut().find(|s| s.section == *section) {
                Some(found) => found.rows.push(row),
                None => plan.sections.push(SectionPlan {
                    section: (*section).into(),
                    grade: "R".into(),
                    rows: vec![row],
                    ..SectionPlan::default()
                }),
            }
        }
        plan
    }

    #[test]
    fn seats_are_counted_row_after_row() {
        let layout = Layout::parse(plan(&[("A", "1", 3), ("A", "2", 2), ("B", "1", 4)])).expect("valid");
        assert_eq!(layout.seat_count(), 9);
        let seat = SeatId::parse("B-1-1").expect("valid");
        assert_eq!(layout.find(&seat), Some((SeatIndex(5), "R")));
        assert_eq!(layout.name_of(SeatIndex(4)).map(|s| s.to_string()), Some("A-2-2".into()));
        assert_eq!(layout.name_of(SeatIndex(9)), None);
    }

    #[test]
    fn seats_kept_by_the_house_are_counted_but_not_for_sale() {
        let mut plan = plan(&[("A", "1", 3)]);
        plan.sections[0].rows[0].not_for_sale = vec![2, 2];
        let layout = Layout::parse(plan).expect("valid");
        assert_eq!((layout.seat_count(), layout.for_sale_count()), (3, 2));
        assert!(!layout.is_for_sale(SeatIndex(1)) && layout.is_for_sale(SeatIndex(2)));
        assert_eq!(layout.grades_for_sale().collect::<Vec<_>>(), ["R"]);
        let mut plan = layout.plan().clone();
        plan.sections[0].rows[0].not_for_sale = vec![1, 2, 3];
        let kept = Layout::parse(plan).expect("valid");
        assert_eq!(kept.grades_for_sale().next(), None, "a grade that is never sold");
    }

    #[test]
    fn names_that_look_alike_are_one_name() {
        const DECOMPOSED: &str = "\u{1100}\u{1161}";
        let twice = plan(&[("가", "1", 1), (DECOMPOSED, "1", 1)]);
        assert!(Layout::parse(twice.tidied()).is_err());
        let layout =
            Layout::parse(plan(&[(" \u{1100}\u{1161}\u{200B}", "1\r\n", 2)]).tidied()).expect("valid");
        assert_eq!(layout.name_of(SeatIndex(1)).map(String::from), Some("가-1-2".into()));
        for section in ["가", DECOMPOSED] {
            let seat = SeatId::parse(&format!("{section}-1-2")).expect("a seat");
            assert_eq!(layout.find(&seat), Some((SeatIndex(1), "R")));
        }
    }

    #[test]
    fn ambiguous_or_endless_plans_are_refused() {
        for rows in [
            &[("A", "1", 3), ("A", "1", 2)][..],
            &[("A", "1", 0)],
            &[("A-B", "1", 1)],
            &[("A", "", 1)],
            &[("A", "1", ROW_SEATS_MAX + 1)],
            &[],
        ] {
            assert!(Layout::parse(plan(rows)).is_err(), "{rows:?} was accepted");
        }
    }

    #[test]
    fn a_refused_name_is_reported_with_its_place() {
        let refusal =
            |rows: &[(&str, &str, u32)]| Layout::parse(plan(rows)).expect_err("refused").to_string();
        let (long, longest) = ("가".repeat(PART_NAME_MAX + 1), "가".repeat(PART_NAME_MAX));
        assert!(
            refusal(&[("A", "1", 1), (&long, "1", 1)]).starts_with("section 2 must be named with 1 to 20 ")
        );
        assert!(
            refusal(&[(&longest, "1", 1), (&longest, &long, 1)])
                .starts_with(&format!("row 2 of section {longest} "))
        );
    }

    proptest! {
        #[test]
        fn every_seat_of_an_accepted_layout_has_a_name_that_parses(
            section in "[\\p{L}\\p{N}_.]{1,20}", row in "[\\p{L}\\p{N}_.]{1,20}", seats in 1..=ROW_SEATS_MAX,
        ) {
            let Ok(layout) = Layout::parse(plan(&[(&section, &row, seats)])) else { return Ok(()) };
            let last = layout.name_of(SeatIndex(seats - 1)).expect("inside");
            let read = SeatId::parse(last.as_str());
            prop_assert_eq!(read.as_ref(), Ok(&last));
            prop_assert_eq!(layout.find(&last), Some((SeatIndex(seats - 1), "R")));
        }

        #[test]
        fn name_and_index_are_each_others_inverse(sizes in prop::collection::vec(1..40u32, 1..30)) {
            let rows: Vec<_> = (0..sizes.len()).map(|row| row.to_string()).collect();
            let rows: Vec<_> = rows.iter().zip(&sizes).map(|(row, seats)| ("가", row.as_str(), *seats)).collect();
            let layout = Layout::parse(plan(&rows)).expect("valid");
            prop_assert_eq!(layout.seat_count(), sizes.iter().sum::<u32>());
            for index in 0..layout.seat_count() {
                let name = layout.name_of(SeatIndex(index)).expect("inside");
                prop_assert_eq!(layout.find(&name).map(|(index, _)| index), Some(SeatIndex(index)));
            }
        }
    }
}
