//! What the houses are drawn with. Lengths are metres, angles degrees.

use domain::layout::{
    Corner, Degrees, LayoutPlan, Metres, PlaceKind, PlacePlan, Point, RowPlan, SectionKind, SectionPlan,
    ShapeKind, ShapePlan,
};

/// From seat to seat, as a plan has it where it says nothing else.
pub(super) const PITCH: f64 = 0.55;
/// What is left free between two sections beside each other.
const AISLE: f64 = 1.2;

#[allow(clippy::cast_possible_truncation, reason = "a house is small")]
pub(super) fn metres(length: f64) -> Metres {
    Metres::of_centimetres((length * 100.0).round() as i32)
}

#[allow(clippy::cast_possible_truncation, reason = "a turn is at most a circle")]
fn degrees(turn: f64) -> Degrees {
    Degrees::of_tenths((turn * 10.0).round() as i16)
}

pub(super) fn point((x, y): (f64, f64)) -> Point {
    Point { x: metres(x), y: metres(y) }
}

/// How many seats fit.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row is short")]
fn seats_within(length: f64) -> u32 {
    (length / PITCH).floor().max(1.0) as u32
}

/// Rows named 1, 2, 3 … with so many seats each.
pub(super) fn rows(seats: impl IntoIterator<Item = u32>) -> Vec<RowPlan> {
    let row = |(row, seats): (u32, u32)| RowPlan { row: row.to_string(), seats, ..RowPlan::default() };
    (1..).zip(seats).map(row).collect()
}

fn rows_apart(depth: f64, seats: impl IntoIterator<Item = u32>) -> Vec<RowPlan> {
    let mut rows = rows(seats);
    for row in &mut rows {
        row.depth_m = Some(metres(depth));
    }
    rows
}

/// A section of straight rows: its middle, how far it is turned, and its rows.
pub(super) fn block(name: &str, grade: &str, at: (f64, f64), turn: f64, rows: Vec<RowPlan>) -> SectionPlan {
    SectionPlan {
        section: name.to_owned(),
        grade: grade.to_owned(),
        at: Some(point(at)),
        turn_deg: degrees(turn),
        rows,
        ..SectionPlan::default()
    }
}

/// The same with as many seats in each row as fit in a width.
pub(super) fn wide_block(
    name: &str,
    grade: &str,
    at: (f64, f64),
    turn: f64,
    (width, deep, depth): (f64, u32, f64),
) -> SectionPlan {
    let seats = seats_within(width - AISLE);
    block(name, grade, at, turn, rows_apart(depth, (0..deep).map(|_| seats)))
}

/// A piece of a ring around a point. Angles are counted from straight away from the stage towards the right.
#[derive(Clone, Copy)]
pub(super) struct Wedge {
    pub(super) around: (f64, f64),
    pub(super) radius: f64,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) rows: u32,
    pub(super) depth: f64,
}

impl Wedge {
    /// A section with as many seats in each row as fit.
    pub(super) fn section(self, name: &str, grade: &str) -> SectionPlan {
        let middle = f64::midpoint(self.from, self.to);
        let (sin, cos) = middle.to_radians().sin_cos();
        let at = (self.around.0 + self.radius * sin, self.around.1 + self.radius * cos);
        let turn = if middle > 180.0 { 360.0 - middle } else { -middle };
        let arc = |row: u32| {
            let radius = self.radius + f64::from(row) * self.depth;
            seats_within((self.to - self.from).to_radians() * radius - AISLE)
        };
        let rows = rows_apart(self.depth, (0..self.rows).map(arc));
        SectionPlan { curve_m: Some(metres(self.radius)), ..block(name, grade, at, turn, rows) }
    }
}

/// A standing area with four corners around its middle.
pub(super) fn standing(
    name: &str,
    grade: &str,
    at: (f64, f64),
    size: (f64, f64),
    capacity: u32,
) -> SectionPlan {
    SectionPlan {
        kind: SectionKind::Standing,
        outline: corners(size),
        capacity: Some(capacity),
        ..block(name, grade, at, 0.0, Vec::new())
    }
}

/// A rectangle around its middle.
pub(super) fn box_of(kind: ShapeKind, at: (f64, f64), size: (f64, f64)) -> ShapePlan {
    ShapePlan { kind, at: point(at), outline: corners(size), text: None }
}

/// An outline by its corners.
pub(super) fn outline(kind: ShapeKind, at: (f64, f64), corners: &[(f64, f64)]) -> ShapePlan {
    let corner = |(x, y): &(f64, f64)| Corner(metres(*x), metres(*y));
    ShapePlan { kind, at: point(at), outline: corners.iter().map(corner).collect(), text: None }
}

pub(super) fn named(shape: ShapePlan, text: &str) -> ShapePlan {
    ShapePlan { text: Some(text.to_owned()), ..shape }
}

fn corners((width, depth): (f64, f64)) -> Vec<Corner> {
    let (x, y) = (width / 2.0, depth / 2.0);
    [(-x, -y), (x, -y), (x, y), (-x, y)].map(|(x, y)| Corner(metres(x), metres(y))).to_vec()
}

/// Gives rows from one number on another grade.
pub(super) fn grade_from(mut section: SectionPlan, first: usize, grade: &str) -> SectionPlan {
    let rows = section.rows.iter_mut().skip(first - 1);
    rows.for_each(|row| row.grade = Some(grade.to_owned()));
    section
}

pub(super) fn through(mut section: SectionPlan, entrance: &str) -> SectionPlan {
    section.entrance = Some(entrance.to_owned());
    section
}

/// Special places of a plan.
pub(super) trait Places {
    /// Room for a wheelchair, and the seat beside it for a companion.
    fn wheelchair(&mut self, row: &str, place: u32, companion: u32);
    /// Seats of a row from which not everything can be seen.
    fn restricted(&mut self, row: &str, places: impl IntoIterator<Item = u32>, why: &str);
    /// All seats of a section, likewise.
    fn restricted_section(&mut self, section: &str, why: &str);
    /// Seats that the house keeps.
    fn kept(&mut self, row: &str, places: impl IntoIterator<Item = u32>);
}

impl Places for LayoutPlan {
    fn wheelchair(&mut self, row: &str, place: u32, companion: u32) {
        let name = format!("{row}-{place}");
        let beside = PlacePlan {
            kind: Some(PlaceKind::Companion),
            companion_of: Some(name.clone()),
            ..PlacePlan::default()
        };
        self.places.insert(format!("{row}-{companion}"), beside);
        self.places.insert(name, PlacePlan { kind: Some(PlaceKind::Wheelchair), ..PlacePlan::default() });
    }

    fn restricted(&mut self, row: &str, places: impl IntoIterator<Item = u32>, why: &str) {
        for place in places {
            let kind = Some(PlaceKind::RestrictedView);
            let place_plan = PlacePlan { kind, note: Some(why.to_owned()), ..PlacePlan::default() };
            self.places.insert(format!("{row}-{place}"), place_plan);
        }
    }

    fn restricted_section(&mut self, section: &str, why: &str) {
        let rows = self.sections.iter().filter(|plan| plan.section == section).flat_map(|plan| &plan.rows);
        let rows: Vec<_> = rows.map(|row| (format!("{section}-{}", row.row), row.seats)).collect();
        for (row, seats) in rows {
            self.restricted(&row, 1..=seats, why);
        }
    }

    fn kept(&mut self, row: &str, places: impl IntoIterator<Item = u32>) {
        for place in places {
            let place_plan = PlacePlan { kind: Some(PlaceKind::House), ..PlacePlan::default() };
            self.places.insert(format!("{row}-{place}"), place_plan);
        }
    }
}
