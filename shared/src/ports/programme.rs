//! What is played: shows, performances and layouts.

use super::StoreError;
use async_trait::async_trait;
use domain::{
    LayoutId, PerformanceId, ShowId, UserId,
    draw::Secret,
    layout::LayoutPlan,
    performance::Performance,
    sale::Sale,
    show::{Show, ShowDetails},
    steering::SaleChange,
};
use jiff::Timestamp;

/// Shows, performances and layouts.
#[async_trait]
pub trait Programme: Send + Sync {
    /// Add a show. Adding the same id again is refused by the store and changes nothing.
    async fn create_show(&self, show: &Show) -> Result<(), StoreError>;
    /// A show with its performances' summaries.
    async fn show(&self, show: ShowId) -> Result<Option<Show>, StoreError>;
    /// An organizer's shows, published or not, newest first, at most `limit`, after the one at `after`; and whether there
    /// are more.
    async fn shows_of(
        &self,
        organizer: UserId,
        limit: usize,
        after: Option<ShowId>,
    ) -> Result<(Vec<Show>, bool), StoreError>;
    /// Replace what is written about a show; its performances stay.
    async fn update_show(&self, show: ShowId, details: &ShowDetails) -> Result<(), StoreError>;
    /// Shows with at least one published performance, at most `limit`, by their first performance.
    async fn published_shows(&self, limit: usize) -> Result<Vec<Show>, StoreError>;
    /// Add a performance and its layout to a show, all or nothing; with the secret behind the commitment of its sale,
    /// where people gather for a draw.
    async fn add_performance(
        &self,
        performance: &Performance,
        layout: &LayoutPlan,
        secret: Option<&Secret>,
    ) -> Result<(), AddPerformanceError>;
    /// A performance, published or not.
    async fn performance(&self, performance: PerformanceId) -> Result<Option<Performance>, StoreError>;
    /// A layout.
    async fn layout(&self, layout: LayoutId) -> Result<Option<LayoutPlan>, StoreError>;
    /// Make a performance public with these final prices (`published_at` is set in the argument). The first call
    /// wins; another changes nothing.
    async fn publish(&self, performance: &Performance) -> Result<(), StoreError>;
    /// Replace a performance's sale, in its own record and in the show's summary, if it still is as it was read in
    /// `performance`; and write down who did it, when, and what was changed. The same sale again writes nothing.
    async fn set_sale(
        &self,
        performance: &Performance,
        sale: &Sale,
        by: UserId,
        now: Timestamp,
    ) -> Result<(), SetSaleError>;
    /// The last changes of a performance's sale, at most `limit`, newest first. They are kept for ever.
    async fn sale_changes(
        &self,
        performance: PerformanceId,
        limit: usize,
    ) -> Result<Vec<SaleChange>, StoreError>;
}

/// Why a sale was not replaced.
#[derive(Debug, thiserror::Error)]
pub enum SetSaleError {
    /// Somebody else changed it since it was read.
    #[error("the sale was changed by somebody else")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a performance was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddPerformanceError {
    /// The show has as many as it may have.
    #[error("the show has too many performances")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
