//! The outline of a section, drawn around its seats.

use super::{
    Layout, Row,
    geometry::{DEPTH, Frame, RowLine},
};
use std::iter::once;

/// The free space around seats, in metres: half of a row's depth.
const MARGIN_M: f64 = 0.45;
const _: () = assert!(DEPTH.centimetres() == 90);
/// Rows that end so far from each other, in metres, have a step between them.
const STEP_M: f64 = 1.0;
/// An arc is drawn in pieces of this angle at most, in radians.
const PIECE: f64 = 0.07;

/// How far across the section a corner is, and how far behind its first row.
type OutlineCorner = (f64, f64);

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
        let rows = self.rows.get(first..end).unwrap_or_default();
        around(&rows.iter().filter_map(|row: &Row| row.line.as_ref()).collect::<Vec<_>>())
    }
}

/// Along the front from left to right, past the right ends of all rows, along the back, and past the left ends. Both sides only
/// ever go backwards, with the left end of each row to the left of its right end, so the outline never meets itself.
fn around(rows: &[&RowLine]) -> Vec<(f64, f64)> {
    let (left, right) = (side(rows, |ends| ends.0), side(rows, |ends| ends.1));
    let (Some(front), Some(row)) = (left.first(), rows.first()) else { return Vec::new() };
    let corners = once(*front).chain(right).chain(left.iter().rev().copied());
    let corners: Vec<_> = corners.collect();
    let pieces = corners.iter().zip(corners.iter().skip(1));
    let outline = pieces.flat_map(|(one, next)| pieces_of(row.frame, *one, *next)).chain([*front]);
    simplified(outline.map(|(across, behind)| row.frame.point(across, behind)).collect())
}

/// One side of a section, from its front to its back.
fn side(rows: &[&RowLine], of: fn((f64, f64)) -> f64) -> Vec<OutlineCorner> {
    let mut corners: Vec<OutlineCorner> = Vec::new();
    let mut before: Option<&RowLine> = None;
    for row in rows {
        let across = of(row.ends(MARGIN_M));
        match (before, corners.last().copied()) {
            (Some(before), Some(last)) => {
                let width = (across - last.0).abs() * before.radius().map_or(1.0, f64::abs);
                if width > STEP_M {
                    let quarter = (row.behind - before.behind) / 4.0;
                    corners.extend([(last.0, before.behind + quarter), (across, row.behind - quarter)]);
                }
            }
            _ => corners.push((across, row.behind - MARGIN_M)),
        }
        corners.push((across, row.behind));
        before = Some(*row);
    }
    corners.extend(corners.last().map(|(across, behind)| (*across, behind + MARGIN_M)));
    corners
}

/// The way from a corner to the next, without the next: in a curved section it is bent.
fn pieces_of(frame: Frame, one: OutlineCorner, next: OutlineCorner) -> impl Iterator<Item = OutlineCorner> {
    let (across, behind) = (next.0 - one.0, next.1 - one.1);
    let pieces = if frame.is_curved() { (across.abs() / PIECE).ceil().max(1.0) } else { 1.0 };
    let parts =
        std::iter::successors(Some(0.0), |part| Some(part + 1.0)).take_while(move |part| *part < pieces);
    parts.map(move |part| (one.0 + across * part / pieces, one.1 + behind * part / pieces))
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
