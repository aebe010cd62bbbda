//! What a layout takes in memory: processes that sell remember many, and a large one is a thousand times a small one.

use super::{Layout, PlacePlan, Row, SeatIndex, alike::Alike, row::RowNumbers};
use std::mem::size_of;

/// What a piece of memory costs beside its content.
const PIECE: usize = 16;
/// What an entry of a table of places costs: tables are half full at worst.
const ENTRY: usize = 2 * size_of::<(SeatIndex, SeatIndex)>();

impl Layout {
    /// The same layout without the plans of its rows and single places, which only those need who store or change them.
    #[must_use]
    pub fn without_plans(mut self) -> Self {
        self.plan.places.clear();
        self.plan.sections.iter_mut().for_each(|section| section.rows = Vec::new());
        self
    }

    /// About how many bytes it takes, its plan not counted: see [`Self::without_plans`].
    #[must_use]
    pub fn weight(&self) -> usize {
        let rows: usize = self.rows.iter().map(weight_of_row).sum();
        let special: usize = self.special.values().map(weight_of_place).sum();
        let tables = self.not_for_sale.len() + self.companions.len() + 2 * self.companions_by.len();
        size_of::<Self>() + rows + special + tables * ENTRY
    }
}

fn weight_of_row(row: &Row) -> usize {
    // Its section and name stand in the table of rows again.
    let words = 2 * (row.section.len() + row.row.len()) + row.grade.len() + 4 * PIECE;
    let lists = row.aisles.len() * size_of::<u32>() + row.alike.len() * size_of::<Alike>() + 2 * PIECE;
    let numbers = match &row.numbers {
        RowNumbers::Counted { .. } => 0,
        RowNumbers::Labels(labels) => {
            labels.iter().map(|label| size_of::<String>() + PIECE + label.len()).sum()
        }
    };
    size_of::<Row>() + 2 * size_of::<String>() + words + lists + numbers
}

fn weight_of_place(place: &PlacePlan) -> usize {
    let words = [&place.grade, &place.companion_of, &place.note];
    let words: usize = words.into_iter().flatten().map(|word| word.len() + PIECE).sum();
    3 * size_of::<(SeatIndex, PlacePlan)>() / 2 + words
}
