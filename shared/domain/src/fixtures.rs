//! What the tests of the rules sell: one small house.

use crate::{
    LayoutId, PerformanceId, ShowId, UserId,
    layout::{Layout, LayoutPlan, RowPlan, SectionPlan},
    money::Currency,
    performance::Performance,
    sale::{JoinPolicy, Sale, SaleControl, SaleMode},
    show::{Grade, ShowDetails},
};
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) const USER: UserId = UserId(Uuid::from_u128(3));

pub(crate) fn at(s: i64) -> Timestamp {
    Timestamp::from_second(s).expect("in range")
}

pub(crate) fn details() -> ShowDetails {
    ShowDetails {
        title: "봄의 제전".into(),
        genre: "ballet".into(),
        venue: "Hall".into(),
        description: String::new(),
        age_limit: 8,
        runtime_min: 90,
        poster_url: None,
        grades: vec![Grade { grade: "R".into(), price: 500 }, Grade { grade: "S".into(), price: 0 }],
        currency: Currency::default(),
        max_seats_per_user: 4,
    }
}

pub(crate) fn sale() -> Sale {
    Sale {
        opens_at: at(100),
        closes_at: at(200),
        late_entry: false,
        accessible_release_at: None,
        mode: SaleMode::Queue,
        cap: 5,
        rate_per_min: 60,
        control: SaleControl::Open,
        door: JoinPolicy::default(),
    }
}

/// Row A-1 of three seats for 500, the second of them kept by the house; row B-1 of two free seats. It starts at 300 s.
pub(crate) fn house() -> (ShowDetails, Performance, Layout) {
    let section = |name: &str, grade: &str, seats, not_for_sale| SectionPlan {
        section: name.into(),
        grade: grade.into(),
        rows: vec![RowPlan { row: "1".into(), seats, not_for_sale, ..RowPlan::default() }],
        ..SectionPlan::default()
    };
    let sections = vec![section("A", "R", 3, vec![2]), section("B", "S", 2, vec![])];
    let layout = Layout::parse(LayoutPlan::of(sections)).expect("valid");
    let show = details();
    let performance = Performance {
        performance_id: PerformanceId(Uuid::from_u128(1)),
        show_id: ShowId(Uuid::from_u128(2)),
        organizer_id: USER,
        starts_at: at(300),
        layout_id: LayoutId(Uuid::nil()),
        house: None,
        seat_count: layout.seat_count(),
        for_sale_count: layout.for_sale_count(),
        sale: sale(),
        grades: show.grades.clone(),
        price_range: show.price_range_in(&layout),
        currency: show.currency.clone(),
        max_seats_per_user: show.max_seats_per_user,
        published_at: Some(at(0)),
    };
    (show, performance, layout)
}
