//! A performance as a test wants it.

use domain::{
    LayoutId, PerformanceId, ShowId, UserId,
    layout::{Layout, LayoutPlan, RowPlan, SectionPlan},
    money::Currency,
    performance::Performance,
    sale::{Sale, SaleControl, SaleMode},
    show::{Grade, Show, ShowDetails},
};
use jiff::SignedDuration;
use shared::app::App;

/// A house of one section `A` with rows `1`, `2`, … of equal length, on sale since an hour, two days before it starts.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The show's title.
    pub title: &'static str,
    /// The show's genre.
    pub genre: &'static str,
    /// How many rows.
    pub rows: u32,
    /// How many seats a row.
    pub seats: u32,
    /// Minor units.
    pub price: u64,
    /// Straight in, or through the waiting room.
    pub mode: SaleMode,
    /// How many one person may have.
    pub max_seats_per_user: u32,
    /// How many may be inside.
    pub cap: u32,
    /// Hours from now.
    pub opens_in_h: i64,
    /// Hours from now.
    pub closes_in_h: i64,
    /// Hours from now.
    pub starts_in_h: i64,
    /// What the organizer ordered.
    pub control: SaleControl,
    /// Whose show; somebody's where it is not given.
    pub organizer: Option<UserId>,
}

impl Default for Stage {
    fn default() -> Self {
        Self {
            title: "봄의 제전",
            genre: "ballet",
            rows: 2,
            seats: 5,
            price: 50_000,
            mode: SaleMode::Open,
            max_seats_per_user: 4,
            cap: 100,
            opens_in_h: -1,
            closes_in_h: 24,
            starts_in_h: 48,
            control: SaleControl::Open,
            organizer: None,
        }
    }
}

impl Stage {
    /// Behind a waiting room.
    #[must_use]
    pub fn with_queue() -> Self {
        Self { mode: SaleMode::Queue, ..Self::default() }
    }

    pub(crate) async fn open(self, app: &App) -> Performance {
        let organizer_id = self.organizer.unwrap_or(UserId(app.ids.uuid()));
        let show = Show {
            show_id: ShowId(app.ids.uuid()),
            organizer_id,
            details: self.details(),
            performances: [].into(),
            created_at: app.clock.now(),
        };
        let layout = self.layout();
        let draft = self.performance(app, &show, &layout);
        app.programme.create_show(&show).await.expect("a show");
        app.programme.add_performance(&draft, layout.plan()).await.expect("a performance");
        let published = Performance { published_at: Some(app.clock.now()), ..draft };
        app.programme.publish(&published).await.expect("published");
        published
    }

    fn details(&self) -> ShowDetails {
        ShowDetails {
            title: self.title.into(),
            genre: self.genre.into(),
            venue: "예술의 집".into(),
            description: "한 편의 발레".into(),
            age_limit: 8,
            runtime_min: 90,
            poster_url: None,
            grades: vec![Grade { grade: "R".into(), price: self.price }],
            currency: Currency::default(),
            max_seats_per_user: self.max_seats_per_user,
        }
    }

    fn layout(&self) -> Layout {
        let row = |row: u32| RowPlan { row: row.to_string(), seats: self.seats, not_for_sale: vec![] };
        let section =
            SectionPlan { section: "A".into(), grade: "R".into(), rows: (1..=self.rows).map(row).collect() };
        Layout::parse(LayoutPlan { sections: vec![section] }).expect("a layout")
    }

    fn performance(&self, app: &App, show: &Show, layout: &Layout) -> Performance {
        let in_h = |hours| app.clock.now() + SignedDuration::from_hours(hours);
        Performance {
            performance_id: PerformanceId(app.ids.uuid()),
            show_id: show.show_id,
            organizer_id: show.organizer_id,
            starts_at: in_h(self.starts_in_h),
            layout_id: LayoutId(app.ids.uuid()),
            seat_count: layout.seat_count(),
            for_sale_count: layout.for_sale_count(),
            sale: Sale {
                opens_at: in_h(self.opens_in_h),
                closes_at: in_h(self.closes_in_h),
                mode: self.mode,
                cap: self.cap,
                rate_per_min: 6_000,
                control: self.control,
            },
            grades: show.details.grades.clone(),
            currency: show.details.currency.clone(),
            max_seats_per_user: show.details.max_seats_per_user,
            published_at: None,
        }
    }
}
