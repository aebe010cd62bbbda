//! Places for people in wheelchairs and those who come with them.

use super::Sought;
use crate::layout::{Layout, PlaceKind, Row, SeatIndex};

/// How far to the side of the best wheelchair place a group may sit, in metres along the row.
const NEAR_M: f64 = 5.0;

/// The best wheelchair places with the rest of a group of `count`. All of them are near one wheelchair place: in its row or the
/// rows around. The rest sit on the places of these wheelchairs' companions, then on the nearest seats. The best is the one
/// 1. of which the fewest companions' places are taken by others,
/// 2. which is in the best row,
/// 3. which is nearest to the best place of the row,
///
/// in this order.
pub(super) fn choose(sought: Sought<'_>, wheelchairs: u32, count: u32) -> Option<Vec<SeatIndex>> {
    let (wheelchairs, count) = (wheelchairs as usize, count as usize);
    if wheelchairs == 0 || wheelchairs > count {
        return None;
    }
    let mut best: Option<Group> = None;
    for first in sought.layout.wheelchair_places() {
        let Some(group) = group_around(sought, *first, wheelchairs, count) else { continue };
        if group.lacking == 0 {
            return Some(group.places);
        }
        if best.as_ref().is_none_or(|best| group.lacking < best.lacking) {
            best = Some(group);
        }
    }
    best.map(|group| group.places)
}

struct Group {
    places: Vec<SeatIndex>,
    /// How many of the group would sit on companions' places that are taken.
    lacking: usize,
}

fn group_around(sought: Sought<'_>, first: SeatIndex, wheelchairs: usize, count: usize) -> Option<Group> {
    let row = sought.layout.row_of(first)?;
    sought.free_of_grade(row, first)?;
    let near = Near { first, row, rows: rows_near(sought.layout, row) };
    let mut places = near.nearest(sought, wheelchairs, |kind, _| kind == Some(PlaceKind::Wheelchair));
    if places.len() < wheelchairs {
        return None;
    }
    let companions = companions_of(sought.layout, &places);
    let wanted = companions.len().min(count - wheelchairs);
    let free = companions.into_iter().filter(|place| sought.is_free_of_grade(*place));
    places.extend(free.take(wanted));
    let lacking = wheelchairs + wanted - places.len();
    let rest = near.nearest(sought, count - places.len(), |kind, place| {
        let is_kept = matches!(kind, Some(PlaceKind::Wheelchair | PlaceKind::Companion));
        (sought.with_accessible || !is_kept) && !places.contains(&place)
    });
    places.extend(rest);
    places.sort_unstable();
    (places.len() == count).then_some(Group { places, lacking })
}

/// One companion of each, then a second of each, and so on.
fn companions_of(layout: &Layout, wheelchairs: &[SeatIndex]) -> Vec<SeatIndex> {
    let of_each = wheelchairs.iter().map(|place| layout.companions_of(*place).iter().copied().enumerate());
    let mut all: Vec<_> = of_each.flatten().collect();
    all.sort_by_key(|(turn, _)| *turn);
    all.into_iter().map(|(_, place)| place).collect()
}

fn rows_near<'a>(layout: &'a Layout, row: &'a Row) -> Vec<&'a Row> {
    std::iter::once(row).chain(layout.rows_around(row)).collect()
}

/// What is near a place.
struct Near<'a> {
    first: SeatIndex,
    row: &'a Row,
    rows: Vec<&'a Row>,
}

impl Near<'_> {
    /// The nearest free places of the grade of which something is true, nearest first.
    fn nearest(
        &self,
        sought: Sought<'_>,
        count: usize,
        is_meant: impl Fn(Option<PlaceKind>, SeatIndex) -> bool,
    ) -> Vec<SeatIndex> {
        if count == 0 {
            return Vec::new();
        }
        let to = self.row.sideways_m(self.first);
        let mut found = Vec::new();
        for row in &self.rows {
            let (scale, behind) = (row.scale_to(self.row), row.behind_m(self.row).unwrap_or(0.0));
            for seat in row.between((to - NEAR_M) / scale, (to + NEAR_M) / scale).map(SeatIndex) {
                let kind = sought.free_of_grade(row, seat);
                if kind.is_some_and(|kind| is_meant(kind, seat)) {
                    found.push(((row.sideways_m(seat) * scale - to).hypot(behind), seat));
                }
            }
        }
        found.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        found.truncate(count);
        found.into_iter().map(|(_, seat)| seat).collect()
    }
}

impl Sought<'_> {
    /// What kind of place it is, if it is free and of the grade.
    fn free_of_grade(self, row: &Row, place: SeatIndex) -> Option<Option<PlaceKind>> {
        let alike = row.alike(place).filter(|places| places.grade == self.grade && self.is_free(place.0));
        Some(alike?.kind)
    }

    fn is_free_of_grade(self, place: SeatIndex) -> bool {
        self.is_free(place.0)
            && self.layout.row_of(place).is_some_and(|row| self.free_of_grade(row, place).is_some())
    }
}
