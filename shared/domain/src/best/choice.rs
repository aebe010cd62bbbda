//! Choices from a map as it was seen: by name, so that they are held if they are still free.

use super::{Sought, Wanted, best_run, split, stretches, wheelchair};
use crate::{
    layout::{Layout, ROW_SEATS_MAX, Row, SeatIndex},
    seat::{SeatState, SeatStates},
};

/// Enough for every row that [`best_run`] looks at.
const SEATS_MAX: u32 = (super::LOOK_ON_ROWS + 1) * ROW_SEATS_MAX;

/// The best places that are free, in layout order:
/// 1. with wheelchairs, wheelchair places, the places of their companions, and seats near them for the rest of the group,
/// 2. else seats together in one row,
/// 3. or, where no row has room and the group may be split, in two rows behind each other.
#[must_use]
pub fn choose(layout: &Layout, states: &SeatStates, wanted: Wanted<'_>) -> Option<Vec<SeatIndex>> {
    let sought = Sought::new(layout, states, wanted)?;
    if wanted.wheelchair > 0 {
        return wheelchair::choose(sought, wanted.wheelchair, wanted.count);
    }
    let among = stretches(layout, states, wanted, SEATS_MAX);
    let together = best_run(&among, wanted.count);
    let together = together.map(|first| (first.0..first.0 + wanted.count).map(SeatIndex).collect());
    if together.is_some() || !wanted.split { together } else { split::choose(sought, wanted.count) }
}

/// Some choices that have no seat in common, best first: the best, and then the best in other rows, while there are any.
#[must_use]
pub fn alternatives(
    layout: &Layout,
    states: &SeatStates,
    wanted: Wanted<'_>,
    max: usize,
) -> Vec<Vec<SeatIndex>> {
    let (mut without_rows, mut without_seats) = (states.clone(), states.clone());
    let mut found: Vec<Vec<SeatIndex>> = Vec::new();
    while found.len() < max {
        let elsewhere = choose(layout, &without_rows, wanted);
        let Some(seats) = elsewhere.or_else(|| choose(layout, &without_seats, wanted)) else { break };
        for row in rows_of(layout, &seats) {
            row.indexes().for_each(|seat| without_rows.set(seat, SeatState::Held));
        }
        for seat in &seats {
            without_seats.set(seat.0, SeatState::Held);
        }
        found.push(seats);
    }
    found
}

/// What a buyer is told about seats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// From the best of their rows to what everybody looks at, in metres, to the centimetre.
    pub row_distance_m: f64,
    /// Whether they lie in more than one row.
    pub is_split: bool,
}

/// What a buyer is told about seats. Standing places have no outlook.
#[must_use]
pub fn outlook(layout: &Layout, seats: &[SeatIndex]) -> Option<Outlook> {
    let rows = rows_of(layout, seats);
    let distance = rows.iter().filter_map(|row| row.distance_m()).min_by(f64::total_cmp)?;
    Some(Outlook { row_distance_m: (distance * 100.0).round() / 100.0, is_split: rows.len() > 1 })
}

fn rows_of<'a>(layout: &'a Layout, seats: &[SeatIndex]) -> Vec<&'a Row> {
    let mut rows: Vec<_> = seats.iter().filter_map(|seat| layout.row_of(*seat)).collect();
    rows.sort_by_key(|row| row.first_index);
    rows.dedup_by_key(|row| row.first_index);
    rows
}
