//! "The best seats together": adjacent free seats of a grade, best row first, near the middle of the row, and without
//! leaving a single seat alone where that can be helped.

use crate::{
    layout::{Layout, Row, SeatIndex},
    seat::{SeatState, SeatStates},
};
use std::collections::HashSet;

/// The most runs that are looked at: more than enough to choose from.
const RUNS_MAX: usize = 1_000;

/// Up to `limit` runs of `count` adjacent free seats of a grade, best first. Runs that share no seat with a better one
/// come before those that do: of many who ask at once, each who was faster takes only one of them away.
#[must_use]
pub fn best_runs(
    layout: &Layout,
    states: &SeatStates,
    grade: &str,
    count: u32,
    limit: usize,
) -> Vec<Vec<SeatIndex>> {
    let rows = layout.rows().iter().filter(|row| row.grade == grade);
    let runs = rows.flat_map(|row| runs_of(row, states, count)).take(RUNS_MAX);
    let mut taken = HashSet::new();
    let (mut best, overlapping): (Vec<_>, Vec<_>) = runs.partition(|run| {
        let apart = run.iter().all(|seat| !taken.contains(seat));
        if apart {
            taken.extend(run.iter().copied());
        }
        apart
    });
    best.extend(overlapping);
    best.truncate(limit);
    best
}

/// The runs of one row: those that leave nobody alone first, then those nearer to the middle.
fn runs_of(row: &Row, states: &SeatStates, count: u32) -> Vec<Vec<SeatIndex>> {
    let end = row.first_index + row.seats;
    let free =
        |index: u32| (row.first_index..end).contains(&index) && states.get(index) == SeatState::Available;
    let alone = |index: u32, outward: Option<u32>| free(index) && !outward.is_some_and(free);
    let mut runs: Vec<_> = (row.first_index..(end + 1).saturating_sub(count))
        .filter(|start| count > 0 && (*start..start + count).all(free))
        .map(|start| {
            let left = start.checked_sub(1).is_some_and(|before| alone(before, before.checked_sub(1)));
            let right = alone(start + count, Some(start + count + 1));
            let off_centre = (2 * start + count).abs_diff(2 * row.first_index + row.seats);
            (u32::from(left) + u32::from(right), off_centre, start)
        })
        .collect();
    runs.sort_unstable();
    runs.into_iter().map(|(_, _, start)| (start..start + count).map(SeatIndex).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{LayoutPlan, RowPlan, SectionPlan};

    fn layout(rows: &[u32]) -> Layout {
        let rows = (1..).zip(rows).map(|(row, seats)| RowPlan {
            row: format!("{row}"),
            seats: *seats,
            not_for_sale: vec![],
        });
        let section = SectionPlan { section: "A".into(), grade: "R".into(), rows: rows.collect() };
        Layout::parse(LayoutPlan { sections: vec![section] }).expect("valid")
    }

    fn best(layout: &Layout, states: &SeatStates, count: u32) -> Vec<u32> {
        best_runs(layout, states, "R", count, 1).into_iter().flatten().map(|index| index.0).collect()
    }

    #[test]
    fn the_middle_of_the_best_row_comes_first() {
        let layout = layout(&[9, 9]);
        let mut states = SeatStates::available(18);
        assert_eq!(best(&layout, &states, 3), [3, 4, 5]);
        (0..9).for_each(|index| states.set(index, SeatState::Sold));
        assert_eq!(best(&layout, &states, 3), [12, 13, 14]);
        assert!(best(&layout, &states, 10).is_empty());
    }

    #[test]
    fn no_seat_is_left_alone_where_that_can_be_helped() {
        let layout = layout(&[5]);
        let states = SeatStates::available(5);
        assert_eq!(best(&layout, &states, 3), [0, 1, 2]);
    }

    #[test]
    fn runs_that_share_no_seat_come_first() {
        let layout = layout(&[6]);
        let states = SeatStates::available(6);
        let runs = best_runs(&layout, &states, "R", 2, 3);
        let firsts: Vec<_> = runs.iter().map(|run| run[0].0).collect();
        assert_eq!(firsts, [2, 0, 4]);
    }

    #[test]
    fn runs_never_cross_a_row_or_a_taken_seat() {
        let layout = layout(&[3, 3]);
        let mut states = SeatStates::available(6);
        states.set(1, SeatState::Held);
        assert_eq!(
            best_runs(&layout, &states, "R", 2, 10),
            [vec![SeatIndex(3), SeatIndex(4)], vec![SeatIndex(4), SeatIndex(5)]]
        );
        assert!(best_runs(&layout, &states, "S", 1, 10).is_empty());
    }
}
