//! Which rows are better: those whose nearest seat is nearer to what everybody looks at.

use super::{Layout, Row, SeatIndex};

/// How a row lies to the focus.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct RowRank {
    /// The distance of its nearest seat, in metres.
    distance: f64,
    /// Its place among all rows of seats, best first, from 0.
    rank: u32,
    /// Twice the point of the row that is nearest, in seat indexes: between two seats it is odd.
    twice_nearest: u32,
}

impl Row {
    /// Twice the place in the row from which one sees best, in seat indexes, counted to the middle of a seat. It is different
    /// for every row.
    #[must_use]
    pub fn twice_best(&self) -> u32 {
        self.view.twice_nearest
    }

    /// The distance of its nearest seat to what everybody looks at, in metres. Standing places have none.
    #[must_use]
    pub fn distance_m(&self) -> Option<f64> {
        self.line.as_ref().map(|_| self.view.distance)
    }

    /// Its place among all rows of seats, best first.
    pub(crate) fn rank(&self) -> u32 {
        self.view.rank
    }
}

impl Layout {
    /// All rows of seats, best first.
    pub fn ranked(&self) -> impl Iterator<Item = &Row> {
        self.ranked.iter().filter_map(|row| self.rows.get(*row))
    }

    pub(super) fn rank(&mut self) {
        let focus = self.focus();
        for row in &mut self.rows {
            row.view = view(row, focus);
        }
        let seated = self.rows.iter().enumerate().filter(|(_, row)| !row.is_standing());
        let mut ranked: Vec<_> = seated.map(|(number, row)| (row.view.distance, number)).collect();
        ranked.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        self.ranked = ranked.into_iter().map(|(_, number)| number).collect();
        for (rank, number) in (0..).zip(&self.ranked) {
            if let Some(row) = self.rows.get_mut(*number) {
                row.view.rank = rank;
            }
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the row")]
fn view(row: &Row, focus: (f64, f64)) -> RowRank {
    let Some(line) = &row.line else { return RowRank::default() };
    let last = f64::from(row.seats - 1);
    let nearest = line.place_at(line.nearest(focus), &row.aisles).clamp(0.0, last);
    let seat = row.position(SeatIndex(row.first_index + nearest.round() as u32));
    RowRank {
        distance: seat.map_or(f64::INFINITY, |seat| seat.distance_to(focus)),
        rank: 0,
        twice_nearest: 2 * row.first_index + 1 + (2.0 * nearest).round() as u32,
    }
}
