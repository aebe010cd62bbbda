//! A stadium as they are: straight blocks along its sides, curved ones in its corners, three tiers, a stage at its end.

use domain::layout::{
    Corner, Degrees, LayoutPlan, Metres, Numbering, PlaceKind, PlacePlan, Point, RowPlan, SectionPlan,
    ShapeKind, ShapePlan,
};

/// Half the width and half the length of the rectangle around whose corners the stands bend, in metres.
const HALF: (f64, f64) = (52.0, 34.0);
/// Of each tier: its grade, its rows, how far the first is from the rectangle, from row to row.
const TIERS: [(&str, u32, f64, f64); 3] =
    [("VIP", 28, 12.0, 0.8), ("R", 22, 39.0, 0.85), ("S", 36, 62.0, 0.9)];
const PITCH_M: f64 = 0.5;
const FIRST_IN_CORNER: u32 = 101;
/// The way between two blocks, in metres.
const WAY_M: f64 = 1.2;

/// The plan of a stadium with exactly so many seats, at most 100,000. Each block of the lowest tier has two places for
/// wheelchairs, with those of their companions.
///
/// # Panics
/// More seats are wanted.
#[must_use]
pub fn stadium(seats: u32) -> LayoutPlan {
    let mut plan = LayoutPlan { stage: vec![stage()], ..LayoutPlan::default() };
    let mut left = seats;
    for (tier, (grade, rows, radius, depth)) in (1..).zip(TIERS) {
        for (number, block) in (1..).zip(blocks(radius)) {
            let rows = (0..rows).map(|row| block.row(row, depth)).map_while(|row| {
                let seats = row.seats.min(left);
                left -= seats;
                (seats > 0).then_some(RowPlan { seats, ..row })
            });
            let name = format!("{tier}{number:02}");
            let section = block.section(&name, grade, rows.collect());
            if let Some(row) = section.rows.first().filter(|row| tier == 1 && row.seats >= 4) {
                plan.places.extend(wheelchair_places(&format!("{name}-{}", row.row), row.numbers.as_ref()));
            }
            plan.sections.extend(Some(section).filter(|section| !section.rows.is_empty()));
        }
    }
    assert_eq!(left, 0, "a stadium has 100,000 seats at most");
    plan
}

/// A block before it has rows.
struct StadiumBlock {
    at: (f64, f64),
    turn: f64,
    /// Its width in metres, or its radius and its angle.
    width: Width,
}

enum Width {
    Straight(f64),
    Curved(f64, f64),
}

/// All blocks of a tier, clockwise from the middle of the far end.
fn blocks(radius: f64) -> Vec<StadiumBlock> {
    let mut blocks = Vec::new();
    for quarter in [0.0, 90.0, 180.0, 270.0_f64] {
        let (sin, cos) = quarter.to_radians().sin_cos();
        let (along, behind, count) =
            if quarter % 180.0 == 0.0 { (HALF.0, HALF.1, 6) } else { (HALF.1, HALF.0, 4) };
        let width = 2.0 * along / f64::from(count);
        for block in 0..count {
            let (x, y) = (along - width * (f64::from(block) + 0.5), behind + radius);
            let at = (x * cos - y * sin, x * sin + y * cos);
            blocks.push(StadiumBlock { at, turn: quarter, width: Width::Straight(width) });
        }
        for third in [15.0, 45.0, 75.0_f64] {
            let turn = quarter + third;
            let (turn_sin, turn_cos) = turn.to_radians().sin_cos();
            let (x, y) = (-along * cos - behind * sin, -along * sin + behind * cos);
            let at = (x - radius * turn_sin, y + radius * turn_cos);
            blocks.push(StadiumBlock { at, turn, width: Width::Curved(radius, 30.0_f64.to_radians()) });
        }
    }
    blocks
}

impl StadiumBlock {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row has a few dozen seats")]
    fn row(&self, row: u32, depth: f64) -> RowPlan {
        let width = match self.width {
            Width::Straight(width) => width,
            Width::Curved(radius, angle) => (radius + f64::from(row) * depth) * angle,
        };
        RowPlan {
            row: (row + 1).to_string(),
            seats: ((width - WAY_M) / PITCH_M) as u32,
            numbers: match self.width {
                Width::Straight(_) => None,
                Width::Curved(..) => Some(Numbering::Counted { first: FIRST_IN_CORNER, step: 1 }),
            },
            pitch_m: Some(metres(PITCH_M)),
            depth_m: Some(metres(depth)),
            ..RowPlan::default()
        }
    }

    #[allow(clippy::cast_possible_truncation, reason = "a turn of 360 degrees at most")]
    fn section(&self, name: &str, grade: &str, rows: Vec<RowPlan>) -> SectionPlan {
        SectionPlan {
            section: name.into(),
            grade: grade.into(),
            at: Some(Point { x: metres(self.at.0), y: metres(self.at.1) }),
            turn_deg: Degrees::of_tenths((self.turn * 10.0) as i16),
            curve_m: match self.width {
                Width::Straight(_) => None,
                Width::Curved(radius, _) => Some(metres(radius)),
            },
            rows,
            entrance: Some(format!("Gate {name}")),
            ..SectionPlan::default()
        }
    }
}

/// The first and the third seat of the first row are for wheelchairs, those beside them for companions.
fn wheelchair_places(row: &str, numbers: Option<&Numbering>) -> [(String, PlacePlan); 4] {
    let first = if numbers.is_some() { FIRST_IN_CORNER } else { 1 };
    let name = |place: u32| format!("{row}-{}", first + place);
    let wheelchair =
        |place| (name(place), PlacePlan { kind: Some(PlaceKind::Wheelchair), ..PlacePlan::default() });
    let companion = |place| {
        let companion_of = Some(name(place - 1));
        (name(place), PlacePlan { kind: Some(PlaceKind::Companion), companion_of, ..PlacePlan::default() })
    };
    [wheelchair(0), companion(1), wheelchair(2), companion(3)]
}

fn stage() -> ShapePlan {
    let corners = [(-12.0, 0.0), (12.0, 0.0), (12.0, 9.0), (-12.0, 9.0)];
    ShapePlan {
        kind: ShapeKind::Stage,
        at: Point { x: metres(0.0), y: metres(-34.0) },
        outline: corners.map(|(x, y)| Corner(metres(x), metres(y))).into(),
        text: Some("STAGE".into()),
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a stadium is a few hundred metres wide")]
fn metres(length: f64) -> Metres {
    Metres::of_centimetres((length * 100.0).round() as i32)
}
