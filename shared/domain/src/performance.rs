//! A performance: one show, at one time, in one layout, with one sale.

use crate::{
    LayoutId, PerformanceId, ShowId, UserId,
    money::{Currency, PriceRange},
    plain,
    sale::Sale,
    show::Grade,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything about a performance that its sale needs, including prices, which are fixed when it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performance {
    /// The performance's id.
    pub performance_id: PerformanceId,
    /// The show that is performed.
    pub show_id: ShowId,
    /// The organizer who manages it.
    pub organizer_id: UserId,
    /// When the curtain rises. Cancelling is possible until then.
    pub starts_at: Timestamp,
    /// Its seat plan.
    pub layout_id: LayoutId,
    /// The number of seats of the layout.
    pub seat_count: u32,
    /// The number of seats for sale.
    pub for_sale_count: u32,
    /// Its sale.
    pub sale: Sale,
    /// The prices as published.
    pub grades: Vec<Grade>,
    /// What its seats for sale cost. `None` if the house keeps all of them, and in records older than this field.
    #[serde(default)]
    pub price_range: Option<PriceRange>,
    /// The currency of the prices.
    pub currency: Currency,
    /// The most seats of one buyer, holds and live bookings together, as published. Until then the show's limit counts.
    pub max_seats_per_user: u32,
    /// When it was published. Before that, buyers neither see it nor buy seats.
    pub published_at: Option<Timestamp>,
}

impl Performance {
    /// The price of a grade, if the performance has it.
    #[must_use]
    pub fn price_of(&self, grade: &str) -> Option<u64> {
        self.grades.iter().find(|known| known.grade == grade).map(|known| known.price)
    }

    /// Whether the curtain is up, so that no more seats may be taken.
    #[must_use]
    pub fn is_past_entry(&self, now: Timestamp) -> bool {
        now >= self.starts_at && !self.sale.late_entry
    }

    /// Finds a grade by name and returns it as the performance writes it. How its characters are composed does not matter.
    #[must_use]
    pub fn grade_named(&self, name: &str) -> Option<&str> {
        let composed = plain::composed(name);
        let same = |known: &&Grade| known.grade == name || known.grade == composed;
        self.grades.iter().find(same).map(|known| known.grade.as_str())
    }

    /// What the show's record keeps of the performance, so that listing shows is one query.
    #[must_use]
    pub fn summary(&self) -> PerformanceSummary {
        PerformanceSummary {
            starts_at: self.starts_at,
            sale: self.sale.listed(),
            seat_count: self.seat_count,
            for_sale_count: self.for_sale_count,
            price_range: self.price_range,
            published: self.published_at.is_some(),
        }
    }
}

/// What a list of shows needs of a performance. Its prices and its limit are the show's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerformanceSummary {
    /// When it starts.
    pub starts_at: Timestamp,
    /// Its sale.
    pub sale: Sale,
    /// The number of seats of the layout.
    pub seat_count: u32,
    /// The number of seats for sale.
    pub for_sale_count: u32,
    /// What the seats for sale cost, as published.
    #[serde(default)]
    pub price_range: Option<PriceRange>,
    /// Whether buyers see it.
    pub published: bool,
}
