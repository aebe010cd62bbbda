//! Standing places: which entry numbers a buyer gets. The lowest that follow each other, or else the lowest there are; so
//! numbers that came back are sold before new ones.
//!
//! It takes two steps, as with [seats together](crate::best). [`FreeEntries::of`] reads a map and says where to look.
//! [`FreeEntries::lowest`] says which places to take; the lock applies the same rule to what is free at the moment of locking.

use crate::{layout::SeatIndex, seat::SeatStates};
use std::ops::Range;

/// How many of the lowest runs of free places are looked at, and how many of the lowest that have room for all: as many as
/// other buyers can take between the map and the lock.
const RUNS_MAX: usize = 100;
/// The most standing places of one hold. The lowest runs have at least as many.
pub const ENTRIES_MAX: u32 = 100;

const _: () = assert!(ENTRIES_MAX as usize <= RUNS_MAX);

/// Free places of a standing area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeEntries {
    /// Runs of free places, as long as possible, lowest first.
    pub runs: Vec<Range<u32>>,
    /// Whether these are all that have room for the whole group. If none has it any more, its members may be parted.
    pub is_whole: bool,
}

impl FreeEntries {
    /// What a map says of an area, as far as it matters to a group of `count`.
    #[must_use]
    pub fn of(states: &SeatStates, area: Range<u32>, count: u32) -> Self {
        let (mut runs, mut with_room, mut is_whole) = (Vec::new(), 0, true);
        for run in states.free_runs(area) {
            let has_room = run.end - run.start >= count;
            if has_room && with_room == RUNS_MAX {
                is_whole = false;
                break;
            }
            with_room += usize::from(has_room);
            if has_room || runs.len() < RUNS_MAX {
                runs.push(run);
            }
        }
        Self { runs, is_whole }
    }

    /// How many places these are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.runs.iter().map(|run| run.end - run.start).sum()
    }

    /// The places of a group: the lowest that follow each other, or else the lowest.
    #[must_use]
    pub fn lowest(&self, count: u32) -> Option<Vec<SeatIndex>> {
        let together = self.runs.iter().find(|run| run.end - run.start >= count);
        let together = together.map(|run| (run.start..run.start + count).map(SeatIndex).collect());
        let apart = || self.runs.iter().cloned().flatten().map(SeatIndex).take(count as usize).collect();
        together.or_else(|| (self.is_whole && self.count() >= count).then(apart))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seat::SeatState;
    use proptest::prelude::*;

    fn area(taken: &[bool]) -> SeatStates {
        let mut states = SeatStates::available(u32::try_from(taken.len()).expect("small"));
        let taken = (0..).zip(taken).filter(|(_, is_taken)| **is_taken);
        taken.for_each(|(place, _)| states.set(place, SeatState::Held));
        states
    }

    fn lowest(states: &SeatStates, area: Range<u32>, count: u32) -> Option<Vec<u32>> {
        let places = FreeEntries::of(states, area, count).lowest(count)?;
        Some(places.into_iter().map(|place| place.0).collect())
    }

    #[test]
    fn together_comes_first_and_then_the_lowest() {
        let states = area(&[true, false, true, false, false, true, false]);
        assert_eq!(lowest(&states, 0..7, 1), Some(vec![1]));
        assert_eq!(lowest(&states, 0..7, 2), Some(vec![3, 4]));
        assert_eq!(lowest(&states, 0..7, 3), Some(vec![1, 3, 4]));
        assert_eq!(lowest(&states, 2..6, 3), None, "the area has no more");
    }

    #[test]
    fn what_is_looked_at_is_bounded_and_says_so() {
        let every_other: Vec<_> = (0..1_000).map(|place| place % 2 == 0).collect();
        let free = FreeEntries::of(&area(&every_other), 0..1_000, 2);
        assert_eq!((free.runs.len(), free.is_whole), (RUNS_MAX, true));
        assert_eq!(free.lowest(2), Some(vec![SeatIndex(1), SeatIndex(3)]));
        let many = FreeEntries::of(&area(&every_other), 0..1_000, 1);
        assert_eq!((many.runs.len(), many.is_whole), (RUNS_MAX, false));
        let last_pair = [&every_other[..], &[false, false]].concat();
        let free = FreeEntries::of(&area(&last_pair), 0..1_002, 2);
        assert_eq!(free.lowest(2), Some(vec![SeatIndex(999), SeatIndex(1_000)]), "far behind the lowest");
    }

    proptest! {
        #[test]
        fn no_other_choice_is_lower(taken in prop::collection::vec(any::<bool>(), 1..150), count in 1..5u32) {
            let states = area(&taken);
            let (all, size) = (0..states.seat_count(), count as usize);
            let free: Vec<_> = all.clone().filter(|place| !taken[*place as usize]).collect();
            let together = free.windows(size).find(|run| run[size - 1] - run[0] == count - 1);
            let apart = free.get(..size);
            prop_assert_eq!(lowest(&states, all, count), together.or(apart).map(<[u32]>::to_vec));
        }
    }
}
