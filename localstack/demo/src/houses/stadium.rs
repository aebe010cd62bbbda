//! A stadium for 66,000 with an end stage: seats on the field and three tiers around it.

use super::{
    bowl::{Bowl, Tier},
    pen::{Places, block, box_of, named, point, rows, through},
};
use domain::layout::{LayoutPlan, SectionPlan, ShapeKind};
use std::iter;

const BOWL: Bowl = Bowl { half_width: 50.0, length: 132.0, corner: 28.0 };

/// 66,000 seats in more than a hundred sections.
pub(super) fn plan() -> LayoutPlan {
    let lower = Tier { first: 101, grade: "R", behind: 4.0, rows: 24, depth: 0.85, pieces: (8, 3, 2) };
    let middle = Tier { first: 201, grade: "S", behind: 29.0, rows: 16, depth: 0.85, pieces: (8, 4, 2) };
    let upper = Tier { first: 301, grade: "A", behind: 46.0, rows: 29, depth: 0.85, pieces: (8, 5, 2) };
    let mut plan = LayoutPlan {
        sections: [field(), BOWL.tier(lower), BOWL.tier(middle), BOWL.tier(upper)].concat(),
        stage: vec![named(box_of(ShapeKind::Stage, (0.0, -8.0), (64.0, 16.0)), "무대 STAGE")],
        decorations: vec![
            box_of(ShapeKind::Field, (0.0, 61.0), (92.0, 118.0)),
            named(box_of(ShapeKind::Wall, (0.0, 106.5), (18.0, 7.0)), "콘솔"),
        ],
        focus: Some(point((0.0, 0.0))),
        ..LayoutPlan::default()
    };
    for section in (102..=123).step_by(2) {
        for (place, companion) in [(1, 2), (4, 3)] {
            plan.wheelchair(&format!("{section}-24"), place, companion);
        }
    }
    for section in ["101", "124", "201", "226", "301", "328"] {
        plan.restricted_section(section, "무대 옆이라 화면이 보이지 않습니다");
    }
    plan
}

/// Five lines of blocks on the field. The nearest two are the best seats, and the last is shorter.
fn field() -> Vec<SectionPlan> {
    (0..5).flat_map(|line| (0..6).map(move |column| field_block(line, column))).collect()
}

fn field_block(line: u32, column: u32) -> SectionPlan {
    let name = format!("F{}", line * 6 + column + 1);
    let at = ((f64::from(column) - 2.5) * 15.0, 6.0 + f64::from(line) * 19.0);
    let (full, last) = if line < 4 { (19, 23) } else { (17, 16) };
    let seats = iter::repeat_n(23, full).chain([last]);
    let grade = if line < 2 { "VIP" } else { "R" };
    through(block(&name, grade, at, 0.0, rows(seats)), if column < 3 { "서문" } else { "동문" })
}
