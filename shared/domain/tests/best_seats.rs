//! The best places of small houses, compared with every other way of taking places in them.
#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the way to fail")]

use domain::{
    best::{LOOK_ON_ROWS, Wanted, alternatives, choose, outlook},
    layout::{Layout, LayoutPlan, Metres, PlaceKind, PlacePlan, Point, Row, RowPlan, SeatIndex, SectionPlan},
    seat::{SeatState, SeatStates},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};

const GROUP_NEAR_M: f64 = 5.0;
const BEHIND_MAX_M: f64 = 1.8;

/// A house at one moment.
#[derive(Debug)]
struct House {
    layout: Layout,
    states: SeatStates,
}

/// A seat of a random house: whether it is free, of which grade, and what it is.
type Seat = (bool, bool, u8);

fn seat() -> impl Strategy<Value = Seat> {
    (
        prop::bool::weighted(0.6),
        prop::bool::weighted(0.85),
        prop_oneof![6 => Just(0), 2 => Just(1), 2 => Just(2), 1 => Just(3)],
    )
}

fn house() -> impl Strategy<Value = House> {
    let aisles = prop::collection::btree_set(1..7u32, 0..2);
    let depth = prop_oneof![3 => Just(90), 1 => Just(150), 1 => Just(250)];
    let row = (prop::collection::vec(seat(), 1..8), aisles, -2..=2, depth);
    let section = prop::collection::vec(row, 1..4);
    prop::collection::vec(section, 1..3).prop_map(|sections| {
        let mut plan = LayoutPlan::default();
        let mut free = Vec::new();
        for (number, rows) in (0..).zip(&sections) {
            let name = ["A", "B"][usize::try_from(number).unwrap()];
            let mut section = SectionPlan {
                section: name.into(),
                grade: "R".into(),
                at: Some(Point { x: Metres::of_centimetres(3_000 * number), y: Metres::of_centimetres(-70) }),
                ..SectionPlan::default()
            };
            for (row, (seats, aisles, offset, depth)) in (1..).zip(rows) {
                free.extend(seats.iter().map(|seat| seat.0));
                let count = u32::try_from(seats.len()).unwrap();
                plan.places.extend(special(&format!("{name}-{row}"), seats));
                section.rows.push(RowPlan {
                    row: format!("{row}"),
                    seats: count,
                    aisles: aisles.iter().copied().filter(|after| *after < count).collect(),
                    offset_m: Some(Metres::of_centimetres(55 * offset)),
                    depth_m: Some(Metres::of_centimetres(*depth)),
                    ..RowPlan::default()
                });
            }
            plan.sections.push(section);
        }
        let layout = Layout::parse(plan).unwrap();
        let mut states = SeatStates::available(layout.seat_count());
        (0..).zip(free).filter(|(_, free)| !free).for_each(|(seat, _)| states.set(seat, SeatState::Sold));
        House { layout, states }
    })
}

/// Seats of kind 1 are for wheelchairs, those of kind 2 are companions of the last of these in the row.
fn special(row: &str, seats: &[Seat]) -> BTreeMap<String, PlacePlan> {
    let mut wheelchair = None;
    let mut places = BTreeMap::new();
    for (number, (_, is_r, kind)) in (1..).zip(seats) {
        let name = format!("{row}-{number}");
        let grade = (!is_r).then(|| "S".to_owned());
        let (kind, companion_of) = match kind {
            1 => (Some(PlaceKind::Wheelchair), None),
            2 if wheelchair.is_some() => (Some(PlaceKind::Companion), wheelchair.clone()),
            3 => (Some(PlaceKind::RestrictedView), None),
            _ => (None, None),
        };
        if kind == Some(PlaceKind::Wheelchair) {
            wheelchair = Some(name.clone());
        }
        places.insert(name, PlacePlan { grade, kind, companion_of, note: None });
    }
    places
}

impl House {
    fn row(&self, seat: u32) -> &Row {
        self.layout.row_of(SeatIndex(seat)).unwrap()
    }

    fn kind(&self, seat: u32) -> Option<PlaceKind> {
        self.layout.kind_of(SeatIndex(seat))
    }

    fn at(&self, seat: u32) -> (f64, f64) {
        let at = self.row(seat).position(SeatIndex(seat)).unwrap();
        (at.x, at.y)
    }

    fn rank(&self, row: &Row) -> usize {
        self.layout.ranked().position(|known| known == row).unwrap()
    }

    fn is_free(&self, seat: u32, wanted: Wanted<'_>) -> bool {
        self.states.get(seat) == SeatState::Available
            && self.layout.grade_of(SeatIndex(seat)) == Some(wanted.grade)
    }

    /// Whether a seat of a row is free for everybody who wants this.
    fn is_open(&self, row: &Row, seat: u32, wanted: Wanted<'_>) -> bool {
        let is_kept = matches!(self.kind(seat), Some(PlaceKind::Wheelchair | PlaceKind::Companion));
        row.indexes().contains(&seat) && self.is_free(seat, wanted) && (wanted.with_accessible || !is_kept)
    }

    /// Whether both seats are free in one row, with no aisle between.
    fn joins(&self, row: &Row, left: u32, wanted: Wanted<'_>) -> bool {
        self.is_open(row, left, wanted)
            && self.is_open(row, left + 1, wanted)
            && !row.aisles.contains(&(left + 1 - row.first_index))
    }

    /// The first seats of all ways of sitting together in a row.
    fn together(&self, row: &Row, count: u32, wanted: Wanted<'_>) -> Vec<u32> {
        let is_way = |first: &u32| {
            self.is_open(row, *first, wanted)
                && (*first..first + count - 1).all(|seat| self.joins(row, seat, wanted))
        };
        row.indexes().filter(is_way).collect()
    }

    /// Single free seats beside those from `first` on.
    fn left_alone(&self, row: &Row, first: u32, count: u32, wanted: Wanted<'_>) -> u32 {
        let joins = |left: Option<u32>| left.is_some_and(|left| self.joins(row, left, wanted));
        let before = joins(first.checked_sub(1)) && !joins(first.checked_sub(2));
        let after = first + count - 1;
        u32::from(before) + u32::from(joins(Some(after)) && !joins(Some(after + 1)))
    }

    /// Every way in two rows, the best first.
    fn best_split(&self, wanted: Wanted<'_>) -> Option<Vec<SeatIndex>> {
        let mut ways = Vec::new();
        for better in self.layout.rows() {
            for other in self.layout.rows() {
                let depth = (self.at(better.first_index).1 - self.at(other.first_index).1).abs();
                let numbers =
                    [better, other].map(|row| self.layout.rows().iter().position(|r| r == row).unwrap());
                let is_behind = better.section == other.section && numbers[0].abs_diff(numbers[1]) == 1;
                if !is_behind || depth > BEHIND_MAX_M + 1e-9 || self.rank(better) > self.rank(other) {
                    continue;
                }
                for part in 1..wanted.count {
                    for first in self.together(better, part, wanted) {
                        for behind in self.together(other, wanted.count - part, wanted) {
                            ways.extend(self.way(
                                (better, first, part),
                                (other, behind, wanted.count - part),
                                wanted,
                            ));
                        }
                    }
                }
            }
        }
        let (_, _, _, _, _, _, (first, behind), part) = ways.into_iter().min()?;
        let seats = (first..first + part).chain(behind..behind + wanted.count - part);
        Some(seats.collect::<BTreeSet<_>>().into_iter().map(SeatIndex).collect())
    }

    #[allow(clippy::type_complexity, clippy::cast_possible_truncation)]
    fn way(
        &self,
        (better, first, part): (&Row, u32, u32),
        (other, behind, rest): (&Row, u32, u32),
        wanted: Wanted<'_>,
    ) -> Option<(usize, usize, u32, u32, i64, u32, (u32, u32), u32)> {
        let middle = |first: u32, count: u32| f64::midpoint(self.at(first).0, self.at(first + count - 1).0);
        let off = (middle(first, part) - middle(behind, rest)).abs();
        let off_best = |row: &Row, first: u32, count: u32| (2 * first + count).abs_diff(row.twice_best());
        (off < 0.55 * f64::from(wanted.count) / 2.0 - 1e-9).then(|| {
            (
                self.rank(better),
                self.rank(other),
                u32::from(part == 1) + u32::from(rest == 1),
                self.left_alone(better, first, part, wanted) + self.left_alone(other, behind, rest, wanted),
                (off * 1000.0).round() as i64,
                off_best(better, first, part) + off_best(other, behind, rest),
                (first, behind),
                part,
            )
        })
    }

    /// What is near a place, nearest first.
    #[allow(clippy::cast_possible_truncation)]
    fn near(&self, place: u32) -> Vec<u32> {
        let (row, at) = (self.row(place), self.at(place));
        let number = |row: &Row| self.layout.rows().iter().position(|known| known == row).unwrap();
        let is_near = |seat: &u32| {
            let (other, to) = (self.row(*seat), self.at(*seat));
            other.section == row.section
                && number(other).abs_diff(number(row)) <= 1
                && (to.1 - at.1).abs() <= BEHIND_MAX_M + 1e-9
                && (to.0 - at.0).abs() <= GROUP_NEAR_M + 1e-9
        };
        let mut near: Vec<_> = (0..self.layout.seat_count()).filter(is_near).collect();
        let millimetres = |seat: u32| {
            let to = self.at(seat);
            ((to.0 - at.0).hypot(to.1 - at.1) * 1000.0).round() as i64
        };
        near.sort_by_key(|seat| (millimetres(*seat), *seat));
        near
    }

    /// The best wheelchair places and those of who comes with them, by trying each.
    fn best_with_wheelchairs(&self, wanted: Wanted<'_>) -> Option<Vec<SeatIndex>> {
        let wheelchairs = wanted.wheelchair as usize;
        let is_free_wheelchair =
            |seat: &u32| self.is_free(*seat, wanted) && self.kind(*seat) == Some(PlaceKind::Wheelchair);
        let mut ways = Vec::new();
        for anchor in (0..self.layout.seat_count()).filter(is_free_wheelchair) {
            let near = self.near(anchor);
            let mut group: Vec<_> =
                near.iter().copied().filter(is_free_wheelchair).take(wheelchairs).collect();
            if group.len() < wheelchairs {
                continue;
            }
            let of = |place: u32| {
                (0..self.layout.seat_count())
                    .filter(move |seat| self.layout.companion_of(SeatIndex(*seat)) == Some(SeatIndex(place)))
            };
            let mut companions: Vec<_> = group.iter().flat_map(|place| of(*place).enumerate()).collect();
            companions.sort_by_key(|(turn, _)| *turn);
            let meant = companions.len().min(wanted.count as usize - wheelchairs);
            let free =
                companions.into_iter().map(|(_, seat)| seat).filter(|seat| self.is_free(*seat, wanted));
            group.extend(free.take(meant));
            let lacking = wheelchairs + meant - group.len();
            let open = near.iter().copied().filter(|seat| self.is_open(self.row(*seat), *seat, wanted));
            let rest: Vec<_> =
                open.filter(|seat| !group.contains(seat)).take(wanted.count as usize - group.len()).collect();
            group.extend(rest);
            if group.len() == wanted.count as usize {
                let row = self.row(anchor);
                ways.push((
                    lacking,
                    self.rank(row),
                    (2 * anchor + 1).abs_diff(row.twice_best()),
                    anchor,
                    group,
                ));
            }
        }
        let (_, _, _, _, group) = ways.into_iter().min()?;
        Some(group.into_iter().collect::<BTreeSet<_>>().into_iter().map(SeatIndex).collect())
    }
}

fn wanted() -> impl Strategy<Value = Wanted<'static>> {
    (prop_oneof![4 => Just("R"), 1 => Just("S")], 1..6u32, any::<bool>(), any::<bool>()).prop_map(
        |(grade, count, split, with_accessible)| Wanted {
            grade,
            count,
            wheelchair: 0,
            split,
            with_accessible,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_group_sits_together_or_in_the_best_two_rows(house in house(), wanted in wanted()) {
        let chosen = choose(&house.layout, &house.states, wanted);
        let rows: Vec<_> = house.layout.ranked().filter(|row| !house.together(row, wanted.count, wanted).is_empty()).collect();
        let Some(best) = rows.first() else {
            let split = if wanted.split { house.best_split(wanted) } else { None };
            prop_assert_eq!(chosen, split);
            return Ok(());
        };
        let seats = chosen.unwrap();
        let row = house.row(seats[0].0);
        prop_assert!(house.together(row, wanted.count, wanted).contains(&seats[0].0));
        prop_assert_eq!(&seats, &(seats[0].0..).take(wanted.count as usize).map(SeatIndex).collect::<Vec<_>>());
        // Only for the sake of a seat that would be left alone is it not in the best row, but soon behind.
        let on = rows.iter().position(|known| *known == row).unwrap();
        prop_assert!(on <= LOOK_ON_ROWS as usize);
        let gentle = |row: &Row| house.together(row, wanted.count, wanted).iter().any(|first| house.left_alone(row, *first, wanted.count, wanted) == 0);
        prop_assert!(row == *best || (gentle(row) && !rows[..on].iter().any(|row| gentle(row))));
    }

    #[test]
    fn wheelchairs_and_who_comes_with_them_sit_near_each_other(house in house(), wheelchair in 1..3u32, wanted in wanted()) {
        let wanted = Wanted { wheelchair, ..wanted };
        let chosen = choose(&house.layout, &house.states, wanted);
        let best = if wheelchair <= wanted.count { house.best_with_wheelchairs(wanted) } else { None };
        prop_assert_eq!(chosen, best);
    }

    #[test]
    fn alternatives_share_no_place(house in house(), wheelchair in 0..2u32, wanted in wanted()) {
        let wanted = Wanted { wheelchair, ..wanted };
        let all = alternatives(&house.layout, &house.states, wanted, 3);
        prop_assert!(all.len() <= 3);
        prop_assert_eq!(all.first().cloned(), choose(&house.layout, &house.states, wanted));
        let seats: Vec<_> = all.iter().flatten().collect();
        prop_assert_eq!(seats.iter().collect::<HashSet<_>>().len(), seats.len());
        for choice in &all {
            prop_assert_eq!(choice.len(), wanted.count as usize);
            prop_assert!(choice.iter().all(|seat| house.is_free(seat.0, wanted)));
            let told = outlook(&house.layout, choice).unwrap();
            let rows: HashSet<_> = choice.iter().map(|seat| house.row(seat.0).first_index).collect();
            prop_assert_eq!(told.is_split, rows.len() > 1);
        }
    }
}
