//! The places of sections that were not drawn: side by side, in as many lines as make the house roughly square.

use super::{
    geometry::{DEPTH, PITCH},
    measure::Metres,
    plan::{Point, RowPlan, SectionPlan},
};

/// The empty space between two sections: three seats wide, and three rows deep.
const SPACE_CM: (i32, i32) = (3 * PITCH.centimetres(), 3 * DEPTH.centimetres());

/// Where the middle of each section's first row stands. Lines are centred in the house.
pub(super) fn automatic_places(sections: &[SectionPlan]) -> Vec<Point> {
    let per_line = sections.len().isqrt().max(1);
    let mut places = Vec::with_capacity(sections.len());
    let mut y = 0_i32;
    for line in sections.chunks(per_line) {
        let widths = line.iter().map(width_cm);
        let whole = widths.clone().fold(-SPACE_CM.0, |sum, width| sum.saturating_add(width + SPACE_CM.0));
        // Twice the length, since middles may lie between two centimetres.
        let mut twice_x = -whole;
        for width in widths {
            let middle = twice_x.saturating_add(width).div_euclid(2);
            places.push(Point { x: Metres::of_centimetres(middle), y: Metres::of_centimetres(y) });
            twice_x = twice_x.saturating_add(2 * (width + SPACE_CM.0));
        }
        y = y.saturating_add(line.iter().map(depth_cm).max().unwrap_or(0)).saturating_add(SPACE_CM.1);
    }
    places
}

/// The width of its widest row, with half a seat's space at both ends.
fn width_cm(section: &SectionPlan) -> i32 {
    let width = |row: &RowPlan| {
        let offset = row.offset_m.map_or(0, |offset| offset.centimetres().abs());
        (row.length() + row.pitch()).centimetres().saturating_add(2 * offset)
    };
    // So wide a row is refused.
    section.rows.iter().map(width).max().unwrap_or(0).min(WIDTH_MAX_CM)
}

/// Twice what lies between the furthest two places of a house.
const WIDTH_MAX_CM: i32 = 100_000_000;

/// The depth of all rows.
fn depth_cm(section: &SectionPlan) -> i32 {
    let behind = section.rows.iter().skip(1).map(RowPlan::depth);
    behind.fold(DEPTH, |sum, depth| sum + depth).centimetres()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_centred_and_do_not_touch() {
        let section = |rows: &[u32]| SectionPlan {
            rows: rows.iter().map(|seats| RowPlan { seats: *seats, ..RowPlan::default() }).collect(),
            ..SectionPlan::default()
        };
        let places = automatic_places(&[section(&[10, 8]), section(&[10]), section(&[4]), section(&[9])]);
        let places: Vec<_> = places.iter().map(|at| (at.x.centimetres(), at.y.centimetres())).collect();
        // The first line is 23 seats wide and two rows deep, the second 16 wide.
        assert_eq!(places, [(-358, 0), (357, 0), (-330, 450), (192, 450)]);
    }
}
