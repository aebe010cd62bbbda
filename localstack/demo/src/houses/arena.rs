//! An arena for 15,000: a standing floor in front of the stage, and two tiers of seats around it.

use super::{
    bowl::{Bowl, Tier},
    pen::{Places, box_of, named, outline, point, standing, through},
};
use domain::layout::{LayoutPlan, SectionPlan, ShapeKind};

const BOWL: Bowl = Bowl { half_width: 19.0, length: 52.0, corner: 7.0 };

/// 4,384 stand on the floor, in four areas beside a runway; all others sit.
pub(super) fn plan() -> LayoutPlan {
    let lower = Tier { first: 101, grade: "R", behind: 2.0, rows: 20, depth: 0.9, pieces: (4, 2, 2) };
    let upper = Tier { first: 201, grade: "S", behind: 23.0, rows: 14, depth: 0.9, pieces: (4, 3, 2) };
    let mut plan = LayoutPlan {
        sections: [floor().to_vec(), BOWL.tier(lower), BOWL.tier(upper)].concat(),
        stage: vec![
            named(box_of(ShapeKind::Stage, (0.0, -6.0), (30.0, 10.0)), "무대 STAGE"),
            outline(
                ShapeKind::Stage,
                (0.0, 0.0),
                &[
                    (-1.6, -1.0),
                    (1.6, -1.0),
                    (1.6, 18.0),
                    (4.0, 20.4),
                    (4.0, 24.0),
                    (-4.0, 24.0),
                    (-4.0, 20.4),
                    (-1.6, 18.0),
                ],
            ),
        ],
        decorations: vec![named(box_of(ShapeKind::Field, (0.0, 47.5), (10.0, 3.0)), "콘솔")],
        focus: Some(point((0.0, 0.0))),
        ..LayoutPlan::default()
    };
    for section in 102..=113 {
        plan.wheelchair(&format!("{section}-20"), 1, 2);
        plan.wheelchair(&format!("{section}-20"), 4, 3);
    }
    for section in ["101", "114", "201", "216"] {
        plan.restricted_section(section, "무대 옆이라 화면이 보이지 않습니다");
    }
    plan
}

fn floor() -> [SectionPlan; 4] {
    let area = |name, grade, x, y, size, capacity, entrance| {
        through(standing(name, grade, (x, y), size, capacity), entrance)
    };
    [
        area("F1", "스탠딩", -10.8, 11.5, (12.4, 21.0), 1_200, "서문"),
        area("F2", "스탠딩", 10.8, 11.5, (12.4, 21.0), 1_200, "동문"),
        area("F3", "스탠딩", -8.9, 34.5, (16.2, 19.0), 992, "서문"),
        area("F4", "스탠딩", 8.9, 34.5, (16.2, 19.0), 992, "동문"),
    ]
}
