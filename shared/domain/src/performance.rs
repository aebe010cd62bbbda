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

/// Everything about a performance that a sale needs, prices included: they are fixed when it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performance {
    /// Which.
    pub performance_id: PerformanceId,
    /// Of which show.
    pub show_id: ShowId,
    /// Whose.
    pub organizer_id: UserId,
    /// When the curtain rises; cancelling is possible until then.
    pub starts_at: Timestamp,
    /// Its seat plan.
    pub layout_id: LayoutId,
    /// All seats of the layout.
    pub seat_count: u32,
    /// Seats that can be bought.
    pub for_sale_count: u32,
    /// Its sale.
    pub sale: Sale,
    /// Prices as published.
    pub grades: Vec<Grade>,
    /// What its seats for sale cost; nothing where all are kept by the house, and in records older than this field.
    #[serde(default)]
    pub price_range: Option<PriceRange>,
    /// Of the prices.
    pub currency: Currency,
    /// Live bookings and holds of one person, together. As published: until then the show's own counts.
    pub max_seats_per_user: u32,
    /// Nothing is seen or sold before.
    pub published_at: Option<Timestamp>,
}

impl Performance {
    /// The price of a grade, if the performance has it.
    #[must_use]
    pub fn price_of(&self, grade: &str) -> Option<u64> {
        self.grades.iter().find(|known| known.grade == grade).map(|known| known.price)
    }

    /// Whether no seat may be taken any more because the curtain is up.
    #[must_use]
    pub fn is_past_entry(&self, now: Timestamp) -> bool {
        now >= self.starts_at && !self.sale.late_entry
    }

    /// The grade of this name, as the performance writes it: how its characters are composed does not matter.
    #[must_use]
    pub fn grade_named(&self, name: &str) -> Option<&str> {
        let composed = plain::composed(name);
        let same = |known: &&Grade| known.grade == name || known.grade == composed;
        self.grades.iter().find(same).map(|known| known.grade.as_str())
    }

    /// What the show's record keeps of it, so that a list of shows is one query.
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

/// What a list of shows needs to know of a performance. Its prices and its limit are the show's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerformanceSummary {
    /// When it starts.
    pub starts_at: Timestamp,
    /// Its sale.
    pub sale: Sale,
    /// All seats of the layout.
    pub seat_count: u32,
    /// Seats that can be bought.
    pub for_sale_count: u32,
    /// What they cost, as published.
    #[serde(default)]
    pub price_range: Option<PriceRange>,
    /// Whether buyers see it.
    pub published: bool,
}
