//! A concert hall of 2,600 seats in the vineyard style: terraces on all sides of the orchestra, each at a height of its own.

use super::pen::{Places, Wedge, grade_from, named, outline, through};
use domain::layout::{LayoutPlan, SectionPlan, ShapeKind};

/// A terrace: its name and grade, its piece of the ring in degrees, the radius of its first row in metres, and its rows.
type Terrace = (&'static str, &'static str, (f64, f64), f64, u32);

const TERRACES: [Terrace; 18] = [
    ("A", "R", (-33.0, 33.0), 11.0, 9),
    ("B", "R", (-62.0, -35.0), 12.5, 7),
    ("C", "R", (35.0, 62.0), 12.5, 7),
    ("D", "R", (-17.0, 17.0), 21.5, 9),
    ("E", "S", (-45.0, -19.0), 21.5, 9),
    ("F", "S", (19.0, 45.0), 21.5, 9),
    ("G", "S", (-15.0, 15.0), 32.0, 8),
    ("H", "A", (-38.0, -17.0), 32.0, 8),
    ("J", "A", (17.0, 38.0), 32.0, 8),
    ("K", "S", (-98.0, -66.0), 13.0, 6),
    ("L", "S", (66.0, 98.0), 13.0, 6),
    ("M", "A", (-82.0, -48.0), 21.5, 6),
    ("N", "A", (48.0, 82.0), 21.5, 6),
    ("Q", "A", (-118.0, -86.0), 21.5, 6),
    ("R", "A", (86.0, 118.0), 21.5, 6),
    ("P", "A", (136.0, 224.0), 12.5, 5),
    ("S", "B", (-158.0, -122.0), 21.5, 4),
    ("T", "B", (122.0, 158.0), 21.5, 4),
];

/// 2,600 seats in eighteen terraces.
pub(super) fn plan() -> LayoutPlan {
    let mut plan = LayoutPlan {
        sections: TERRACES.iter().map(terrace).collect(),
        stage: vec![named(
            outline(
                ShapeKind::Stage,
                (0.0, 0.0),
                &[
                    (-6.5, -7.5),
                    (6.5, -7.5),
                    (10.0, -1.0),
                    (8.5, 5.0),
                    (3.5, 8.0),
                    (-3.5, 8.0),
                    (-8.5, 5.0),
                    (-10.0, -1.0),
                ],
            ),
            "무대 STAGE",
        )],
        ..LayoutPlan::default()
    };
    for section in ["A", "D"] {
        plan.wheelchair(&format!("{section}-9"), 1, 2);
        plan.wheelchair(&format!("{section}-9"), 4, 3);
    }
    plan.restricted("P-1", 1..=6, "지휘자를 마주 보는 합창석");
    plan.kept("D-1", 9..=14);
    plan
}

fn terrace((name, grade, (from, to), radius, rows): &Terrace) -> SectionPlan {
    let wedge = Wedge { around: (0.0, 0.0), radius: *radius, from: *from, to: *to, rows: *rows, depth: 0.95 };
    let section = wedge.section(name, grade);
    let section = if *name == "A" { grade_from(section, 4, "VIP") } else { section };
    through(section, if *from < 0.0 { "서쪽 로비" } else { "동쪽 로비" })
}
