//! The places of sections that were not drawn: side by side, in as many lines as make the house roughly square.

use super::{
    geometry::{DEPTH_M, PITCH_M},
    measure::Metres,
    plan::{Point, SectionPlan},
};

/// The empty space between two sections, in seats and in rows.
const SPACE: u32 = 3;

/// Where the middle of each section's first row stands. Lines are centred in the house.
pub(super) fn automatic_places(sections: &[SectionPlan]) -> Vec<Point> {
    let per_line = sections.len().isqrt().max(1);
    let mut places = Vec::with_capacity(sections.len());
    let mut y = 0;
    for line in sections.chunks(per_line) {
        let mut x = -f64::from(width_of_line(line)) / 2.0;
        for section in line {
            let width = f64::from(width(section));
            places.push(Point { x: metres((x + width / 2.0) * PITCH_M), y: metres(f64::from(y) * DEPTH_M) });
            x += width + f64::from(SPACE);
        }
        y += line.iter().map(|section| count(&section.rows)).max().unwrap_or(0) + SPACE;
    }
    places
}

/// The width of its longest row, in seats.
fn width(section: &SectionPlan) -> u32 {
    section.rows.iter().map(|row| row.seats).max().unwrap_or(0)
}

fn width_of_line(line: &[SectionPlan]) -> u32 {
    line.iter().map(width).sum::<u32>() + SPACE * count(line).saturating_sub(1)
}

fn count<T>(things: &[T]) -> u32 {
    u32::try_from(things.len()).unwrap_or(u32::MAX)
}

#[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and a house is small")]
fn metres(length: f64) -> Metres {
    Metres::of_centimetres((length * 100.0).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::plan::RowPlan;

    #[test]
    fn lines_are_centred_and_do_not_touch() {
        let section = |rows: &[u32]| SectionPlan {
            rows: rows.iter().map(|seats| RowPlan { seats: *seats, ..RowPlan::default() }).collect(),
            ..SectionPlan::default()
        };
        let places = automatic_places(&[section(&[10, 8]), section(&[10]), section(&[4]), section(&[9])]);
        let places: Vec<_> = places.iter().map(|at| (at.x.centimetres(), at.y.centimetres())).collect();
        // The first line is 23 seats wide and two rows deep, the second 16 wide.
        assert_eq!(places, [(-358, 0), (358, 0), (-330, 450), (193, 450)]);
    }
}
