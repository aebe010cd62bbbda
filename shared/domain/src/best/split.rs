//! A group in two rows, some just behind the others.

use super::{Sought, left_alone, millimetres};
use crate::layout::{Row, SeatIndex};
use std::ops::Range;

/// The most pairs of rows that are looked at, and the most ways of sitting in one: any client may ask, and a house may be drawn
/// so that it has very many.
const PAIRS_MAX: usize = 32;
const WAYS_MAX: usize = 30_000;

/// The best seats for a group that no row has room for: in the best two rows behind each other that have room, in each of
/// which they sit together, some of them behind others. They are taken where
/// 1. no one of the group sits alone in a row,
/// 2. no single free seat is left beside them,
/// 3. those behind sit nearest to being right behind those in front,
/// 4. the best place of the rows is nearest,
///
/// in this order.
pub(super) fn choose(sought: Sought<'_>, count: u32) -> Option<Vec<SeatIndex>> {
    let longest = |row: &Row| sought.gaps_in(row).map(|gap| gap.end - gap.start).max().unwrap_or(0);
    let longest: Vec<u32> = sought.layout.rows().iter().map(longest).collect();
    let longest = |row: &Row| longest.get(row.number).copied().unwrap_or(0);
    let pairs = sought.layout.ranked().filter(|row| longest(row) > 0).flat_map(|row| {
        let others = sought.layout.rows_around(row).filter(|other| other.rank() > row.rank());
        let mut others: Vec<_> =
            others.filter(|other| longest(other) > 0 && longest(row) + longest(other) >= count).collect();
        others.sort_by_key(|other| other.rank());
        others.into_iter().map(move |other| (row, other))
    });
    pairs.take(PAIRS_MAX).find_map(|(row, other)| best_of_pair(sought, row, other, count))
}

/// One way of sitting; the smallest is the best.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    single: u32,
    left_alone: u32,
    /// Between the middles of both parts, in millimetres.
    off_mm: u32,
    off_best: u32,
    /// The first seat in both rows, and how many sit in the better row.
    first: (SeatIndex, SeatIndex),
    in_better: u32,
}

fn best_of_pair(sought: Sought<'_>, better: &Row, other: &Row, count: u32) -> Option<Vec<SeatIndex>> {
    let of_other: Vec<_> = sought.gaps_in(other).collect();
    let gaps =
        sought.gaps_in(better).flat_map(|gap| of_other.iter().map(move |behind| (gap.clone(), behind)));
    let whole = |gap: &Range<u32>| GroupPart::new(gap, gap.start, len(gap));
    let fitting = gaps.filter(|(gap, behind)| len(gap) + len(behind) >= count);
    let fitting = fitting.filter(|(gap, behind)| way((better, whole(gap)), (other, whole(behind))).is_some());
    let ways = fitting.flat_map(|(gap, behind)| {
        let most = len(&gap).min(count - 1);
        let least = count.saturating_sub(len(behind)).max(1);
        (least..=most).flat_map(move |in_better| {
            let parts = move |gap: Range<u32>, count: u32| {
                (gap.start..=gap.end - count).map(move |start| GroupPart::new(&gap, start, count))
            };
            let others = parts(behind.clone(), count - in_better);
            parts(gap.clone(), in_better).flat_map(move |part| others.clone().map(move |other| (part, other)))
        })
    });
    let ways = ways.take(WAYS_MAX).filter_map(|(part, behind)| way((better, part), (other, behind)));
    let way = ways.min()?;
    let seats = |first: SeatIndex, count: u32| (first.0..first.0 + count).map(SeatIndex);
    let mut seats: Vec<_> =
        seats(way.first.0, way.in_better).chain(seats(way.first.1, count - way.in_better)).collect();
    seats.sort_unstable();
    Some(seats)
}

fn len(range: &Range<u32>) -> u32 {
    range.end - range.start
}

/// Those of a group who sit in one row.
#[derive(Clone, Copy)]
struct GroupPart {
    start: u32,
    count: u32,
    left_alone: u32,
}

impl GroupPart {
    fn new(gap: &Range<u32>, start: u32, count: u32) -> Self {
        Self { start, count, left_alone: left_alone(start - gap.start, gap.end - start - count) }
    }

    /// The middle and half the width, in metres along the row.
    fn extent(self, row: &Row) -> (f64, f64) {
        let first = row.sideways_m(SeatIndex(self.start));
        let half = f64::from(self.count) * row.pitch_m() / 2.0;
        (first - row.pitch_m() / 2.0 + half, half)
    }

    fn off_best(self, row: &Row) -> u32 {
        (2 * self.start + self.count).abs_diff(row.twice_best())
    }
}

/// Nothing if those of one row do not sit behind those of the other.
fn way((better, part): (&Row, GroupPart), (other, behind): (&Row, GroupPart)) -> Option<Way> {
    let scale = other.scale_to(better);
    let ((middle, half), (other_middle, other_half)) = (part.extent(better), behind.extent(other));
    let off_mm = millimetres((middle - other_middle * scale).abs());
    (off_mm < millimetres(half + other_half * scale)).then(|| Way {
        single: u32::from(part.count == 1) + u32::from(behind.count == 1),
        left_alone: part.left_alone + behind.left_alone,
        off_mm,
        off_best: part.off_best(better) + behind.off_best(other),
        first: (SeatIndex(part.start), SeatIndex(behind.start)),
        in_better: part.count,
    })
}
