//! The outline of a section, drawn around its seats.

use super::{
    Layout, Row,
    geometry::{DEPTH_M, SeatPosition},
};
use crate::layout::SeatIndex;

/// The free space around seats, in metres: half of a row's depth.
const MARGIN_M: f64 = DEPTH_M / 2.0;
/// The most corners along the front of a section, and along its back.
const CORNERS_ALONG: u32 = 24;

impl Layout {
    /// The corners of a section in metres: as drawn for a standing area, and around its seats for all others. Empty for a
    /// section that does not exist.
    #[must_use]
    pub fn outline_of(&self, section_index: usize) -> Vec<(f64, f64)> {
        let Some(plan) = self.plan.sections.get(section_index) else { return Vec::new() };
        if let Some(at) = plan.at.filter(|_| !plan.outline.is_empty()) {
            let (x, y) = (at.x.get(), at.y.get());
            return plan.outline.iter().map(|to| (x + to.0.get(), y + to.1.get())).collect();
        }
        let first = self.rows.partition_point(|row| row.section_index < section_index);
        let end = self.rows.partition_point(|row| row.section_index <= section_index);
        around(self.rows.get(first..end).unwrap_or_default())
    }
}

/// Along the front from left to right, down the right ends of all rows, along the back, and up the left ends.
fn around(rows: &[Row]) -> Vec<(f64, f64)> {
    let (Some(front), Some(back)) = (rows.first(), rows.last()) else { return Vec::new() };
    let along = |row: &Row, side: f64| {
        let seats = row.seats - 1;
        let corners = seats.clamp(1, CORNERS_ALONG);
        let at = move |corner: u32| row.first_index + seats * corner / corners.max(1);
        let seats = (0..=corners).filter_map(|corner| row.position(SeatIndex(at(corner))));
        let last = corners;
        let corner = |(number, seat): (u32, SeatPosition)| {
            let outwards = if number == 0 {
                -MARGIN_M
            } else if number == last {
                MARGIN_M
            } else {
                0.0
            };
            beside(seat, outwards, side * MARGIN_M)
        };
        (0..).zip(seats).map(corner).collect::<Vec<_>>()
    };
    let end = |row: &Row, index: u32, outwards: f64| {
        let seat = row.position(SeatIndex(index));
        seat.map(|seat| [-MARGIN_M, MARGIN_M].map(|behind| beside(seat, outwards, behind)))
    };
    let rights = rows.iter().filter_map(|row| end(row, row.first_index + row.seats - 1, MARGIN_M)).flatten();
    let lefts = rows
        .iter()
        .rev()
        .filter_map(|row| end(row, row.first_index, -MARGIN_M))
        .flat_map(|[front, back]| [back, front]);
    let outline =
        along(front, -1.0).into_iter().chain(rights).chain(along(back, 1.0).into_iter().rev()).chain(lefts);
    simplified(outline.collect())
}

/// A point beside a seat and behind it, as the seat is turned.
fn beside(seat: SeatPosition, right: f64, behind: f64) -> (f64, f64) {
    let (sin, cos) = seat.turn_deg.to_radians().sin_cos();
    (seat.x + right * cos - behind * sin, seat.y + right * sin + behind * cos)
}

/// Leaves out corners on the straight line between their neighbours.
fn simplified(corners: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::with_capacity(corners.len());
    for corner in corners {
        while let [.., one, two] = kept.as_slice() {
            if !is_straight(*one, *two, corner) {
                break;
            }
            kept.pop();
        }
        if kept.last().is_none_or(|last| !is_same(*last, corner)) {
            kept.push(corner);
        }
    }
    if kept.len() > 1 && kept.first().zip(kept.last()).is_some_and(|(first, last)| is_same(*first, *last)) {
        kept.pop();
    }
    kept
}

fn is_same(one: (f64, f64), other: (f64, f64)) -> bool {
    (one.0 - other.0).hypot(one.1 - other.1) < 0.01
}

/// Whether the middle corner is within a centimetre of the line from the first to the last.
fn is_straight(one: (f64, f64), two: (f64, f64), three: (f64, f64)) -> bool {
    let (along, across) = ((three.0 - one.0, three.1 - one.1), (two.0 - one.0, two.1 - one.1));
    let length = along.0.hypot(along.1);
    let forwards = along.0 * across.0 + along.1 * across.1;
    length > 0.0 && forwards >= 0.0 && (along.0 * across.1 - along.1 * across.0).abs() / length < 0.01
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{LayoutPlan, RowPlan, SectionPlan};

    #[test]
    fn a_straight_section_has_four_corners() {
        let row = |row: &str| RowPlan { row: row.into(), seats: 3, ..RowPlan::default() };
        let section = SectionPlan {
            section: "A".into(),
            grade: "R".into(),
            rows: vec![row("1"), row("2")],
            ..SectionPlan::default()
        };
        let layout = Layout::parse(LayoutPlan::of(vec![section])).expect("valid");
        let middle = layout.positions().map(|(_, seat)| seat.x).sum::<f64>() / 6.0;
        let corners: Vec<_> = layout
            .outline_of(0)
            .iter()
            .map(|(x, y)| ((x - middle) * 100.0, y * 100.0))
            .map(|(x, y)| (x.round(), y.round()))
            .collect();
        assert_eq!(corners, [(-100.0, -45.0), (100.0, -45.0), (100.0, 135.0), (-100.0, 135.0)]);
        assert!(layout.outline_of(1).is_empty());
    }
}
