//! Performances for tests to sell.

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

/// The seats of each row that are not for sale in a [`Fixture`] with `house_seats`.
pub const NOT_FOR_SALE: &[u32] = &[1];

/// The secret of a [`Fixture`] with a draw.
pub const DRAW_SECRET: Secret = Secret([42; 32]);

/// A section: its name, its grade, and the seats of each row. Rows are named 1, 2, 3 …
pub type Section = (&'static str, &'static str, &'static [u32]);

/// What a performance is to be like. The default is on sale without a queue, and has one row of ten seats: `A-1-1` to
/// `A-1-10`.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The show's title.
    pub title: &'static str,
    /// The show's genre.
    pub genre: &'static str,
    pub mode: SaleMode,
    /// In layout order.
    pub sections: &'static [Section],
    /// Whether the seats [`NOT_FOR_SALE`] are kept back.
    pub house_seats: bool,
    /// Each grade with its price.
    pub grades: &'static [(&'static str, u64)],
    /// The most seats of one account, in live bookings and holds.
    pub max_seats_per_user: u32,
    /// When people begin to gather for a draw, in seconds from now; nothing: no draw.
    pub prequeue_in_s: Option<i64>,
    /// When the sale opens, in seconds from now.
    pub opens_in_s: i64,
    /// When the sale closes, in seconds from now.
    pub closes_in_s: i64,
    /// Whether seats are sold after the performance has begun.
    pub late_entry: bool,
    /// From when wheelchair places are sold like all others, in seconds from now.
    pub accessible_release_in_s: Option<i64>,
    /// When the performance begins, in seconds from now.
    pub starts_in_s: i64,
    /// Whether the organizer has paused or closed the sale.
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
            accessible_release_in_s: None,
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
            house: None,
            seat_count: checked.seat_count(),
            for_sale_count: checked.for_sale_count(),
            sale: Sale {
                opens_at: at(self.opens_in_s),
                closes_at: at(self.closes_in_s),
                late_entry: self.late_entry,
                accessible_release_at: self.accessible_release_in_s.map(at),
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
            ..RowPlan::default()
        };
        let section = |(section, grade, rows): &Section| SectionPlan {
            section: (*section).into(),
            grade: (*grade).into(),
            rows: (1..).zip(*rows).map(row).collect(),
            ..SectionPlan::default()
        };
        LayoutPlan::of(self.sections.iter().map(section).collect())
    }
}
