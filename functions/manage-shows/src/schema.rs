//! What the `OpenAPI` document says of a seat plan. The domain's plan is what is read and written: it knows nothing of the
//! document.
#![expect(dead_code, reason = "these are schemas alone")]

use serde::Serialize;
use shared::http::wire::words::{PlaceKindWords, SectionKindWords, ShapeKindWords};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A seat plan with a name. Lengths are metres, angles degrees; y grows away from the stage, x to the right as one looks at it.
#[derive(ToSchema)]
#[schema(as = NewHouse)]
pub(crate) struct HouseSchema {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The sections, in the order in which their places are counted.
    #[schema(min_items = 1, max_items = 500)]
    sections: Vec<SectionSchema>,
    /// The outlines of the stage or the field.
    #[schema(required = false, max_items = 500)]
    stage: Vec<ShapeSchema>,
    /// What else stands in the house.
    #[schema(required = false, max_items = 500)]
    decorations: Vec<ShapeSchema>,
    /// What everybody looks at: the best seats are those near it. By default the middle of the stage, or of the front.
    focus: Option<PointSchema>,
    /// What is special about single places, by their names, such as `A-12-7`.
    #[schema(required = false)]
    places: BTreeMap<String, PlaceSchema>,
}

/// A seat plan. If no section has a place (`at`), sections are laid out automatically, side by side.
#[derive(ToSchema)]
#[schema(as = NewLayout)]
pub(crate) struct LayoutSchema {
    #[schema(min_items = 1, max_items = 500)]
    sections: Vec<SectionSchema>,
    /// The outlines of the stage or the field.
    #[schema(required = false, max_items = 500)]
    stage: Vec<ShapeSchema>,
    /// What else stands in the house.
    #[schema(required = false, max_items = 500)]
    decorations: Vec<ShapeSchema>,
    /// What everybody looks at: the best seats are those near it. By default the middle of the stage, or of the front.
    focus: Option<PointSchema>,
    /// What is special about single places, by their names, such as `A-12-7`.
    #[schema(required = false)]
    places: BTreeMap<String, PlaceSchema>,
}

/// A part of the house: rows of seats, or an area for standing.
#[derive(ToSchema)]
#[schema(as = NewSection)]
struct SectionSchema {
    /// Letters and digits of any script, `_` and `.`.
    #[schema(min_length = 1, max_length = 20)]
    section: String,
    /// The grade of its places, where a row or a place has no other. One of the show's grades.
    #[schema(min_length = 1, max_length = 20)]
    grade: String,
    /// Whether its buyers sit or stand; `seats` by default.
    #[schema(required = false)]
    kind: SectionKindWords,
    /// Where the middle of its first row stands; for a standing area, the origin of its outline. All sections have one, or none.
    at: Option<PointSchema>,
    /// How far it is turned about that point, clockwise. Unturned, its rows face towards smaller y.
    #[schema(required = false, minimum = -360, maximum = 360)]
    turn_deg: f64,
    /// The radius of its first row, around a point in front of it. A negative one bends the rows the other way.
    #[schema(minimum = -10_000, maximum = 10_000)]
    curve_m: Option<f64>,
    /// The rows, each behind the one before. A standing area has none.
    #[schema(required = false, max_items = 10_000)]
    rows: Vec<RowSchema>,
    /// The outline of a standing area, relative to its origin: pairs of x and y.
    #[schema(required = false, max_items = 200)]
    outline: Vec<[f64; 2]>,
    /// How many stand in a standing area: their entry numbers are 1 to this.
    #[schema(minimum = 1, maximum = 100_000)]
    capacity: Option<u32>,
    /// The entrance that leads to it.
    #[schema(min_length = 1, max_length = 40)]
    entrance: Option<String>,
}

/// A row of seats, from left to right as its section is drawn unturned.
#[derive(ToSchema)]
#[schema(as = NewRow)]
struct RowSchema {
    #[schema(min_length = 1, max_length = 20)]
    row: String,
    #[schema(minimum = 1, maximum = 1_000)]
    seats: u32,
    /// What the seats are called; 1, 2, 3 … if nothing else is said.
    numbers: Option<NumbersSchema>,
    /// The grade of its seats, if it is not the section's.
    #[schema(min_length = 1, max_length = 20)]
    grade: Option<String>,
    /// The distance from seat to seat; 0.55 by default.
    #[schema(minimum = 0.3, maximum = 10_000)]
    pitch_m: Option<f64>,
    /// How far the middle of the row is to the right of the section's.
    #[schema(minimum = -10_000, maximum = 10_000)]
    offset_m: Option<f64>,
    /// After which seats, counted from the left, an aisle leads through the row. Seats beside an aisle are not together.
    #[schema(required = false, max_items = 1_000)]
    aisles: Vec<u32>,
    /// The distance to the row in front; 0.9 by default.
    #[schema(minimum = 0.3, maximum = 10_000)]
    depth_m: Option<f64>,
    /// Seats that the house keeps, counted from 1 at the left. They are shown and never sold.
    #[schema(required = false)]
    not_for_sale: Vec<u32>,
}

/// What the seats of a row are called: by counting, or one by one.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = SeatNumbers)]
enum NumbersSchema {
    /// Odd or even numbers have a step of 2, descending ones a negative step.
    Counted {
        /// The number of the leftmost seat.
        #[schema(minimum = 1, maximum = 99_999)]
        first: u32,
        step: i32,
    },
    /// A label for each seat: letters and digits of any script, `_` and `.`.
    Labels(Vec<String>),
}

/// What is special about one place.
#[derive(ToSchema)]
#[schema(as = PlacePlan)]
pub(crate) struct PlaceSchema {
    /// Its grade, if it is not the row's.
    #[schema(min_length = 1, max_length = 20)]
    grade: Option<String>,
    kind: Option<PlaceKindWords>,
    /// The wheelchair place beside which its companion sits.
    companion_of: Option<String>,
    /// A word to the buyer, such as what is in the way of the view.
    #[schema(max_length = 100)]
    note: Option<String>,
}

/// Something drawn: an outline, or a word.
#[derive(ToSchema)]
#[schema(as = ShapePlan)]
struct ShapeSchema {
    kind: ShapeKindWords,
    /// The origin of its outline, or the middle of its word.
    #[schema(required = false)]
    at: PointSchema,
    /// Its corners, relative to its origin: pairs of x and y.
    #[schema(required = false, max_items = 200)]
    outline: Vec<[f64; 2]>,
    /// What is written there.
    #[schema(min_length = 1, max_length = 40)]
    text: Option<String>,
}

/// A point of the house.
#[derive(ToSchema)]
#[schema(as = PlanPoint)]
struct PointSchema {
    /// To the right, as one looks at the stage.
    #[schema(minimum = -10_000, maximum = 10_000)]
    x: f64,
    /// Away from the stage.
    #[schema(minimum = -10_000, maximum = 10_000)]
    y: f64,
}

/// A house of one's library.
#[derive(ToSchema)]
#[schema(as = ChosenHouse)]
pub(crate) struct ChosenHouseSchema {
    house_id: Uuid,
    /// The newest, if it is absent.
    #[schema(minimum = 1)]
    version: Option<u32>,
}
