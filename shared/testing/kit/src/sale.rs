//! Something to sell.

use domain::{
    LayoutId, PerformanceId, ShowId, UserId,
    draw::Secret,
    layout::{Layout, LayoutPlan, RowPlan, SectionPlan},
    money::Currency,
    performance::Performance,
    sale::{JoinPolicy, Prequeue, Sale, SaleControl, SaleMode},
    show::{Grade, Show, ShowDetails},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The seats of each row that a [`Fixture`] keeps for the house, when it keeps any.
pub const NOT_FOR_SALE: &[u32] = &[1];

/// What a [`Fixture`] with a draw is drawn by.
pub const DRAW_SECRET: Secret = Secret([42; 32]);

/// A section, its grade, and the seats of each row; rows are called 1, 2, 3 …
pub type Section = (&'static str, &'static str, &'static [u32]);

/// What a performance shall be like; the default is on sale, without a queue, with one row of ten seats: `A-1-1` to
/// `A-1-10`.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// Of the show.
    pub title: &'static str,
    /// Of the show.
    pub genre: &'static str,
    /// How it is sold.
    pub mode: SaleMode,
    /// In layout order.
    pub sections: &'static [Section],
    /// Whether the house keeps [`NOT_FOR_SALE`].
    pub house_seats: bool,
    /// Grade and price.
    pub grades: &'static [(&'static str, u64)],
    /// Live bookings and holds of one person.
    pub max_seats_per_user: u32,
    /// From when people gather for a draw, from now.
    pub prequeue_in_s: Option<i64>,
    /// From now.
    pub opens_in_s: i64,
    /// From now.
    pub closes_in_s: i64,
    /// Whether seats are sold after the start.
    pub late_entry: bool,
    /// From now.
    pub starts_in_s: i64,
    /// The organizer's hand on it.
    pub control: SaleControl,
    /// How many may be inside.
    pub cap: u32,
    /// How many are called a minute.
    pub rate_per_min: u32,
    /// Whether buyers see it.
    pub published: bool,
}

impl Default for Fixture {
    fn default() -> Self {
        Self {
            title: "봄의 제전",
            genre: "ballet",
            mode: SaleMode::Open,
            sections: &[("A", "R", &[10])],
            house_seats: false,
            grades: &[("R", 50_000)],
            max_seats_per_user: 4,
            prequeue_in_s: None,
            opens_in_s: -60,
            closes_in_s: 86_400,
            late_entry: false,
            starts_in_s: 2 * 86_400,
            control: SaleControl::Open,
            cap: 100,
            rate_per_min: 6_000,
            published: true,
        }
    }
}

impl Fixture {
    /// Sold through the waiting room.
    #[must_use]
    pub fn queue() -> Self {
        Self { mode: SaleMode::Queue, ..Self::default() }
    }

    pub(crate) fn show(&self, organizer_id: UserId, show_id: Uuid, now: Timestamp) -> Show {
        let grades = self.grades.iter();
        Show {
            show_id: ShowId(show_id),
            organizer_id,
            details: ShowDetails {
                title: self.title.into(),
                genre: self.genre.into(),
                venue: "예술의전당".into(),
                description: "스트라빈스키".into(),
                age_limit: 8,
                runtime_min: 90,
                poster_url: Some("/posters/spring.svg".into()),
                grades: grades
                    .map(|(grade, price)| Grade { grade: (*grade).into(), price: *price })
                    .collect(),
                currency: Currency::default(),
                max_seats_per_user: self.max_seats_per_user,
            },
            performances: BTreeMap::new(),
            created_at: now,
            version: 0,
        }
    }

    pub(crate) fn performance(
        &self,
        show: &Show,
        [performance, layout]: [Uuid; 2],
        now: Timestamp,
    ) -> (Performance, LayoutPlan) {
        let plan = self.plan();
        let checked = Layout::parse(plan.clone()).expect("a layout");
        let at = |in_s| now + SignedDuration::from_secs(in_s);
        let prequeue = self
            .prequeue_in_s
            .map(|in_s| Prequeue { opens_at: at(in_s), commitment: DRAW_SECRET.commitment() });
        let performance = Performance {
            performance_id: PerformanceId(performance),
            show_id: show.show_id,
            organizer_id: show.organizer_id,
            starts_at: at(self.starts_in_s),
            layout_id: LayoutId(layout),
            seat_count: checked.seat_count(),
            for_sale_count: checked.for_sale_count(),
            sale: Sale {
                opens_at: at(self.opens_in_s),
                closes_at: at(self.closes_in_s),
                late_entry: self.late_entry,
                mode: self.mode,
                cap: self.cap,
                rate_per_min: self.rate_per_min,
                control: self.control,
                door: JoinPolicy { prequeue, ..JoinPolicy::default() },
            },
            grades: show.details.grades.clone(),
            price_range: show.details.price_range_in(&checked),
            currency: show.details.currency.clone(),
            max_seats_per_user: show.details.max_seats_per_user,
            published_at: None,
        };
        (performance, plan)
    }

    fn plan(&self) -> LayoutPlan {
        let house = if self.house_seats { NOT_FOR_SALE } else { &[] };
        let row = |(row, seats): (u32, &u32)| RowPlan {
            row: row.to_string(),
            seats: *seats,
            not_for_sale: house.into(),
        };
        let section = |(section, grade, rows): &Section| SectionPlan {
            section: (*section).into(),
            grade: (*grade).into(),
            rows: (1..).zip(*rows).map(row).collect(),
        };
        LayoutPlan { sections: self.sections.iter().map(section).collect() }
    }
}
