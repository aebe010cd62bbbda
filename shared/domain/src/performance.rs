//! A performance: one show, at one time, in one layout, with one sale.

use crate::{LayoutId, PerformanceId, ShowId, UserId, money::Currency, plain, sale::Sale, show::Grade};
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
    /// Of the prices.
    pub currency: Currency,
    /// Live bookings and holds of one person, together.
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
            max_seats_per_user: self.max_seats_per_user,
            published: self.published_at.is_some(),
        }
    }
}

/// What a list of shows needs to know of a performance.
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
    /// Live bookings and holds of one person, together.
    pub max_seats_per_user: u32,
    /// Whether buyers see it.
    pub published: bool,
}
