//! One row of a checked layout, and its place in the order of all places.

use super::{
    SeatIndex,
    alike::Alike,
    geometry::{RowLine, SeatPosition},
    plan::{Numbering, RowPlan},
    rank::RowRank,
};
use std::ops::Range;

/// The word that stands for the row in the name of a standing place: `F-entry-120`.
pub const ENTRY: &str = "entry";

/// A row of seats, or all places of a standing area.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The index of its section in the plan, from 0.
    pub section_index: usize,
    /// The section's name.
    pub section: String,
    /// The row's name.
    pub row: String,
    /// The grade of its places, where a place has no other.
    pub grade: String,
    /// The index of its first place.
    pub first_index: u32,
    /// How many places the row has.
    pub seats: u32,
    /// After how many seats an aisle leads through it.
    pub aisles: Vec<u32>,
    /// Its number among all rows of the layout, from 0.
    pub(crate) number: usize,
    pub(super) alike: Vec<Alike>,
    pub(super) numbers: RowNumbers,
    pub(super) line: Option<RowLine>,
    pub(super) view: RowRank,
}

/// What the places of a row are called.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RowNumbers {
    Counted { first: u32, step: i32 },
    Labels(Vec<String>),
}

impl RowNumbers {
    pub(super) fn of(row: &RowPlan) -> Self {
        match &row.numbers {
            None => Self::Counted { first: 1, step: 1 },
            Some(Numbering::Counted { first, step }) => Self::Counted { first: *first, step: *step },
            Some(Numbering::Labels(labels)) => Self::Labels(labels.clone()),
        }
    }
}

impl Row {
    /// The indexes of its places.
    #[must_use]
    pub fn indexes(&self) -> Range<u32> {
        self.first_index..self.first_index + self.seats
    }

    /// Whether it is a standing area.
    #[must_use]
    pub fn is_standing(&self) -> bool {
        self.line.is_none()
    }

    /// Section and row, as they stand in the names of its places.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}", self.section, self.row)
    }

    /// What a place of it is called, without section and row.
    #[must_use]
    pub fn label(&self, index: SeatIndex) -> Option<String> {
        let place = self.place(index)?;
        match &self.numbers {
            RowNumbers::Counted { first, step } => {
                counted(*first, *step, place).map(|number| number.to_string())
            }
            RowNumbers::Labels(labels) => labels.get(place as usize).cloned(),
        }
    }

    /// The place of this name.
    #[must_use]
    pub fn find(&self, label: &str) -> Option<SeatIndex> {
        let place = match &self.numbers {
            RowNumbers::Counted { first, step } => {
                let number: i64 = label.parse().ok().filter(|_| is_canonical(label))?;
                let (past, step) = (number - i64::from(*first), i64::from(*step));
                (past % step == 0).then(|| u32::try_from(past / step).ok())??
            }
            RowNumbers::Labels(labels) => {
                u32::try_from(labels.iter().position(|known| known == label)?).ok()?
            }
        };
        (place < self.seats).then(|| SeatIndex(self.first_index + place))
    }

    /// Where a seat of it stands. Standing places have no position of their own.
    #[must_use]
    pub fn position(&self, index: SeatIndex) -> Option<SeatPosition> {
        let place = self.place(index)?;
        let aisles = self.aisles.partition_point(|after| *after <= place);
        Some(self.line.as_ref()?.position(place, aisles))
    }

    fn place(&self, index: SeatIndex) -> Option<u32> {
        index.0.checked_sub(self.first_index).filter(|place| *place < self.seats)
    }
}

/// The number of a place that is called by counting; nothing below 1.
pub(super) fn counted(first: u32, step: i32, place: u32) -> Option<u32> {
    let number = i64::from(first) + i64::from(step) * i64::from(place);
    u32::try_from(number).ok().filter(|number| *number > 0)
}

/// A number is written in one way only.
fn is_canonical(label: &str) -> bool {
    !label.starts_with('0') && label.bytes().all(|byte| byte.is_ascii_digit())
}
