//! "The best seats together": adjacent free seats of one grade, best row first, near the point of the row from which one sees
//! best, and without leaving a single seat alone where that can be avoided.
//!
//! It takes two steps. [`stretches`] reads a map and says where to look. [`best_run`] says which seats to take; the
//! lock applies the same rule to the seats that are free at the moment of locking.
//!
//! What does not fit this rule is chosen from the map alone ([`choose`]): groups in two rows, and places for wheelchairs.

mod choice;
mod split;
mod wheelchair;

pub use choice::{Outlook, alternatives, choose, outlook};

use crate::{
    layout::{Alike, GradeNumber, Layout, PlaceKind, Row, SeatIndex},
    seat::{SeatState, SeatStates},
};
use std::ops::Range;

/// How many rows to look at beyond the first one that would do, for a row where no seat is left alone. A buyer is moved
/// back by this many rows for the sake of others, and no further.
pub const LOOK_ON_ROWS: u32 = 10;

/// Adjacent seats of one row that are for sale. Seats together always lie in one stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The first seat.
    pub first: SeatIndex,
    /// Twice the place in its row from which one sees best, in seat indexes. It is different for every row.
    pub twice_middle: u32,
    /// Whether each seat is free.
    pub free: Vec<bool>,
}

/// Which places a buyer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Their grade.
    pub grade: &'a str,
    /// How many in all.
    pub count: u32,
    /// How many of them are wheelchair places. Companions' places beside them are taken first for the rest.
    pub wheelchair: u32,
    /// Whether they may sit in two rows behind each other, if no row has room for all.
    pub split: bool,
    /// Whether wheelchair and companions' places are sold like all others.
    pub with_accessible: bool,
}

/// Finds where seats of a grade are free together. Returns stretches, best row first: at least one, and then as many as
/// `seats_max` seats allow. A stretch never reaches across an aisle.
#[must_use]
pub fn stretches(layout: &Layout, states: &SeatStates, wanted: Wanted<'_>, seats_max: u32) -> Vec<Stretch> {
    let Some(sought) = Sought::new(layout, states, wanted) else { return Vec::new() };
    let all = layout.ranked().flat_map(|row| sought.sold_in(row).map(move |seats| (row, seats)));
    let mut looked_at = 0;
    all.filter(|(_, seats)| sought.gaps(seats.clone()).any(|gap| fits(&gap, wanted.count)))
        .take_while(|(_, seats)| {
            let is_first = looked_at == 0;
            looked_at += seats.end - seats.start;
            is_first || looked_at <= seats_max
        })
        .map(|(row, seats)| Stretch {
            first: SeatIndex(seats.start),
            twice_middle: row.twice_best(),
            free: seats.map(|seat| sought.is_free(seat)).collect(),
        })
        .collect()
}

/// What a buyer asks for, in one house at one moment.
#[derive(Clone, Copy)]
struct Sought<'a> {
    layout: &'a Layout,
    states: &'a SeatStates,
    grade: GradeNumber,
    with_accessible: bool,
}

impl<'a> Sought<'a> {
    /// Nothing if the house has no such grade.
    fn new(layout: &'a Layout, states: &'a SeatStates, wanted: Wanted<'_>) -> Option<Self> {
        let grade = layout.grade_number(wanted.grade)?;
        Some(Self { layout, states, grade, with_accessible: wanted.with_accessible })
    }

    fn belongs(self, places: &Alike) -> bool {
        let is_kept = matches!(places.kind, Some(PlaceKind::Wheelchair | PlaceKind::Companion));
        places.grade == self.grade && (self.with_accessible || !is_kept)
    }

    fn is_free(self, seat: u32) -> bool {
        self.states.get(seat) == SeatState::Available
    }

    /// The ranges of a row that are for sale to this buyer.
    fn sold_in(self, row: &'a Row) -> impl Iterator<Item = Range<u32>> {
        let sells = move |seat| self.states.get(seat) != SeatState::NotForSale;
        row.ranges_of(move |places| self.belongs(places)).flat_map(move |seats| pieces(seats, sells))
    }

    /// The runs of free seats, each as long as possible.
    fn gaps(self, seats: Range<u32>) -> impl Iterator<Item = Range<u32>> {
        pieces(seats, move |seat| self.is_free(seat))
    }

    /// The runs of free seats of a row.
    fn gaps_in(self, row: &'a Row) -> impl Iterator<Item = Range<u32>> {
        row.ranges_of(move |places| self.belongs(places)).flat_map(move |seats| self.gaps(seats))
    }
}

/// Returns the first of the best `count` seats together. In the best row that has them, they are taken where
/// 1. no single seat is left beside them,
/// 2. as many groups of the same size (of two, for a single seat) still fit as before, apart from this one,
/// 3. the middle of the row is nearest,
///
/// in this order. If the first is possible only in a row shortly behind ([`LOOK_ON_ROWS`]), that row is the best.
#[must_use]
pub fn best_run(stretches: &[Stretch], count: u32) -> Option<SeatIndex> {
    let mut leaves_one_alone = None;
    let mut looked_on = 0;
    for row in stretches.chunk_by(|one, next| one.twice_middle == next.twice_middle) {
        let runs = row.iter().flat_map(|stretch| stretch.gaps().flat_map(|gap| runs(stretch, gap, count)));
        match runs.min() {
            Some(run) if run.left_alone == 0 => return Some(run.first),
            Some(run) => drop(leaves_one_alone.get_or_insert(run.first)),
            None => {}
        }
        if leaves_one_alone.is_some() {
            if looked_on == LOOK_ON_ROWS {
                break;
            }
            looked_on += 1;
        }
    }
    leaves_one_alone
}

impl Stretch {
    /// The runs of free seats, each as long as possible.
    fn gaps(&self) -> impl Iterator<Item = Range<u32>> {
        let end = u32::try_from(self.free.len()).map_or(u32::MAX, |seats| self.first.0 + seats);
        let is_free = |seat| self.free.get((seat - self.first.0) as usize) == Some(&true);
        pieces(self.first.0..end, is_free)
    }
}

/// One way of sitting together; the smallest is the best.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    left_alone: u32,
    /// Groups of the same size that fitted before and no longer fit beside it.
    lost: u32,
    off_middle: u32,
    first: SeatIndex,
}

fn runs(stretch: &Stretch, gap: Range<u32>, count: u32) -> impl Iterator<Item = Run> {
    let starts = if fits(&gap, count) { gap.start..gap.end - count + 1 } else { 0..0 };
    let (group, twice_middle) = (count.max(2), stretch.twice_middle);
    starts.map(move |start| {
        let (left, right) = (start - gap.start, gap.end - start - count);
        let groups = |seats: u32| seats / group;
        Run {
            left_alone: left_alone(left, right),
            lost: groups(left + count + right) - groups(left) - groups(right) - groups(count),
            off_middle: (2 * start + count).abs_diff(twice_middle),
            first: SeatIndex(start),
        }
    })
}

fn fits(gap: &Range<u32>, count: u32) -> bool {
    count > 0 && gap.end - gap.start >= count
}

/// How many single seats a gap has, in which so many on both sides of some others stay free.
fn left_alone(left: u32, right: u32) -> u32 {
    u32::from(left == 1) + u32::from(right == 1)
}

/// The longest pieces of a range in which every member belongs.
fn pieces(range: Range<u32>, belongs: impl Fn(u32) -> bool) -> impl Iterator<Item = Range<u32>> {
    let mut rest = range;
    std::iter::from_fn(move || {
        let start = rest.clone().find(|at| belongs(*at))?;
        let end = (start..rest.end).find(|at| !belongs(*at)).unwrap_or(rest.end);
        rest.start = end;
        Some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{LayoutPlan, RowPlan, SectionPlan};
    use proptest::prelude::*;

    fn layout(rows: &[u32]) -> Layout {
        let rows = (1..).zip(rows).map(|(row, seats)| RowPlan {
            row: format!("{row}"),
            seats: *seats,
            ..RowPlan::default()
        });
        let section = SectionPlan {
            section: "A".into(),
            grade: "R".into(),
            rows: rows.collect(),
            ..SectionPlan::default()
        };
        Layout::parse(LayoutPlan::of(vec![section])).expect("valid")
    }

    fn wanted(grade: &str, count: u32) -> Wanted<'_> {
        Wanted { grade, count, wheelchair: 0, split: false, with_accessible: false }
    }

    fn best(layout: &Layout, states: &SeatStates, count: u32) -> Option<u32> {
        let among = stretches(layout, states, wanted("R", count), u32::MAX);
        best_run(&among, count).map(|first| first.0)
    }

    fn sell(states: &mut SeatStates, seats: Range<u32>) {
        seats.for_each(|seat| states.set(seat, SeatState::Sold));
    }

    /// Sells groups of one size until no more fit, and returns where they sit.
    fn sell_out(layout: &Layout, states: &mut SeatStates, count: u32) -> Vec<u32> {
        let next = || {
            let first = best(layout, states, count)?;
            sell(states, first..first + count);
            Some(first)
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn the_middle_of_the_best_row_comes_first() {
        let layout = layout(&[9, 9]);
        let mut states = SeatStates::available(18);
        assert_eq!(best(&layout, &states, 3), Some(3));
        sell(&mut states, 0..9);
        assert_eq!(best(&layout, &states, 3), Some(12));
        assert_eq!(best(&layout, &states, 10), None);
        assert_eq!(best(&layout, &states, 0), None);
    }

    #[test]
    fn no_seat_is_left_alone_where_that_can_be_helped() {
        let layout = layout(&[5]);
        let mut states = SeatStates::available(5);
        assert_eq!(best(&layout, &states, 3), Some(0));
        sell(&mut states, 2..3);
        assert_eq!(best(&layout, &states, 1), Some(1), "there is no other way");
        sell(&mut states, 1..2);
        assert_eq!(best(&layout, &states, 1), Some(0), "it was alone already");
    }

    #[test]
    fn groups_of_one_size_leave_room_for_each_other() {
        let mut states = SeatStates::available(8);
        assert_eq!(sell_out(&layout(&[8]), &mut states, 2), [2, 4, 0, 6], "3 is the middle, and strands two");
    }

    #[test]
    fn a_row_soon_after_is_better_than_a_seat_left_alone() {
        let on = LOOK_ON_ROWS as usize;
        let (near, far) =
            ([&[3][..], &vec![3; on - 1], &[2]].concat(), [&[3][..], &vec![3; on], &[2]].concat());
        let (near, far) = (layout(&near), layout(&far));
        let all_free = |layout: &Layout| SeatStates::available(layout.seat_count());
        assert_eq!(best(&near, &all_free(&near), 2), Some(LOOK_ON_ROWS * 3));
        assert_eq!(best(&far, &all_free(&far), 2), Some(0), "that row is too far back");
    }

    #[test]
    fn runs_never_cross_a_row_a_taken_seat_or_one_that_the_house_keeps() {
        let layout = layout(&[3, 4]);
        let mut states = SeatStates::available(7);
        states.set(1, SeatState::Held);
        states.set(5, SeatState::NotForSale);
        let among = stretches(&layout, &states, wanted("R", 2), u32::MAX);
        assert_eq!(among, [Stretch { first: SeatIndex(3), twice_middle: 10, free: vec![true, true] }]);
        assert_eq!(best(&layout, &states, 2), Some(3));
        assert!(stretches(&layout, &states, wanted("S", 1), u32::MAX).is_empty());
    }

    #[test]
    fn the_search_is_bounded_but_always_looks_at_one_stretch() {
        let layout = layout(&[9, 3, 9, 9, 9]);
        let states = SeatStates::available(39);
        let firsts = |seats_max| {
            let among = stretches(&layout, &states, wanted("R", 4), seats_max);
            among.iter().map(|stretch| stretch.first.0).collect::<Vec<_>>()
        };
        assert_eq!(firsts(27), [0, 12, 21], "the row of three has no room for four");
        assert_eq!(firsts(1), [0]);
    }

    fn house() -> impl Strategy<Value = (Layout, SeatStates)> {
        let row = prop::collection::vec(prop_oneof![3 => Just(0), 1 => 1..4usize], 1..9);
        prop::collection::vec(row, 1..14).prop_map(|rows| {
            let sizes: Vec<_> = rows.iter().map(|row| u32::try_from(row.len()).expect("short")).collect();
            let layout = layout(&sizes);
            let mut states = SeatStates::available(layout.seat_count());
            let kinds = [SeatState::Available, SeatState::Held, SeatState::Sold, SeatState::NotForSale];
            (0..).zip(rows.concat()).for_each(|(seat, kind)| states.set(seat, kinds[kind]));
            (layout, states)
        })
    }

    /// How many groups fit, row by row.
    fn room(layout: &Layout, states: &SeatStates, count: u32) -> u32 {
        let of_row = |row: &Row| {
            let mut together = 0;
            let mut groups = 0;
            for seat in row.first_index..row.first_index + row.seats {
                together = if states.get(seat) == SeatState::Available { together + 1 } else { 0 };
                if together == count {
                    (together, groups) = (0, groups + 1);
                }
            }
            groups
        };
        layout.rows().iter().map(of_row).sum()
    }

    /// Counts the free seats whose neighbours are not free.
    fn alone(layout: &Layout, states: &SeatStates) -> u32 {
        let free = |row: &Row, seat: u32| {
            layout.row_of(SeatIndex(seat)) == Some(row) && states.get(seat) == SeatState::Available
        };
        let is_alone = |seat: &u32| {
            let row = layout.row_of(SeatIndex(*seat)).expect("inside");
            free(row, *seat)
                && !free(row, seat + 1)
                && !seat.checked_sub(1).is_some_and(|before| free(row, before))
        };
        u32::try_from((0..layout.seat_count()).filter(is_alone).count()).expect("small")
    }

    proptest! {
        /// Tries every way of sitting together in the whole house, and compares what each leaves behind.
        #[test]
        fn no_way_of_sitting_together_is_better((layout, states) in house(), count in 1..5u32) {
            let group = count.max(2);
            let (alone_before, room_before) = (alone(&layout, &states), room(&layout, &states, group));
            let mut ways = Vec::new();
            for (number, row) in (0u32..).zip(layout.rows()) {
                let end = row.first_index + row.seats;
                for first in row.first_index..end {
                    let seats = first..first + count;
                    if seats.end > end || !seats.clone().all(|seat| states.get(seat) == SeatState::Available) {
                        continue;
                    }
                    let mut after = states.clone();
                    sell(&mut after, seats);
                    let own = u32::from(count == 1 && alone(&layout, &after) < alone_before);
                    let left_alone = alone(&layout, &after) + own - alone_before;
                    let lost = room_before - room(&layout, &after, group);
                    let off_middle = (2 * first + count).abs_diff(row.first_index + end);
                    ways.push((number, left_alone, lost, off_middle, first));
                }
            }
            // The map offers no row without room, so such rows are not counted here either.
            let mut rows: Vec<_> = ways.iter().map(|way| way.0).collect();
            rows.dedup();
            let reach = rows.get(LOOK_ON_ROWS as usize).copied().unwrap_or(u32::MAX);
            let gentle = ways.iter().filter(|way| way.1 == 0 && way.0 <= reach).map(|way| way.0).min();
            let wanted = gentle.or(rows.first().copied());
            let least = ways.iter().filter(|way| Some(way.0) == wanted).min_by_key(|way| (way.1, way.2, way.3, way.4));
            prop_assert_eq!(best(&layout, &states, count), least.map(|way| way.4));
        }

        #[test]
        fn groups_of_one_size_fill_every_gap((layout, mut states) in house(), count in 1..5u32) {
            let room = room(&layout, &states, count);
            let sold = sell_out(&layout, &mut states, count);
            prop_assert_eq!(u32::try_from(sold.len()).expect("small"), room);
        }
    }
}
