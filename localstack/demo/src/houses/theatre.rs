//! A theatre of 1,000 seats with two balconies, for musicals. Its rows are slightly curved and led through by two aisles.

use super::pen::{Places, box_of, grade_from, metres, named, outline, point, rows, through};
use domain::layout::{LayoutPlan, Metres, RowPlan, SectionPlan, ShapeKind};

/// The seats of each row of the stalls: they widen from the stage, and the control desk takes some of the last.
const STALLS: [u32; 18] = [24, 26, 28, 30, 32, 34, 34, 36, 36, 36, 36, 36, 36, 36, 36, 36, 36, 26];
const FIRST_BALCONY: [u32; 7] = [36, 36, 36, 36, 36, 34, 32];
const SECOND_BALCONY: [u32; 5] = [36, 36, 34, 32, 22];

/// 1,000 seats on three floors.
pub(super) fn plan() -> LayoutPlan {
    let stalls = floor("1층", "VIP", 5.6, 20.0, &STALLS);
    let first = floor("2층", "R", 25.1, 38.0, &FIRST_BALCONY);
    let second = floor("3층", "S", 34.6, 46.0, &SECOND_BALCONY);
    let mut plan = LayoutPlan {
        sections: vec![
            through(grade_from(stalls, 13, "R"), "1층 로비"),
            through(grade_from(first, 4, "S"), "2층 로비"),
            through(grade_from(second, 3, "A"), "3층 로비"),
        ],
        stage: vec![named(
            outline(
                ShapeKind::Stage,
                (0.0, -3.0),
                &[(-8.0, -3.0), (8.0, -3.0), (9.0, 3.0), (0.0, 4.2), (-9.0, 3.0)],
            ),
            "무대 STAGE",
        )],
        decorations: vec![named(box_of(ShapeKind::Field, (0.0, 2.4), (11.0, 1.6)), "오케스트라")],
        focus: Some(point((0.0, -1.0))),
        ..LayoutPlan::default()
    };
    for (place, companion) in [(1, 2), (4, 3), (26, 25), (23, 24)] {
        plan.wheelchair("1층-18", place, companion);
    }
    for row in 1..=3 {
        plan.restricted(&format!("2층-{row}"), [1, 2, 35, 36], "난간이 무대 앞을 가립니다");
    }
    plan.restricted("3층-1", 1..=36, "난간이 무대 앞을 가립니다");
    plan.kept("1층-9", 17..=20);
    plan
}

/// One floor: curved rows around a point in front of the stage, with an aisle on each side of the middle block.
fn floor(name: &str, grade: &str, y: f64, curve: f64, seats: &[u32]) -> SectionPlan {
    let with_aisles = |row: RowPlan| {
        let side = (row.seats / 4).min(9);
        RowPlan { aisles: vec![side, row.seats - side], ..row }
    };
    SectionPlan {
        section: name.to_owned(),
        grade: grade.to_owned(),
        at: Some(point((0.0, y))),
        curve_m: Some::<Metres>(metres(curve)),
        rows: rows(seats.iter().copied()).into_iter().map(with_aisles).collect(),
        ..SectionPlan::default()
    }
}
