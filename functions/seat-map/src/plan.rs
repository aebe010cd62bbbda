//! The plan as clients draw it: names, numbers, and where each place stands. A client need not know how rows are laid out.

use domain::{
    LayoutId,
    layout::{
        Layout, PlaceKind, PlacePlan, Point, Row, SeatIndex, SectionKind, SectionPlan, ShapeKind, ShapePlan,
        rounded,
    },
};
use serde::Serialize;
use shared::http::wire::words::{PlaceKindWords, SectionKindWords, ShapeKindWords};
use utoipa::ToSchema;
use uuid::Uuid;

/// A seat plan. Lengths are centimetres: x to the right as one looks at the stage, y away from it. Turns are tenths of a
/// degree, clockwise from looking towards smaller y.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Layout)]
pub(crate) struct LayoutView {
    layout_id: Uuid,
    /// The number of all places: the length of a seat map.
    seat_count: u32,
    /// What everybody looks at: x and y.
    focus: [i32; 2],
    /// The stage or the field.
    stage: Vec<ShapeView>,
    /// What else stands in the house.
    decorations: Vec<ShapeView>,
    sections: Vec<SectionView>,
    /// What is special about single places.
    places: Vec<SpecialPlaceView>,
}

/// Something drawn.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LayoutShape)]
struct ShapeView {
    #[schema(value_type = ShapeKindWords)]
    kind: ShapeKind,
    /// Its corners: x and y in turn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outline: Vec<i32>,
    /// What is written there.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The middle of the word: x and y.
    at: [i32; 2],
}

/// A part of the house.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LayoutSection)]
struct SectionView {
    section: String,
    /// The grade of its places, where a row or a place has no other.
    grade: String,
    #[schema(value_type = SectionKindWords)]
    kind: SectionKind,
    /// The entrance that leads to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    entrance: Option<String>,
    /// Its corners: x and y in turn.
    outline: Vec<i32>,
    /// Its rows. A standing area has none.
    rows: Vec<RowView>,
    /// The index of its first place in layout order.
    first_index: u32,
    /// How many stand in a standing area. Their entry numbers, from 1, follow each other in layout order.
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity: Option<u32>,
}

/// A row of seats, from left to right as its section is drawn unturned. Each seat's place is that of the one before and a step
/// further; where all steps of a row are equal, one is given for all, and where there is none, none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LayoutRow)]
struct RowView {
    row: String,
    /// The index of the row's first seat in layout order; the others follow.
    first_index: u32,
    /// What the seats are called, in order.
    numbers: Vec<SeatLabel>,
    /// Where the first seat is from left to right.
    x: i32,
    /// Where the first seat is, away from the stage.
    y: i32,
    /// How far the first seat is turned.
    turn: i32,
    /// The steps of `x`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dx: Vec<i32>,
    /// The steps of `y`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dy: Vec<i32>,
    /// The steps of `turn`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dturn: Vec<i32>,
    /// After how many seats an aisle leads through the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aisles: Vec<u32>,
    /// The grade of its seats, if it is not the section's.
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<String>,
}

/// What a seat is called: a number, or a word.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum SeatLabel {
    Number(u32),
    Word(String),
}

/// What is special about a place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LayoutPlace)]
struct SpecialPlaceView {
    index: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PlaceKindWords>)]
    kind: Option<PlaceKind>,
    /// Its grade, if it is not its row's.
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<String>,
    /// The wheelchair place beside which its companion sits.
    #[serde(skip_serializing_if = "Option::is_none")]
    companion_of: Option<u32>,
    /// A word to the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl LayoutView {
    pub(crate) fn new(layout_id: LayoutId, layout: &Layout) -> Self {
        let plan = layout.plan();
        let (x, y) = layout.focus();
        Self {
            layout_id: layout_id.0,
            seat_count: layout.seat_count(),
            focus: [centimetres(x), centimetres(y)],
            stage: plan.stage.iter().map(ShapeView::new).collect(),
            decorations: plan.decorations.iter().map(ShapeView::new).collect(),
            sections: sections(layout),
            places: places(layout),
        }
    }
}

impl ShapeView {
    fn new(shape: &ShapePlan) -> Self {
        let corners =
            shape.outline.iter().flat_map(|corner| around(shape.at, (corner.0.get(), corner.1.get())));
        Self {
            kind: shape.kind,
            outline: corners.collect(),
            text: shape.text.clone(),
            at: around(shape.at, (0.0, 0.0)),
        }
    }
}

fn around(at: Point, (x, y): (f64, f64)) -> [i32; 2] {
    [centimetres(at.x.get() + x), centimetres(at.y.get() + y)]
}

fn sections(layout: &Layout) -> Vec<SectionView> {
    let of_section = layout.rows().chunk_by(|one, next| one.section_index == next.section_index);
    let plans = layout.plan().sections.iter().zip(of_section).enumerate();
    plans.map(|(index, (plan, rows))| SectionView::new(plan, rows, layout.outline_of(index))).collect()
}

impl SectionView {
    fn new(plan: &SectionPlan, rows: &[Row], outline: Vec<(f64, f64)>) -> Self {
        let seated = rows.iter().filter(|row| !row.is_standing());
        Self {
            section: plan.section.clone(),
            grade: plan.grade.clone(),
            kind: plan.kind,
            entrance: plan.entrance.clone(),
            outline: outline.into_iter().flat_map(|(x, y)| [centimetres(x), centimetres(y)]).collect(),
            rows: seated.map(|row| RowView::new(row, &plan.grade)).collect(),
            first_index: rows.first().map_or(0, |row| row.first_index),
            capacity: plan.capacity,
        }
    }
}

impl RowView {
    fn new(row: &Row, grade: &str) -> Self {
        let seats: Vec<_> = row.indexes().filter_map(|index| row.position(SeatIndex(index))).collect();
        let (x, dx) = stepped(seats.iter().map(|seat| centimetres(seat.x)));
        let (y, dy) = stepped(seats.iter().map(|seat| centimetres(seat.y)));
        let (turn, dturn) = stepped(seats.iter().map(|seat| rounded(seat.turn_deg * 10.0)));
        let labels = row.indexes().filter_map(|index| row.label(SeatIndex(index)));
        Self {
            row: row.row.clone(),
            first_index: row.first_index,
            numbers: labels.map(SeatLabel::of).collect(),
            x,
            y,
            turn,
            dx,
            dy,
            dturn,
            aisles: row.aisles.clone(),
            grade: Some(row.grade.clone()).filter(|own| own != grade),
        }
    }
}

impl SeatLabel {
    /// `07` is a word: as a number it would be the name of another seat, or of none.
    fn of(label: String) -> Self {
        let number = label.parse().ok().filter(|number: &u32| number.to_string() == label);
        number.map_or(Self::Word(label), Self::Number)
    }
}

/// The first value and the steps to each next one.
fn stepped(values: impl Iterator<Item = i32>) -> (i32, Vec<i32>) {
    let values: Vec<_> = values.collect();
    let mut steps: Vec<_> = values.iter().zip(values.iter().skip(1)).map(|(one, next)| next - one).collect();
    if steps.iter().all(|step| steps.first() == Some(step)) {
        steps.truncate(1);
        steps.retain(|step| *step != 0);
    }
    (values.first().copied().unwrap_or(0), steps)
}

fn places(layout: &Layout) -> Vec<SpecialPlaceView> {
    let view = |(index, place): (SeatIndex, &PlacePlan)| SpecialPlaceView {
        index: index.0,
        kind: layout.kind_of(index),
        grade: place.grade.clone(),
        companion_of: layout.companion_of(index).map(|of| of.0),
        note: place.note.clone(),
    };
    layout.special().map(view).collect()
}

fn centimetres(metres: f64) -> i32 {
    rounded(metres * 100.0)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "in a test a panic is the way to fail")]
mod tests {
    use super::*;
    use axum::{
        body::HttpBody as _,
        http::{HeaderMap, HeaderValue, header},
    };
    use domain::layout::LayoutPlan;
    use uuid::Uuid;

    /// A plan, and where its rows stand.
    #[derive(serde::Deserialize)]
    struct Placed {
        plan: LayoutPlan,
    }

    /// The front end's preview of a plan is held to the same file (web/tests/unit/manage-house.test.ts). When this fails, its
    /// left side is what the file should say.
    #[test]
    fn the_file_of_placed_plans_is_what_clients_get() {
        let file = include_str!("../placed.json");
        let placed: Vec<Placed> = serde_json::from_str(file).unwrap();
        let line = |Placed { plan }: &Placed| {
            let view = LayoutView::new(LayoutId(Uuid::nil()), &Layout::parse(plan.clone()).unwrap());
            let (plan, view) = (serde_json::to_string(plan).unwrap(), serde_json::to_string(&view).unwrap());
            format!("{{\"plan\":{plan},\n\"placed\":{view}}}")
        };
        let lines: Vec<_> = placed.iter().map(line).collect();
        assert_eq!(format!("[\n{}\n]\n", lines.join(",\n")), file);
    }

    /// How many bytes of a layout a client gets if it understands gzip.
    fn sent(layout: &Layout) -> u64 {
        let plan = crate::packed(LayoutId(Uuid::nil()), layout).unwrap();
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"))]);
        let answer = plan.answer(&headers);
        assert_eq!(answer.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(answer.headers()[header::VARY], "accept-encoding");
        answer.body().size_hint().exact().unwrap()
    }

    #[test]
    fn a_seat_of_a_stadium_takes_twelve_bytes_at_most() {
        for seats in [66_000, 100_000] {
            let layout = Layout::parse(bench_houses::stadium(seats)).unwrap();
            layout.check_apart().unwrap();
            let (bytes, kept) =
                (sent(&layout), crate::packed(LayoutId(Uuid::nil()), &layout).unwrap().size());
            println!("{seats} seats: {bytes} bytes sent, {kept} kept");
            assert!(bytes <= 12 * u64::from(seats), "{bytes} bytes for {seats} seats");
        }
    }
}
