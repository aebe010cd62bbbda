//! Which places of a row are alike, so that a search for seats of one grade need not ask each place.

use super::{Layout, PlaceKind, PlacePlan, Row, SeatIndex};
use std::{collections::HashMap, ops::Range};

/// Neighbouring places of a row that have one grade and are of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alike {
    /// The index after the last of them.
    end: u32,
    pub(crate) grade: GradeNumber,
    pub(crate) kind: Option<PlaceKind>,
}

/// A grade's number in its layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GradeNumber(u32);

impl Layout {
    pub(crate) fn grade_number(&self, grade: &str) -> Option<GradeNumber> {
        self.grade_numbers.get(grade).copied()
    }

    /// All seats of a grade, row by row. Standing places are none.
    pub fn seats_of(&self, grade: &str) -> impl Iterator<Item = SeatIndex> {
        let wanted = self.grade_number(grade);
        let rows = self.rows.iter().filter(|row| !row.is_standing());
        let ranges = rows.flat_map(move |row| row.ranges_of(move |places| Some(places.grade) == wanted));
        ranges.flatten().map(SeatIndex)
    }

    pub(super) fn compare_places(&mut self) {
        let mut special: Vec<_> = self.special.iter().map(|(index, place)| (*index, place)).collect();
        special.sort_unstable_by_key(|(index, _)| *index);
        let mut special = special.as_slice();
        let mut numbers = HashMap::new();
        for row in &mut self.rows {
            let end = SeatIndex(row.first_index + row.seats);
            let (of_row, rest) = special.split_at(special.partition_point(|(index, _)| *index < end));
            special = rest;
            row.alike = alike(row, of_row, &mut numbers);
        }
        self.grade_numbers = numbers;
    }
}

fn alike(
    row: &Row,
    special: &[(SeatIndex, &PlacePlan)],
    numbers: &mut HashMap<String, GradeNumber>,
) -> Vec<Alike> {
    let mut number = |grade: &str| {
        let next = GradeNumber(u32::try_from(numbers.len()).unwrap_or(u32::MAX));
        numbers.get(grade).copied().unwrap_or_else(|| *numbers.entry(grade.to_owned()).or_insert(next))
    };
    let mut runs: Vec<Alike> = Vec::new();
    let mut add = |end: u32, grade: GradeNumber, kind: Option<PlaceKind>| match runs.last_mut() {
        Some(last) if (last.grade, last.kind) == (grade, kind) => last.end = end,
        _ => runs.push(Alike { end, grade, kind }),
    };
    let own = number(&row.grade);
    let mut at = row.first_index;
    for (SeatIndex(index), place) in special {
        if at < *index {
            add(*index, own, None);
        }
        add(index + 1, place.grade.as_deref().map_or(own, &mut number), place.kind);
        at = index + 1;
    }
    if at < row.first_index + row.seats {
        add(row.first_index + row.seats, own, None);
    }
    runs
}

impl Row {
    /// What a place of the row is like.
    pub(crate) fn alike(&self, index: SeatIndex) -> Option<&Alike> {
        self.alike.get(self.alike.partition_point(|run| run.end <= index.0))
    }

    /// The longest ranges of its places that all belong, none across an aisle.
    pub(crate) fn ranges_of<'a>(
        &'a self,
        belongs: impl Fn(&Alike) -> bool + Clone + 'a,
    ) -> impl Iterator<Item = Range<u32>> + Clone + 'a {
        let mut at = self.first_index;
        let mut runs = self.alike.as_slice();
        let mut aisles = self.aisles.as_slice();
        std::iter::from_fn(move || {
            while let [run, rest @ ..] = runs
                && (run.end <= at || !belongs(run))
            {
                at = at.max(run.end);
                runs = rest;
            }
            while let [aisle, rest @ ..] = aisles
                && self.first_index + aisle <= at
            {
                aisles = rest;
            }
            let start = at;
            let cut = aisles.first().map_or(u32::MAX, |aisle| self.first_index + aisle);
            while let [run, rest @ ..] = runs
                && at < cut
                && belongs(run)
            {
                at = run.end.min(cut);
                if at == run.end {
                    runs = rest;
                }
            }
            (start < at).then_some(start..at)
        })
    }
}
