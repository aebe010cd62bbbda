//! Drawn houses of all shapes: where their seats stand, what they are called, and which mistakes are refused.
#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the way to fail")]

use domain::{
    layout::{
        Degrees, Layout, LayoutPlan, Metres, Numbering, Overrides, PlaceKind, PlacePlan, Point, Row, RowPlan,
        SeatIndex, SectionPlan,
    },
    seat::SeatId,
};
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, HashSet};

/// Less between the middles of two seats is a mistake, in metres.
const APART_M: f64 = 0.25;

fn metres(range: std::ops::RangeInclusive<i32>) -> impl Strategy<Value = Metres> {
    range.prop_map(Metres::of_centimetres)
}

/// From seat to seat and from row to row: from the least that is accepted to more than usual.
fn pitch() -> impl Strategy<Value = Option<Metres>> {
    prop::option::of(metres(30..=150))
}

fn labels(seats: u32) -> impl Strategy<Value = Vec<String>> {
    let label = "[\\p{L}\\p{N}_.]{1,4}";
    prop::collection::hash_set(label, seats as usize).prop_map(|labels| labels.into_iter().collect())
}

fn numbers(seats: u32) -> impl Strategy<Value = Option<Numbering>> {
    let step = prop_oneof![-7..=-1, 1..=7];
    let counted = (step, 1..=500u32).prop_map(move |(step, least): (i32, u32)| {
        let first = if step > 0 { least } else { least + step.unsigned_abs() * (seats - 1) };
        Numbering::Counted { first, step }
    });
    prop_oneof![
        Just(None),
        counted.prop_map(Some),
        labels(seats).prop_map(|labels| Some(Numbering::Labels(labels)))
    ]
}

fn row(seats_max: u32) -> impl Strategy<Value = RowPlan> {
    let parts = (1..=seats_max).prop_flat_map(|seats| {
        let aisles = prop::collection::btree_set(1..seats.max(2), 0..3);
        (Just(seats), numbers(seats), aisles)
    });
    (parts, pitch(), prop::option::of(metres(-300..=300)), pitch()).prop_map(
        |((seats, numbers, aisles), pitch_m, offset_m, depth_m)| RowPlan {
            seats,
            numbers,
            pitch_m,
            offset_m,
            depth_m,
            aisles: aisles.into_iter().filter(|after| *after < seats).collect(),
            ..RowPlan::default()
        },
    )
}

/// A section that stands somewhere within 20 m.
fn section() -> impl Strategy<Value = SectionPlan> {
    let at = (metres(-2_000..=2_000), metres(-2_000..=2_000)).prop_map(|(x, y)| Point { x, y });
    let curve = prop::option::of(prop_oneof![metres(600..=6_000), metres(-6_000..=-1_500)]);
    (at, -3_600..=3_600i16, curve, prop::collection::vec(row(12), 1..6)).prop_map(
        |(at, turn, curve_m, rows)| {
            let named = |(number, row)| RowPlan { row: format!("{number}"), ..row };
            SectionPlan {
                grade: "R".into(),
                at: Some(at),
                turn_deg: Degrees::of_tenths(turn),
                curve_m,
                rows: (1..).zip(rows).map(named).collect(),
                ..SectionPlan::default()
            }
        },
    )
}

/// Plans of up to three sections, which may stand in each other's way.
fn plan() -> impl Strategy<Value = LayoutPlan> {
    prop::collection::vec(section(), 1..4).prop_map(|sections| {
        let named = |(name, section): (&str, _)| SectionPlan { section: name.into(), ..section };
        LayoutPlan::of(["A", "나", "Γ"].into_iter().zip(sections).map(named).collect())
    })
}

/// The plan checked; plans that bend too far are passed over.
fn checked(plan: LayoutPlan) -> Option<Layout> {
    match Layout::parse(plan) {
        Ok(layout) => Some(layout),
        Err(why) if why.to_string().contains("bent too far") => None,
        Err(why) => panic!("{why}"),
    }
}

fn seats(layout: &Layout) -> impl Iterator<Item = SeatIndex> {
    (0..layout.seat_count()).map(SeatIndex)
}

fn seats_of(row: &Row) -> impl Iterator<Item = (SeatIndex, (f64, f64))> {
    row.indexes().map(SeatIndex).map(|seat| (seat, row.position(seat).map(|at| (at.x, at.y)).unwrap()))
}

fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_two_seats_of_an_accepted_plan_stand_in_the_same_place(plan in plan()) {
        let Some(layout) = checked(plan) else { return Ok(()) };
        let all: Vec<_> = layout.rows().iter().flat_map(seats_of).collect();
        let is_near = |number: usize| all[..number].iter().any(|(_, other)| distance(*other, all[number].1) < APART_M);
        prop_assert_eq!(layout.check_apart().is_err(), (0..all.len()).any(is_near));
    }

    #[test]
    fn each_seat_has_one_name_and_is_found_by_it(plan in plan()) {
        let Some(layout) = checked(plan) else { return Ok(()) };
        let mut names = HashSet::new();
        for seat in seats(&layout) {
            let name = layout.name_of(seat).unwrap();
            prop_assert_eq!(layout.find(&name), Some((seat, "R")));
            let read = SeatId::parse(name.as_str());
            prop_assert_eq!(read.as_ref(), Ok(&name));
            prop_assert!(names.insert(name));
        }
        prop_assert_eq!(names.len(), layout.seat_count() as usize);
    }

    #[test]
    fn what_is_special_about_places_moves_none(plan in plan(), chosen in prop::collection::vec(any::<prop::sample::Index>(), 0..9)) {
        // As plans come in: what overrides name is tidied too. Labels that only look different are refused then.
        let plan = plan.tidied();
        let Ok(plain) = Layout::parse(plan.clone()) else { return Ok(()) };
        let kinds = [None, Some(PlaceKind::Wheelchair), Some(PlaceKind::RestrictedView), Some(PlaceKind::House)];
        let places = kinds.into_iter().cycle().zip(chosen).map(|(kind, at)| {
            let seat = SeatIndex(u32::try_from(at.index(plain.seat_count() as usize)).unwrap());
            (String::from(plain.name_of(seat).unwrap()), PlacePlan { kind, grade: Some("S".into()), ..PlacePlan::default() })
        });
        let places: BTreeMap<_, _> = places.collect();
        let special = Layout::parse(plan.overridden(Overrides(places.clone()))).unwrap();
        prop_assert_eq!(special.seat_count(), plain.seat_count());
        for seat in seats(&plain) {
            let name = plain.name_of(seat).unwrap();
            prop_assert_eq!(special.name_of(seat), Some(name.clone()));
            let place = places.get(name.as_str());
            prop_assert_eq!(special.kind_of(seat), place.and_then(|place| place.kind));
            prop_assert_eq!(special.grade_of(seat), Some(if place.is_some() { "S" } else { "R" }));
        }
        let positions = |layout: &Layout| layout.positions().collect::<Vec<_>>();
        prop_assert_eq!(positions(&special), positions(&plain));
    }

    #[test]
    fn a_plan_that_is_written_reads_the_same(plan in plan()) {
        let written = serde_json::to_value(&plan).unwrap();
        prop_assert_eq!(&serde_json::from_value::<LayoutPlan>(written.clone()).unwrap(), &plan);
        let mut newer = written;
        newer["sections"][0]["a field of tomorrow"] = json!([1]);
        newer["sections"][0]["rows"][0]["another"] = json!({});
        prop_assert_eq!(&serde_json::from_value::<LayoutPlan>(newer).unwrap(), &plan);
        if let Some(layout) = checked(plan.clone()) {
            prop_assert_eq!(layout.plan(), &plan);
        }
    }

    #[test]
    fn seats_of_a_row_are_their_pitch_apart_along_it(section in section()) {
        let plan = LayoutPlan::of(vec![SectionPlan { section: "A".into(), ..section.clone() }]);
        let Some(layout) = checked(plan) else { return Ok(()) };
        let mut behind = 0.0;
        for (number, (row, planned)) in layout.rows().iter().zip(&section.rows).enumerate() {
            behind += if number > 0 { planned.depth_m.map_or(0.9, Metres::get) } else { 0.0 };
            let radius = section.curve_m.map(|curve| curve.get() + behind);
            let at: Vec<_> = seats_of(row).collect();
            for pair in at.windows(2) {
                let aisle = if planned.aisles.contains(&(pair[1].0.0 - row.first_index)) { 1.2 } else { 0.0 };
                let along = planned.pitch_m.map_or(0.55, Metres::get) + aisle;
                let straight = radius.map_or(along, |radius| (2.0 * radius * (along / radius / 2.0).sin()).abs());
                prop_assert!((distance(pair[0].1, pair[1].1) - straight).abs() < 1e-6);
            }
            let turns = row.indexes().map(|seat| row.position(SeatIndex(seat)).unwrap().turn_deg);
            let Some(radius) = radius else {
                prop_assert!(turns.into_iter().all(|turn| (turn - section.turn_deg.get()).abs() < 1e-6));
                continue;
            };
            // Each looks at the middle of the arc, or away from it.
            let middle = (section.at.unwrap(), section.turn_deg.get().to_radians(), section.curve_m.unwrap().get());
            let middle = (middle.0.x.get() + middle.2 * middle.1.sin(), middle.0.y.get() - middle.2 * middle.1.cos());
            for ((_, seat), turn) in at.iter().zip(turns) {
                let (sin, cos) = turn.to_radians().sin_cos();
                let seen = (seat.0 + radius * sin, seat.1 - radius * cos);
                prop_assert!(distance(seen, middle) < 1e-6, "{seen:?} {middle:?}");
            }
        }
    }

    #[test]
    fn rows_are_ranked_by_their_nearest_seat(plan in plan(), x in -3_000..3_000i32, y in -3_000..3_000i32) {
        let focus = Point { x: Metres::of_centimetres(x), y: Metres::of_centimetres(y) };
        let Some(layout) = checked(LayoutPlan { focus: Some(focus), ..plan }) else { return Ok(()) };
        let to_focus = |at| distance(at, layout.focus());
        let nearest = |row: &Row| seats_of(row).map(|(_, at)| to_focus(at)).fold(f64::INFINITY, f64::min);
        for row in layout.rows() {
            let least = nearest(row);
            prop_assert!((row.distance_m().unwrap() - least).abs() < 1e-6, "{} {least}", row.distance_m().unwrap());
            // Of the seats, the one whose middle is nearest to the best place is nearest to the focus.
            let off = |seat: &SeatIndex| (2 * seat.0 + 1).abs_diff(row.twice_best());
            let seat = row.indexes().map(SeatIndex).min_by_key(off).unwrap();
            let at = row.position(seat).unwrap();
            // Of two neighbours either will do, those on both sides of an aisle (1.2 m) too.
            let apart = if row.aisles.is_empty() { 0.5 } else { 1.3 };
            prop_assert!(to_focus((at.x, at.y)) - least < apart, "{}", to_focus((at.x, at.y)) - least);
        }
        let distances: Vec<_> = layout.ranked().map(nearest).collect();
        prop_assert_eq!(distances.len(), layout.rows().len());
        prop_assert!(distances.is_sorted_by(|one, next| *one <= next + 1e-6));
    }

    #[test]
    fn an_outline_goes_around_its_seats_and_never_crosses_itself(plan in plan()) {
        let Some(layout) = checked(plan) else { return Ok(()) };
        for section in 0..layout.plan().sections.len() {
            let outline = layout.outline_of(section);
            for row in layout.rows().iter().filter(|row| row.section_index == section) {
                for (seat, at) in seats_of(row) {
                    prop_assert!(is_within(at, &outline), "seat {seat:?} of section {section} {outline:?}");
                }
            }
            let sides: Vec<_> = outline.iter().copied().zip(outline.iter().copied().cycle().skip(1)).collect();
            for (number, one) in sides.iter().enumerate() {
                prop_assert!(!sides[..number].iter().any(|other| crosses(*one, *other)), "section {section} {outline:?}");
            }
        }
    }
}

type Side = ((f64, f64), (f64, f64));

fn crosses(one: Side, other: Side) -> bool {
    let side = |(from, to): Side, at: (f64, f64)| {
        (to.0 - from.0) * (at.1 - from.1) - (to.1 - from.1) * (at.0 - from.0)
    };
    // Corners may lie on other sides, as far as the processor can tell.
    let is_between = |line: Side, ends: Side| {
        let (first, second) = (side(line, ends.0), side(line, ends.1));
        first.min(second) < -1e-9 && first.max(second) > 1e-9
    };
    is_between(one, other) && is_between(other, one)
}

fn is_within((x, y): (f64, f64), outline: &[(f64, f64)]) -> bool {
    let sides = outline.iter().zip(outline.iter().cycle().skip(1));
    let passed = sides.filter(|(from, to)| {
        (from.1 > y) != (to.1 > y) && x < (to.0 - from.0) * (y - from.1) / (to.1 - from.1) + from.0
    });
    passed.count() % 2 == 1
}

/// A layout as it was stored before houses were drawn.
#[test]
fn an_old_layout_loads_unchanged() {
    let stored = json!({"sections": [
        {"section": "가", "grade": "R", "rows": [{"row": "1", "seats": 3, "not_for_sale": [2]}, {"row": "2", "seats": 2}]},
        {"section": "B", "grade": "S", "rows": [{"row": "1", "seats": 1}]},
    ]});
    let plan: LayoutPlan = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(serde_json::to_value(&plan).unwrap(), stored);
    let layout = Layout::parse(plan).unwrap();
    let names: Vec<_> = seats(&layout).map(|seat| String::from(layout.name_of(seat).unwrap())).collect();
    assert_eq!(names, ["가-1-1", "가-1-2", "가-1-3", "가-2-1", "가-2-2", "B-1-1"]);
    assert_eq!(layout.not_for_sale().collect::<Vec<_>>(), [SeatIndex(1)]);
    assert!(layout.check_apart().is_ok() && layout.ranked().count() == 3);
}

#[test]
fn standing_places_are_numbered_and_have_no_position() {
    let plan = json!({"sections": [
        {"section": "F", "grade": "R", "kind": "standing", "at": {"x": 0, "y": 0}, "outline": [[0, 0], [9, 0], [9, 9]], "capacity": 300},
        {"section": "A", "grade": "R", "at": {"x": 0, "y": 20}, "rows": [{"row": "1", "seats": 2}]},
    ]});
    let layout = Layout::parse(serde_json::from_value(plan).unwrap()).unwrap();
    let seat = SeatId::parse("F-entry-120").unwrap();
    assert_eq!(layout.find(&seat), Some((SeatIndex(119), "R")));
    assert_eq!(layout.name_of(SeatIndex(300)).map(String::from).as_deref(), Some("A-1-1"));
    assert_eq!(layout.positions().map(|(index, _)| index.0).collect::<Vec<_>>(), [300, 301]);
    assert_eq!(layout.ranked().count(), 1, "standing places are not sought by their view");
    assert_eq!(layout.outline_of(0).len(), 3);
}

#[test]
fn a_mistake_is_reported_with_its_section_row_and_seat() {
    let row = json!({"row": "1", "seats": 4});
    let section = json!({"section": "A", "grade": "R", "at": {"x": 0, "y": 0}, "rows": [row]});
    let standing = json!({"section": "F", "grade": "R", "kind": "standing", "at": {"x": 0, "y": 0}, "outline": [[0, 0], [9, 0], [9, 9]], "capacity": 3});
    let with = |of: &serde_json::Value, more: serde_json::Value| {
        let mut of = of.clone();
        of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        of
    };
    let of_row = |more| json!({"sections": [with(&section, json!({"rows": [with(&row, more)]}))]});
    let of_section = |more| json!({"sections": [with(&section, more)]});
    let of_standing = |more| json!({"sections": [with(&standing, more)]});
    let of_places = |places| json!({"sections": [section, standing], "places": places});
    for (plan, says) in [
        (json!({"sections": []}), "must have 1 to 500 sections"),
        (json!({"sections": [section, section]}), "has section A twice"),
        (
            json!({"sections": [section, {"section": "B", "grade": "R", "rows": [row]}]}),
            "section B must have a place (at)",
        ),
        (
            json!({"sections": [{"section": "B", "grade": "R", "turn_deg": 5, "rows": [row]}]}),
            "section B must have a place (at)",
        ),
        (of_section(json!({"section": "A-1"})), "section 1 must be named with"),
        (of_section(json!({"entrance": " "})), "section A: its entrance must"),
        (of_section(json!({"rows": []})), "section A has no rows"),
        (of_section(json!({"capacity": 5})), "section A has rows, so it has no capacity"),
        (of_section(json!({"grade": ""})), "section A: its grade must"),
        (of_section(json!({"curve_m": 0.5})), "row A-1 is bent too far"),
        (of_section(json!({"at": {"x": 9999.5, "y": 0}})), "row A-1 must lie within"),
        (of_row(json!({"row": "a b"})), "row 1 of section A must be named with"),
        (of_row(json!({"seats": 0})), "row A-1 must have 1 to 1000 seats"),
        (of_row(json!({"numbers": {"first": 3, "step": -1}})), "row A-1 must have numbers from 1"),
        (of_row(json!({"numbers": {"first": 1, "step": 0}})), "row A-1 must have numbers from 1"),
        (of_row(json!({"numbers": ["1", "2", "3", "3"]})), "row A-1 must have one label for each seat"),
        (of_row(json!({"numbers": ["1", "2", "3", "4-5"]})), "a seat of row A-1 must be named with"),
        (of_row(json!({"aisles": [2, 2]})), "row A-1 must have its aisles"),
        (of_row(json!({"aisles": [4]})), "row A-1 must have its aisles"),
        (of_row(json!({"pitch_m": 0.2})), "row A-1 must leave its seats 0.3 m"),
        (of_row(json!({"not_for_sale": [5]})), "row A-1 has no seat 5"),
        (of_standing(json!({"capacity": 0})), "section F is for standing: its capacity must be"),
        (of_standing(json!({"rows": [row]})), "section F is for standing, so it has no rows"),
        (of_standing(json!({"turn_deg": 1})), "section F is for standing, so it is neither turned"),
        (of_standing(json!({"outline": [[0, 0], [1, 1]]})), "section F must have an outline of 3"),
        (of_places(json!({"A-1-5": {}})), "has no seat A-1-5"),
        (of_places(json!({"F-entry-1": {"kind": "house"}})), "seat F-entry-1 is a standing place"),
        (
            of_places(json!({"A-1-1": {"kind": "companion"}})),
            "seat A-1-1 must be of the kind companion and say",
        ),
        (
            of_places(json!({"A-1-1": {"companion_of": "A-1-2"}})),
            "seat A-1-1 must be of the kind companion and say",
        ),
        (of_places(json!({"A-1-1": {"kind": "companion", "companion_of": "A-1-9"}})), "has no seat A-1-9"),
        (
            of_places(json!({"A-1-1": {"kind": "companion", "companion_of": "A-1-2"}})),
            "seat A-1-1 is a companion of A-1-2, which",
        ),
        (of_places(json!({"A-1-1": {"note": "x".repeat(101)}})), "seat A-1-1: its note must"),
        (
            json!({"sections": [section], "stage": [{"kind": "stage", "outline": [[0, 0], [1, 1]]}]}),
            "shape 1 of stage must have",
        ),
        (
            json!({"sections": [section], "decorations": [{"kind": "text", "text": ""}]}),
            "shape 1 of decorations: its text must",
        ),
    ] {
        let read = serde_json::from_value::<LayoutPlan>(plan.clone()).unwrap();
        let why = Layout::parse(read).expect_err(&plan.to_string()).to_string();
        assert!(why.starts_with(says), "{plan}: {why}");
    }
    let twice =
        json!({"sections": [section, with(&section, json!({"section": "B", "at": {"x": 0.1, "y": 0.1}}))]});
    let twice = Layout::parse(serde_json::from_value(twice).unwrap()).unwrap();
    assert_eq!(twice.check_apart().unwrap_err().to_string(), "seats A-1-1 and B-1-1 stand in the same place");
}

#[test]
fn what_a_performance_does_not_speak_of_stays_as_in_its_house() {
    let plan = json!({
        "sections": [{"section": "A", "grade": "R", "rows": [{"row": "1", "seats": 4}]}],
        "places": {"A-1-1": {"kind": "wheelchair"}, "A-1-3": {"kind": "house"}, "A-1-4": {"kind": "restricted_view", "note": "pillar"}},
    });
    let overrides = json!({"A-1-1": {"grade": "S"}, "A-1-3": {"note": "hello"}, "A-1-4": {"grade": "S"}});
    let plan: LayoutPlan = serde_json::from_value(plan).unwrap();
    let layout = Layout::parse(plan.overridden(serde_json::from_value(overrides).unwrap())).unwrap();
    let kinds = [PlaceKind::Wheelchair, PlaceKind::House, PlaceKind::RestrictedView].map(Some);
    assert_eq!([0, 2, 3].map(|seat| layout.kind_of(SeatIndex(seat))), kinds);
    assert_eq!((layout.grade_of(SeatIndex(0)), layout.note_of(SeatIndex(3))), (Some("S"), Some("pillar")));
}
