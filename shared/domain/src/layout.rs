//! A seat plan: sections of rows of numbered seats, and the one order in which all seats are counted.
//!
//! A seat has a name that people read (`A-12-7`: section, row, number) and an index (0, 1, 2 … in layout order) that
//! bitmaps and maps use. A layout never changes, so both always mean the same seat.

use crate::{
    Invalid, plain,
    seat::{NAME_MAX, SeatId},
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The most seats of one layout: enough for the largest stadiums.
pub const SEATS_MAX: u32 = 100_000;
/// The most sections of one layout.
pub const SECTIONS_MAX: usize = 500;
/// The most rows of all sections together.
pub const ROWS_MAX: usize = 5_000;
/// The most seats of one row.
pub const ROW_SEATS_MAX: u32 = 1_000;
/// The most characters of a section's name, and of a row's.
pub const PART_NAME_MAX: usize = 20;
/// How many seats share one block, which is one partition of the seat table, so that no sale sits on a single partition.
pub const BLOCK_SEATS: u32 = 500;

// Every seat of a layout that is accepted has a name that can be parsed.
const _: () = assert!(2 * PART_NAME_MAX + "--9999".len() <= NAME_MAX && ROW_SEATS_MAX <= 9_999);

/// A layout as an organizer writes it and as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutPlan {
    /// The sections, in the order in which their seats are counted.
    pub sections: Vec<SectionPlan>,
}

/// A part of the house whose seats have one grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionPlan {
    /// The section's name, unique in the layout.
    pub section: String,
    /// The grade of its seats, one of the show's.
    pub grade: String,
    /// The rows, best first: the search for the best seats follows this order.
    pub rows: Vec<RowPlan>,
}

/// A row of adjacent seats, numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPlan {
    /// The row's name, unique in the section.
    pub row: String,
    /// How many seats the row has.
    pub seats: u32,
    /// Numbers of seats that the house keeps. They are shown and never sold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_for_sale: Vec<u32>,
}

impl LayoutPlan {
    /// Returns the plan with plain names: names that look alike are equal. Plans stored before this rule stay as they are.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for section in &mut self.sections {
            section.section = plain::tidied(&section.section);
            section.grade = plain::tidied(&section.grade);
            for row in &mut section.rows {
                row.row = plain::tidied(&row.row);
            }
        }
        self
    }
}

/// The place of a seat in layout order, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeatIndex(pub u32);

impl SeatIndex {
    /// The block, a partition of the seat table, that stores the seat.
    #[must_use]
    pub fn block(self) -> u32 {
        self.0 / BLOCK_SEATS
    }
}

/// A checked layout. It finds a seat by name or by index.
#[derive(Debug, Clone)]
pub struct Layout {
    plan: LayoutPlan,
    rows: Vec<Row>,
    by_name: HashMap<String, usize>,
    not_for_sale: HashSet<SeatIndex>,
    seat_count: u32,
}

/// One row and its place in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The index of its section in the plan, from 0.
    pub section_index: usize,
    /// The section's name.
    pub section: String,
    /// The row's name.
    pub row: String,
    /// The grade of its seats.
    pub grade: String,
    /// The index of its seat number 1.
    pub first_index: u32,
    /// How many seats the row has.
    pub seats: u32,
}

impl Layout {
    /// Checks a plan and counts its seats.
    ///
    /// # Errors
    /// Names are not unique or not printable, a row has no seats, or a bound above is exceeded.
    pub fn parse(plan: LayoutPlan) -> Result<Self, Invalid> {
        if plan.sections.is_empty() || plan.sections.len() > SECTIONS_MAX {
            return Err(Invalid::because(format!("must have 1 to {SECTIONS_MAX} sections")));
        }
        let mut layout = Self {
            rows: Vec::new(),
            by_name: HashMap::new(),
            not_for_sale: HashSet::new(),
            seat_count: 0,
            plan,
        };
        let sections = layout.plan.sections.clone();
        let mut section_names = HashSet::new();
        for (section_index, section) in sections.iter().enumerate() {
            check_name(&section.section, || format!("section {}", section_index + 1))?;
            if !section_names.insert(&section.section) {
                return Err(Invalid::because(format!("has section {} twice", section.section)));
            }
            if section.rows.is_empty() {
                return Err(Invalid::because(format!("section {} has no rows", section.section)));
            }
            for (row_index, row) in section.rows.iter().enumerate() {
                check_name(&row.row, || format!("row {} of section {}", row_index + 1, section.section))?;
                layout.add_row(section_index, section, row)?;
            }
        }
        Ok(layout)
    }

    fn add_row(&mut self, section_index: usize, section: &SectionPlan, row: &RowPlan) -> Result<(), Invalid> {
        let name = format!("{}-{}", section.section, row.row);
        if row.seats == 0 || row.seats > ROW_SEATS_MAX {
            return Err(Invalid::because(format!("row {name} must have 1 to {ROW_SEATS_MAX} seats")));
        }
        let first_index = self.seat_count;
        self.seat_count += row.seats;
        if self.seat_count > SEATS_MAX || self.rows.len() >= ROWS_MAX {
            return Err(Invalid::because(format!("must have at most {SEATS_MAX} seats in {ROWS_MAX} rows")));
        }
        for number in &row.not_for_sale {
            if *number == 0 || *number > row.seats {
                return Err(Invalid::because(format!("row {name} has no seat {number}")));
            }
            self.not_for_sale.insert(SeatIndex(first_index + number - 1));
        }
        if self.by_name.insert(name.clone(), self.rows.len()).is_some() {
            return Err(Invalid::because(format!("has row {name} twice")));
        }
        self.rows.push(Row {
            section_index,
            section: section.section.clone(),
            row: row.row.clone(),
            grade: section.grade.clone(),
            first_index,
            seats: row.seats,
        });
        Ok(())
    }

    /// The plan that the layout was made from.
    #[must_use]
    pub fn plan(&self) -> &LayoutPlan {
        &self.plan
    }

    /// All rows in layout order.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The number of seats, including those not for sale: the length of a seat map.
    #[must_use]
    pub fn seat_count(&self) -> u32 {
        self.seat_count
    }

    /// The number of seats for sale.
    #[must_use]
    pub fn for_sale_count(&self) -> u32 {
        self.seat_count.saturating_sub(u32::try_from(self.not_for_sale.len()).unwrap_or(u32::MAX))
    }

    /// The grades that its sections use.
    pub fn grades(&self) -> impl Iterator<Item = &str> {
        self.plan.sections.iter().map(|section| section.grade.as_str())
    }

    /// The grades of seats for sale; a grade appears once for each of its rows.
    pub fn grades_for_sale(&self) -> impl Iterator<Item = &str> {
        let sells = |row: &&Row| {
            (row.first_index..row.first_index + row.seats).any(|index| self.is_for_sale(SeatIndex(index)))
        };
        self.rows.iter().filter(sells).map(|row| row.grade.as_str())
    }

    /// Finds a seat's index and grade; `None` if the layout has no such seat. How the characters of the name are composed
    /// does not matter.
    #[must_use]
    pub fn find(&self, seat: &SeatId) -> Option<(SeatIndex, &str)> {
        let named = self.by_name.get(seat.row_name());
        let named = named.or_else(|| self.by_name.get(&plain::composed(seat.row_name())));
        let row = self.rows.get(*named?)?;
        (1..=row.seats)
            .contains(&seat.number())
            .then(|| (SeatIndex(row.first_index + seat.number() - 1), row.grade.as_str()))
    }

    /// The row that contains an index.
    #[must_use]
    pub fn row_of(&self, index: SeatIndex) -> Option<&Row> {
        let after = self.rows.partition_point(|row| row.first_index <= index.0);
        self.rows.get(after.checked_sub(1)?).filter(|row| index.0 < row.first_index + row.seats)
    }

    /// The name of the seat at an index.
    #[must_use]
    pub fn name_of(&self, index: SeatIndex) -> Option<SeatId> {
        let row = self.row_of(index)?;
        let row_name = format!("{}-{}", row.section, row.row);
        Some(SeatId::in_row(&row_name, index.0 - row.first_index + 1))
    }

    /// Whether the seat is for sale, not kept by the house.
    #[must_use]
    pub fn is_for_sale(&self, index: SeatIndex) -> bool {
        index.0 < self.seat_count && !self.not_for_sale.contains(&index)
    }

    /// Every seat that the house keeps.
    pub fn not_for_sale(&self) -> impl Iterator<Item = SeatIndex> {
        self.not_for_sale.iter().copied()
    }
}

/// Names stand between hyphens in seat names, and in storage keys: letters and digits of any script, `_` and `.`.
fn check_name(name: &str, of: impl Fn() -> String) -> Result<(), Invalid> {
    let length = name.chars().count();
    let clean = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    if (1..=PART_NAME_MAX).contains(&length) && clean {
        Ok(())
    } else {
        let rule = format!("must be named with 1 to {PART_NAME_MAX} letters, digits, `_` or `.`");
        Err(Invalid::because(format!("{} {rule}", of())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(rows: &[(&str, &str, u32)]) -> LayoutPlan {
        let mut plan = LayoutPlan { sections: Vec::new() };
        for (section, row, seats) in rows {
            let row = RowPlan { row: (*row).into(), seats: *seats, not_for_sale: vec![] };
            match plan.sections.iter_mut().find(|s| s.section == *section) {
                Some(found) => found.rows.push(row),
                None => plan.sections.push(SectionPlan {
                    section: (*section).into(),
                    grade: "R".into(),
                    rows: vec![row],
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
