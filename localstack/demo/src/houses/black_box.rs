//! A black box of 300 seats: the audience sits on three sides of a stage that reaches into the room.

use super::pen::{Places, block, box_of, grade_from, named, outline, rows, through};
use domain::layout::{LayoutPlan, ShapeKind};

/// 300 seats in three blocks.
pub(super) fn plan() -> LayoutPlan {
    let front = block("가", "R", (0.0, 6.0), 0.0, rows([20; 7]));
    let side = |name, x, turn| grade_from(block(name, "R", (x, 0.0), turn, rows([16; 5])), 3, "S");
    let mut plan = LayoutPlan {
        sections: vec![
            through(grade_from(front, 5, "S"), "정문"),
            through(side("나", -5.4, 90.0), "왼쪽 문"),
            through(side("다", 5.4, -90.0), "오른쪽 문"),
        ],
        stage: vec![named(box_of(ShapeKind::Stage, (0.0, 0.0), (8.0, 8.0)), "무대 STAGE")],
        decorations: vec![
            outline(ShapeKind::Wall, (0.0, 0.0), &[(-11.0, -5.5), (11.0, -5.5), (11.0, 13.5), (-11.0, 13.5)]),
            box_of(ShapeKind::Door, (-9.0, 13.3), (1.8, 0.4)),
            box_of(ShapeKind::Door, (9.0, 13.3), (1.8, 0.4)),
        ],
        ..LayoutPlan::default()
    };
    plan.wheelchair("가-1", 1, 2);
    plan.wheelchair("가-1", 20, 19);
    plan.restricted("나-5", [1, 16], "조명 기둥이 보입니다");
    plan.restricted("다-5", [1, 16], "조명 기둥이 보입니다");
    plan.kept("가-7", [1, 2]);
    plan
}
